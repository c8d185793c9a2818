"""What cannot be seen is not there, and raises nothing."""

from pathlib import Path

import pytest

from vgg_transfer.disk import is_file, is_folder, is_there, names_in


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "gone", "file/below"])
def test_names_that_nothing_can_have(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    place = tmp_path / name
    assert not any(ask(place) for ask in (is_file, is_folder, is_there, names_in))


def test_what_is_there_is_seen(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nothing")
    assert (is_file(tmp_path / "file"), is_folder(tmp_path)) == (True, True)
    assert (is_file(tmp_path / "link"), is_there(tmp_path / "link")) == (False, True)
    assert sorted(names_in(tmp_path)) == ["file", "link"]
