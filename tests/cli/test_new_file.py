"""A file that a verb writes appears whole, over no other one, or not at all."""

import pytest

from vgg_transfer.cli.new_file import check_new, write_new
from vgg_transfer.errors import RunError

ENDINGS = (".txt",)


def test_the_file_appears_when_it_is_whole(tmp_path):
    out = tmp_path / "a.txt"

    def write(file):
        file.write_text("whole")
        assert not out.exists()
        assert file.parent == tmp_path

    write_new(out, ENDINGS, write)
    assert out.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [out]


def test_what_breaks_leaves_nothing(tmp_path):
    def broken(file):
        file.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(RunError) as caught:
        write_new(tmp_path / "a.txt", ENDINGS, broken)
    assert str(caught.value) == f'cannot write "{tmp_path}/a.txt": No space left on device'
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_came_meanwhile_stays(tmp_path):
    out = tmp_path / "a.txt"

    def slow(file):
        file.write_text("mine")
        out.write_text("another's")

    with pytest.raises(RunError, match="exists already, and nothing is overwritten"):
        write_new(out, ENDINGS, slow)
    assert out.read_text() == "another's"
    assert list(tmp_path.iterdir()) == [out]


def test_a_dead_link_is_something_too(tmp_path):
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone")
    with pytest.raises(RunError, match="exists already"):
        check_new(tmp_path / "a.txt", ENDINGS)


def test_a_name_is_shown_on_one_line(tmp_path):
    with pytest.raises(RunError) as caught:
        check_new(tmp_path / "two\nlines.doc", ENDINGS)
    assert str(caught.value) == (
        f'cannot write "{tmp_path}/two\\nlines.doc": the ending says what is written, and known '
        "endings are .txt"
    )
