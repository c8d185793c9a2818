"""Pictures written as files: the same bytes everywhere, and nothing lost."""

import io

import numpy as np
import pytest
from PIL import Image
from support.findings import seen

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.sources.written import Picture, png, read_pictures, write_pictures


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 5, 1), (6, 4, 3), (300, 200, 3)])
def test_a_png_holds_the_pixels_as_they_are(shape):
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    data = png(pixels)
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == {1: "L", 3: "RGB"}[shape[2]]
        assert np.array_equal(np.asarray(image).reshape(shape), pixels)
    assert pixels[0].tobytes() in data  # not compressed, so no library decides on the bytes


def test_pictures_come_back_with_classes_splits_and_notes(tmp_path):
    pictures = [
        Picture(png(np.full((2, 3, 1), number, np.uint8)), ("a/b", "a:b", "ä")[number % 3], split)
        for number, split in enumerate(["train"] * 6 + ["val"] * 3 + ["test"] * 3)
    ]
    write_pictures(tmp_path, pictures, ["ä", "a:b", "a/b"], ["A note."])
    images = read_pictures(tmp_path, "dataset of a test")
    assert images.class_names == ("ä", "a:b", "a/b")
    assert [record.label for record in images.records] == [2, 1, 0] * 4
    assert [record.split for record in images.records] == [one.split for one in pictures]
    assert [record.path.read_bytes() for record in images.records] == [one.data for one in pictures]
    assert images.root == tmp_path
    assert seen(images) == ("A note.",)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "Expecting property name"),
        ('{"class_names": null, "notes": []}', "the index: 'pictures' is missing"),
        (
            '{"class_names": null, "notes": [], "pictures": [["a\\u0000", "b", null]]}',
            "the index.pictures.1.1: a text without NUL",
        ),
        (
            '{"class_names": null, "notes": [], "pictures": [["a", "b", "learn"]]}',
            'the index.pictures.1.3: one of "train", "val", "test" is expected, received "learn"',
        ),
    ],
)
def test_a_damaged_index_says_what_to_remove(tmp_path, text, fault):
    (tmp_path / "index.json").write_text(text)
    with pytest.raises(ImageSetError) as caught:
        read_pictures(tmp_path, "dataset drawn")
    assert str(caught.value).startswith(
        f'The images in "{tmp_path}", made of the dataset drawn, are damaged: index.json: {fault}'
    )
    assert str(caught.value).endswith(" Remove this folder: it is made anew.")


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('"class_names": ["a"]', '"class_names": ["b"]', '"a" is none of its classes'),
        ("all/a/000000.png", "../a.png", '"../a.png" lies outside of the folder'),
        ("all/a/000000.png", "/a.png", '"/a.png" lies outside of the folder'),
    ],
)
def test_an_index_that_somebody_changed(tmp_path, before, after, fault):
    write_pictures(tmp_path, [Picture(png(np.zeros((2, 2, 3), np.uint8)), "a")], ["a"])
    index = (tmp_path / "index.json").read_text()
    assert before in index
    (tmp_path / "index.json").write_text(index.replace(before, after))
    with pytest.raises(ImageSetError, match=rf"are damaged: index\.json: the index.*1: {fault}\."):
        read_pictures(tmp_path, "dataset of a test")
