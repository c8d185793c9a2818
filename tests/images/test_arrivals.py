"""Files that arrive in a folder: each when it is whole, and again when it is another one."""

import os
import shutil

import pytest

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.arrivals import Arrivals


def test_a_file_comes_when_it_stayed_as_it_was_for_two_looks(tmp_path):
    arrivals = Arrivals(tmp_path, None)
    file = tmp_path / "in" / "a.jpg"
    file.parent.mkdir()
    file.write_bytes(b"half")
    assert arrivals.look() == []
    file.write_bytes(b"half and more")  # it grew meanwhile
    assert arrivals.look() == []
    assert arrivals.look() == [file]
    assert arrivals.look() == []


def test_a_file_that_was_replaced_comes_again(tmp_path):
    arrivals, file = Arrivals(tmp_path, None), tmp_path / "a.jpg"
    file.write_bytes(b"one")
    assert (arrivals.look(), arrivals.look()) == ([], [file])
    file.write_bytes(b"two")  # of the same size
    os.utime(file, ns=(1, 1))
    assert (arrivals.look(), arrivals.look()) == ([], [file])
    file.unlink()
    assert arrivals.look() == []
    file.write_bytes(b"two")
    os.utime(file, ns=(1, 1))
    assert (arrivals.look(), arrivals.look(), arrivals.look()) == ([], [file], [])


def test_the_table_hidden_files_and_what_was_told_before_do_not_come(tmp_path):
    for name in ("a.jpg", "b.jpg", ".c.jpg", "found.csv"):
        (tmp_path / name).write_text("x")
    arrivals = Arrivals(tmp_path, tmp_path / "found.csv", [str(tmp_path / "a.jpg")])
    assert (arrivals.look(), arrivals.look()) == ([], [tmp_path / "b.jpg"])
    (tmp_path / "a.jpg").write_text("another one")
    assert (arrivals.look(), arrivals.look()) == ([], [tmp_path / "a.jpg"])


def test_a_folder_that_is_gone_is_an_error(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    arrivals = Arrivals(folder, None)
    assert arrivals.look() == []
    shutil.rmtree(folder)
    with pytest.raises(ImageSetError) as caught:
        arrivals.look()
    assert str(caught.value) == f'there is no folder "{folder}" to watch'
