"""What may be given to predict: files, folders, PIL pictures, arrays, and lists of those."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.errors import ImageSetError


@pytest.fixture
def file(tiny_folder):
    return tiny_folder / "red" / "00.png"


def test_one_picture_in_any_form_gives_the_same_answer(tiny_run, file):
    (expected,) = tiny_run.predict([file])
    assert expected.path == file
    with Image.open(file) as opened:
        pixels = np.asarray(opened)
        for picture in (str(file), file, opened, pixels, pixels.astype(np.float32)):
            (found,) = tiny_run.predict(picture)
            assert found.probabilities == expected.probabilities
            assert found.path == (file if isinstance(picture, str | Path) else "image 1")


def test_a_list_may_mix_the_forms_and_keeps_their_order(tiny_run, tiny_folder, file):
    pixels = np.zeros((5, 300, 3), np.uint8)
    found = tiny_run.predict([pixels, tiny_folder / "red", file, Image.fromarray(pixels)])
    assert [found[0].path, found[-1].path, len(found)] == ["image 1", "image 4", 14]
    assert found[1].path == file  # once, where it came first
    assert found[0].probabilities == found[-1].probabilities


def test_a_picture_in_memory_is_treated_like_its_file(tiny_run, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # on its side
    pixels = np.random.default_rng(0).integers(0, 256, (30, 50, 4), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png", exif=exif)
    with Image.open(tmp_path / "a.png") as opened:
        in_memory, on_disk = tiny_run.predict([opened, tmp_path / "a.png"])
    assert in_memory.probabilities == on_disk.probabilities


def test_a_truncated_picture_has_a_reason(tiny_run, file, tmp_path):
    (tmp_path / "half.png").write_bytes(file.read_bytes()[:-200])
    with Image.open(tmp_path / "half.png") as opened:
        (found,) = tiny_run.predict(opened)
    assert found.label is None
    assert "truncated" in found.error


@pytest.mark.parametrize(
    ("picture", "fault"),
    [
        (np.zeros((4, 4)), "is an array of shape (4, 4), not (height, width, 3)"),
        (
            np.zeros((2, 4, 4, 3)),
            "is an array of shape (2, 4, 4, 3), not (height, width, 3); give several pictures as a "
            "list",
        ),
        (np.zeros((0, 4, 3)), "is an array of shape (0, 4, 3), not (height, width, 3)"),
        (
            np.zeros((4, 4, 3), bool),
            "is an array of bool: give uint8, or floats from 0 to 255",
        ),
        (np.full((4, 4, 3), 256), "has values from 256 to 256: bring them to 0 to 255"),
        (np.full((4, 4, 3), np.nan), "has values from nan to nan: bring them to 0 to 255"),
        (np.full((4, 4, 3), 0.5), "has values from 0.5 to 0.5: pass pixels * 255"),
        (
            7,
            "is of the type int: give a path, a PIL picture, the bytes of a file, or an array of "
            "pixels (height, width, 3)",
        ),
    ],
)
def test_what_is_not_a_picture_is_refused(tiny_run, picture, fault):
    with pytest.raises(ImageSetError) as caught:
        tiny_run.predict(picture)
    assert str(caught.value) == f"image 1 {fault}"


def test_every_fault_is_named_at_once(tiny_run, tmp_path):
    with pytest.raises(ImageSetError) as caught:
        tiny_run.predict([tmp_path / "no.png", None, np.zeros(3)])
    assert str(caught.value).splitlines() == [
        f'there is no file or folder "{tmp_path / "no.png"}".',
        "image 2 is of the type NoneType: give a path, a PIL picture, the bytes of a file, or an "
        "array of pixels (height, width, 3)",
        "image 3 is an array of shape (3,), not (height, width, 3)",
    ]


def test_an_empty_list_is_an_error(tiny_run):
    with pytest.raises(ImageSetError, match="there are no files in an empty list: give image"):
        tiny_run.predict([])


def test_the_bytes_of_a_file_are_the_picture_in_it(tiny_run, tiny_folder):
    file = next((tiny_folder / "red").iterdir())
    (of_bytes,), (of_file,) = tiny_run.predict(file.read_bytes()), tiny_run.predict(file)
    assert of_bytes.probabilities == of_file.probabilities
    (no_picture,) = tiny_run.predict([b"no picture"])
    assert (no_picture.path, no_picture.error) == ("image 1", "not an image")
