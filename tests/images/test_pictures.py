"""What may be given to predict: files, folders, PIL pictures, arrays, and lists of those."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.pictures import each_given, given


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


def test_addresses_and_patterns_that_match_nothing_are_refused_with_all_others(tmp_path):
    (tmp_path / "a.png").touch()
    wrong = ["https://example.org/a.jpg", Path("s3://bucket/a.jpg"), tmp_path / "*.jpg", "no/*.png"]
    with pytest.raises(ImageSetError) as caught:
        given([*wrong, tmp_path / "a.png"])
    advice = "and nothing is fetched from elsewhere: download the picture first, and give the file"
    assert str(caught.value).splitlines() == [
        f'"https://example.org/a.jpg" is an address, {advice}',
        f'"s3:/bucket/a.jpg" is an address, {advice}',
        f'no file matches "{tmp_path / "*.jpg"}"',
        'no file matches "no/*.png": there is no "no"',
    ]


def test_each_file_comes_once_whatever_means_it(tmp_path):
    for name in ("a.png", "in/b.png", "in/c.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    means = [tmp_path / "in/c.jpg", tmp_path / "**/*.png", tmp_path / "a.png", tmp_path]
    found = [one.path.name for one in given(means)]
    assert found == ["c.jpg", "a.png", "b.png"]


def test_their_number_is_known_of_single_files_alone(tmp_path):
    (tmp_path / "a.png").touch()
    assert isinstance(each_given([tmp_path / "a.png", b"bytes"]), list)
    assert not isinstance(each_given([tmp_path]), list)
    assert [one.path for one in each_given(str(tmp_path))] == [tmp_path / "a.png"]
