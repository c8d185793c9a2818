"""Files that were left out or have another name than format; folders inside class folders."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.examined import CLASSES, ROOT, changed, examined, measured

from vgg_transfer.doctor.images.files import find_misnamed, find_nested, find_unreadable
from vgg_transfer.images.image_set import Skipped


def test_reasons_are_counted_without_their_details():
    skipped = [
        Skipped(Path("a.jpg"), "truncated JPEG: the file ends before the picture does"),
        Skipped(Path("b.jpg"), "truncated JPEG: the file ends before the picture does"),
        Skipped(Path("c.jpg"), "not an image (line 3 of pets.csv)"),
    ]
    (finding,) = find_unreadable(skipped)
    assert finding.seen == (
        '3 files could not be used (2 truncated JPEG, 1 not an image): "a.jpg", "b.jpg", "c.jpg"'
    )
    assert list(find_unreadable([])) == []


@pytest.mark.parametrize(
    ("ending", "is_wrong"),
    [(".jpeg", False), (".JPG", False), (".jfif", False), (".png", True), (".image", False)],
)
def test_a_jpeg_by_another_name(ending, is_wrong):
    whole = changed(examined(), 0, path=ROOT / "train" / "cats" / f"a{ending}")
    found = list(find_misnamed(whole.image_set.records, CLASSES, whole.facts))
    assert bool(found) is is_wrong


def test_a_file_whose_header_says_nothing_is_not_called_misnamed():
    whole = measured(examined(), lambda _, facts: {"header": replace(facts.header, format="")})
    assert list(find_misnamed(whole.image_set.records, CLASSES, whole.facts)) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("cats/1.jpg", None),
        ("train/cats/1.jpg", None),
        ("cats/monday/1.jpg", "nested-folders"),
        ("train/cats/monday/late/1.jpg", "nested-folders"),
        ("train/cats/dogs/1.jpg", "class-in-class"),
        ("elsewhere/1.jpg", None),  # a table says the class
    ],
)
def test_folders_below_the_folder_of_a_class(path, code):
    whole = changed(examined(), 0, path=ROOT / path)
    assert [one.code for one in find_nested(whole.image_set)] == ([code] if code else [])


def test_a_class_may_be_called_like_a_split():
    images = replace(examined().image_set, class_names=("train", "bus"))
    record = replace(images.records[0], path=ROOT / "train" / "train" / "1.jpg")
    assert list(find_nested(replace(images, records=(record,)))) == []


def test_without_a_root_nothing_is_known_of_folders():
    images = replace(examined().image_set, root=None)
    assert list(find_nested(images)) == []
