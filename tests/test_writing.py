"""What is written appears whole or not at all, and nothing is left beside it."""

import os
import subprocess
import sys
import tempfile
import time

import pytest

from vgg_transfer.sweeping import temporary_folder
from vgg_transfer.writing import free_beside, safe_name, sweep_partial, whole_file, whole_folder


def test_a_file_is_not_there_before_it_is_whole(tmp_path):
    place = tmp_path / "table.csv"
    with whole_file(place) as partial:
        partial.write_text("one")
        assert not place.exists()
    assert place.read_text() == "one"
    assert list(tmp_path.iterdir()) == [place]


def write_half(place, end):
    with whole_file(place) as partial:
        partial.write_text("hal")
        raise end


@pytest.mark.parametrize("end", [ValueError, KeyboardInterrupt])
def test_a_file_that_was_there_stays_as_it_was_when_writing_fails(tmp_path, end):
    place = tmp_path / "table.csv"
    place.write_text("before")
    with pytest.raises(end):
        write_half(place, end)
    assert place.read_text() == "before"
    assert list(tmp_path.iterdir()) == [place]


def test_a_file_takes_the_place_of_the_one_before(tmp_path):
    place = tmp_path / "table.csv"
    place.write_text("before")
    with whole_file(place) as partial:
        partial.write_text("after")
    assert place.read_text() == "after"


def test_the_longest_names_have_room_for_what_is_added(tmp_path):
    place = tmp_path / ("n" * 251 + ".csv")
    with whole_file(place) as partial:
        partial.write_text("one")
    assert place.read_text() == "one"


@pytest.mark.parametrize("before", ["absent", "empty"])
def test_a_folder_appears_whole_with_the_folders_above_it(tmp_path, before):
    folder = tmp_path / "runs" / "a"
    if before == "empty":
        folder.mkdir(parents=True)
    with whole_folder(folder) as partial:
        (partial / "inside").write_text("one")
        assert not (folder / "inside").exists()
    assert (folder / "inside").read_text() == "one"
    assert list(folder.parent.iterdir()) == [folder]


def write_while_another_does(folder):
    with whole_folder(folder) as partial:
        (partial / "inside").write_text("one")
        (folder / "theirs").write_text("kept")


def test_a_folder_with_something_in_it_is_not_replaced(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    with pytest.raises(OSError, match="not empty"):
        write_while_another_does(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert [path.name for path in folder.iterdir()] == ["theirs"]


def write_until_ctrl_c(folder):
    with whole_folder(folder) as partial:
        (partial / "inside").write_text("one")
        raise KeyboardInterrupt


def test_what_is_there_is_gone_around(tmp_path):
    place = tmp_path / "run"
    assert free_beside(place) == place
    place.mkdir()
    assert free_beside(place) == place  # an empty folder takes nothing
    (place / "one").touch()
    assert free_beside(place) == tmp_path / "run-2"
    (tmp_path / "run-2").touch()
    (tmp_path / "run-3").symlink_to("nowhere")
    assert free_beside(place) == tmp_path / "run-4"


def test_no_folder_is_left_when_writing_fails(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        write_until_ctrl_c(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from vgg_transfer.writing import whole_file, whole_folder
place = Path(sys.argv[1])
with whole_folder(place / "run") as partial, whole_file(place / "a") as file:
    (partial / "model.keras").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def aged(folder):
    """Make all in a folder look two minutes old."""
    for path in folder.iterdir():
        os.utime(path, (time.time() - 120,) * 2)


def test_what_a_killed_program_left_goes_with_the_next(tmp_path):
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    (tmp_path / ".mine.partial").write_text("not ours by its name")
    aged(tmp_path)
    assert len(list(tmp_path.iterdir())) == 3
    with whole_folder(tmp_path / "next") as partial:
        (partial / "inside").write_text("one")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".mine.partial", "next"]


def test_where_nobody_else_writes_it_goes_however_young(tmp_path):
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    with whole_file(tmp_path / "mine") as partial:
        partial.write_text("1")
        sweep_partial(tmp_path)
        assert list(tmp_path.iterdir()) == [partial]


def test_what_is_being_written_is_left_alone_however_old(tmp_path):
    with whole_folder(tmp_path / "first") as folder, whole_file(tmp_path / "second") as file:
        aged(tmp_path)
        with whole_file(tmp_path / "third") as partial:
            partial.write_text("3")
        (folder / "inside").write_text("1")
        file.write_text("2")
    assert (tmp_path / "first" / "inside").read_text() == "1"
    assert (tmp_path / "second").read_text() == "2"


def test_what_was_made_a_moment_ago_is_left_alone(tmp_path):
    left = tmp_path / ".run.0123abcd.partial"
    left.mkdir()
    with whole_file(tmp_path / "a") as partial:
        partial.write_text("1")
    assert left.is_dir()


def test_a_link_with_such_a_name_is_not_followed(tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("here before")
    link = tmp_path / ".run.0123abcd.partial"
    link.symlink_to(tmp_path / "precious")
    os.utime(link, (time.time() - 120,) * 2, follow_symlinks=False)
    with whole_file(tmp_path / "a") as partial:
        partial.write_text("1")
    assert (tmp_path / "precious" / "file").read_text() == "here before"


def test_temporary_folders_of_dead_programs_go(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "vgg-transfer-abc12345.temporary" / "deep").mkdir(parents=True)
    (tmp_path / "vgg-transfer-projects").mkdir()  # as long as what the system adds to a name
    with temporary_folder() as living:
        aged(tmp_path)
        with temporary_folder():
            assert living.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["vgg-transfer-projects"]


def test_files_have_the_rights_that_the_user_has_chosen(tmp_path):
    before = os.umask(0o027)
    try:
        with whole_file(tmp_path / "a") as partial:
            partial.write_text("1")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("exact-first", "exact-first"),
        ("Größer 2 (mine)", "Größer 2 (mine)"),
        ("a/b\\c", "a-b-c"),
        ("../../etc", "--..-etc"),
        ("..", "-"),
        (" ", "-"),
        ("", "-"),
        ("nul\0 and\nline", "nul- and-line"),
        ("x" * 300, "x" * 100),
        ("ä" * 300, "ä" * 50),
        ('<a>:"b"|?*', "-a---b----"),
    ],
)
def test_a_name_that_anybody_gave_becomes_that_of_one_file(name, file, tmp_path):
    assert safe_name(name) == file
    (tmp_path / f"{file}-20260101-120000").mkdir()
    assert len(list(tmp_path.iterdir())) == 1
