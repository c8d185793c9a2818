"""Standard input holds a list of files, or the bytes of one picture: told by how it begins."""

import io
from pathlib import Path

import pytest

from vgg_transfer.cli.standard_input import pictures_on
from vgg_transfer.errors import ImageSetError


def paths_in(content):
    return [one.path for one in pictures_on(io.BytesIO(content))]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a.png", ["a.png"]),
        (b"a.png\r\n\nphotos of mine/b.png\n", ["a.png", "photos of mine/b.png"]),
        (b"a\nb.png\0c.png\0", ["a\nb.png", "c.png"]),
        (b"caf\xe9.png\n", ["caf\udce9.png"]),
        (b"\n", []),
    ],
)
def test_lists(content, expected):
    assert paths_in(content) == [Path(name) for name in expected]


def test_a_long_list_comes_piece_by_piece():
    names = [f"{number:06}.png" for number in range(20_000)]
    assert paths_in("\n".join(names).encode()) == [Path(name) for name in names]


def test_folders_in_a_list_are_looked_into(tiny_folder):
    found = paths_in(f"{tiny_folder}\nb.png".encode())
    assert (len(found), found[-1]) == (25, Path("b.png"))


def test_the_bytes_of_a_picture_are_that_picture(tiny_folder):
    content = (tiny_folder / "red" / "00.png").read_bytes()
    (one,) = pictures_on(io.BytesIO(content))
    assert (one.path, one.in_memory) == ("standard input", content)
    (drawing,) = pictures_on(io.BytesIO(b"<svg/>"))  # it is told of that it cannot be read
    assert drawing.in_memory == b"<svg/>"


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"", "standard input is empty: give a list"), (b"x" * 200_000, "of more than 65,536 bytes")],
)
def test_what_is_neither_is_refused(content, fault):
    with pytest.raises(ImageSetError, match=fault):
        paths_in(content)
