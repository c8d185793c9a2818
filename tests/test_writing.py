"""What is written appears whole or not at all, and nothing is left beside it."""

import pytest

from vgg_transfer.writing import free_beside, whole_file, whole_folder


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
