"""What would be left out or relabelled, and a sheet of it to look at."""

from dataclasses import replace

import numpy as np
from PIL import Image
from support.examined import changed, examined

from vgg_transfer.doctor.images.sheet import draw_contact_sheet
from vgg_transfer.doctor.images.suspects import Suspect, fixes_of, suspects
from vgg_transfer.images.fix_file import Fix


def with_copy(first, second):
    whole = examined()
    return changed(whole, second, digest=whole.image_set.records[first].digest)


def named(whole):
    return [(one.record.path.as_posix(), one.code, one.why) for one in suspects(whole)]


def test_nothing_is_suspected_where_nothing_is_wrong():
    assert named(examined()) == []


def test_of_copies_in_one_split_the_later_one_would_go():
    path, code = "/pets/train/cats/04.jpg", "copies"
    assert named(with_copy(3, 4)) == [(path, code, "the same as 03.jpg")]


def test_of_a_leak_the_one_in_train_would_go():
    path, code = "/pets/train/cats/03.jpg", "copies-across-splits"
    assert named(with_copy(3, 220)) == [(path, code, "is also in test")]


def test_of_two_labels_both_would_go():
    assert named(with_copy(3, 93)) == [
        ("/pets/train/cats/03.jpg", "copies-with-two-labels", "is also in dogs"),
        ("/pets/train/dogs/03.jpg", "copies-with-two-labels", "is also in cats"),
    ]


def test_a_doubted_label_comes_with_the_class_proposed():
    whole = examined()
    features = whole.features.copy()
    features[3, 0] = 8.5
    (one,) = suspects(replace(whole, features=features))
    assert (one.record, one.code, one.label) == (
        whole.image_set.records[3],
        "doubted-labels",
        "dogs",
    )
    assert one.why.endswith("% cats")


def test_a_blank_picture_would_go():
    whole = examined()
    facts = list(whole.facts)
    facts[3] = replace(facts[3], small=np.full_like(facts[3].small, 7))
    assert [name[1:] for name in named(replace(whole, facts=facts))] == [
        ("blank-pictures", "is of one colour")
    ]


def test_a_sheet_has_a_place_for_every_picture_and_for_what_cannot_be_read(tmp_path):
    Image.new("RGB", (30, 60), (250, 0, 0)).save(tmp_path / "red.png")
    words = ("1: cats, rather dogs", "a very long name of a file " * 9)
    pictures = [(tmp_path / "red.png", words)] * 7 + [(tmp_path / "gone.png", words)]
    path = draw_contact_sheet(pictures, tmp_path / "sheet.png")
    with Image.open(path) as sheet:
        colours = {colour: number for number, colour in sheet.getcolors(sheet.width * sheet.height)}
    assert colours[250, 0, 0] == 7 * 84 * 168  # enlarged, in its own shape
    assert colours[225, 225, 225] >= 168 * 168
    assert len(list(tmp_path.iterdir())) == 2


def test_a_sheet_of_nothing_is_empty_paper(tmp_path):
    with Image.open(draw_contact_sheet([], tmp_path / "sheet.png")) as sheet:
        assert sheet.getextrema() == ((255, 255),) * 3


def test_a_picture_is_fixed_once_leaving_out_wins_and_labels_have_to_be_sure():
    whole = examined()
    record, other, third = (whole.image_set.records[place] for place in (3, 9, 12))
    named_twice = (
        Suspect(record, "doubted-labels", "98% dogs, 1% cats", "dogs"),
        Suspect(record, "copies", "the same as 02.jpg"),
        Suspect(record, "blank-pictures", "is of one colour"),
        Suspect(other, "doubted-labels", "97% dogs, 2% cats", "dogs", 0.97),
        Suspect(third, "doubted-labels", "61% dogs, 9% cats", "dogs", 0.61),
    )
    assert fixes_of(whole.image_set, named_twice) == (
        Fix("train/cats/03.jpg", record.digest, "leave out", "", "the same as 02.jpg"),
        Fix("train/cats/09.jpg", other.digest, "relabel", "dogs", "97% dogs, 2% cats"),
    )


def test_of_copies_in_val_and_test_the_one_in_val_would_go():
    path, code = "/pets/val/cats/00.jpg", "copies-across-splits"
    assert named(with_copy(180, 220)) == [(path, code, "is also in test")]
