"""Pictures that show little are named once each, and only they."""

import numpy as np
from support.examined import CLASSES, changed, examined, measured

from vgg_transfer.doctor.images.quality import find_poor_pictures, find_small_pictures


def poor(whole):
    return list(find_poor_pictures(whole.image_set.records, CLASSES, whole.facts))


def test_a_black_page_is_blank_and_neither_dark_nor_blurred():
    whole = measured(
        examined(),
        lambda one, facts: (
            {"small": np.zeros_like(facts.small), "sharpness": 0.0} if "03" in one.path.stem else {}
        ),
    )
    (finding,) = poor(whole)
    assert finding.code == "blank-pictures"
    assert finding.seen.startswith('6 pictures are of one colour ("train/cats/03.jpg", ')


def test_where_all_are_soft_none_is_blurred():
    whole = measured(examined(), lambda _, facts: {"sharpness": facts.sharpness / 300})
    assert max(facts.sharpness for facts in whole.facts) < 5
    assert poor(whole) == []


def test_no_pictures_are_no_poor_ones():
    assert list(find_poor_pictures([], CLASSES, [])) == []


def test_small_pictures_are_told_with_their_sides():
    whole = changed(examined(), 3, width=300, height=90)
    (finding,) = find_small_pictures(whole.image_set.records, CLASSES, 224)
    assert finding.seen == (
        "1 picture is less than 112 pixels wide or high, and read at 224 "
        '(90 to 90: "train/cats/03.jpg")'
    )


def test_where_all_are_small_a_smaller_size_is_the_remedy():
    whole = examined()
    for place in range(len(whole.image_set.records)):
        whole = changed(whole, place, width=64, height=64)
    (finding,) = find_small_pictures(whole.image_set.records, CLASSES, 224)
    assert finding.remedy == "a smaller size costs less and loses little: --size 64"
    assert list(find_small_pictures(whole.image_set.records, CLASSES, 128)) == []
