"""Which files a path means: one, a folder of them, or all that match a pattern."""

import os
from pathlib import Path

import pytest

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.walking import choice_of

NAMES = ("a.jpg", "b.png", "cats/1.jpg", "cats/old/2.jpg", "cats/old/3.png", "dogs/1.jpg")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with files in it, a hidden one, and a link that leads back to where it lies."""
    for name in (*NAMES, ".hidden.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "cats" / "back").symlink_to(tmp_path / "cats")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.jpg", ["a.jpg"]),
        ("*", list(NAMES)),  # of a folder that matches, all is meant
        ("**/*.jpg", [name for name in NAMES if name.endswith(".jpg")]),
        ("**", list(NAMES)),
        ("cats/**/*.jpg", ["cats/1.jpg", "cats/old/2.jpg"]),
        ("cats/**/old/**/[23].*", ["cats/old/2.jpg", "cats/old/3.png"]),
        ("*/1.jp?", ["cats/1.jpg", "dogs/1.jpg"]),
        ("*/old/*.png", ["cats/old/3.png"]),
        ("c*s", ["cats/1.jpg", "cats/old/2.jpg", "cats/old/3.png"]),
        (".hidden*", []),
        ("*.gif", []),
    ],
)
def test_what_matches_a_pattern(place, pattern, expected):
    for top in (Path(), place):
        found = list(choice_of(top / pattern).files())
        assert found == [top / name for name in expected]
        # A file that is yielded is in the choice, and no other one is.
        every = [path for path in top.rglob("*") if path.is_file()]
        assert {path for path in every if path in choice_of(top / pattern)} == set(found)


def test_a_folder_is_walked_by_name_and_not_in_circles(place):
    assert list(choice_of(place).files()) == [place / name for name in NAMES]
    assert place / "cats" / "1.jpg" in choice_of(place)
    assert place / "cats" / "back" / "1.jpg" not in choice_of(place)
    assert place / ".hidden.jpg" not in choice_of(place)
    assert place not in choice_of(place / "cats")


def test_a_file_with_a_star_in_its_name_is_that_file(place):
    (place / "*.jpg").touch()
    assert list(choice_of(place / "*.jpg").files()) == [place / "*.jpg"]


def test_folders_are_entered_as_they_are_reached(place, monkeypatch):
    entered = []
    scan = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: entered.append(Path(path).name) or scan(path))
    found = choice_of(place).files()
    assert (next(found).name, next(found).name, entered) == ("a.jpg", "b.png", [place.name])
    assert (next(found).parent.name, entered[1:]) == ("cats", ["cats"])
    # What cannot lead to a match is not entered.
    entered.clear()
    list(choice_of(place / "d*" / "*.jpg").files())
    assert entered == [place.name, "dogs"]


def test_a_folder_that_cannot_be_read_is_named(place, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(ImageSetError) as caught:
        list(choice_of(place).files())
    assert str(caught.value) == f'the folder "{place}" cannot be read: Permission denied'
