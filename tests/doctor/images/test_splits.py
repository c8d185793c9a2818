"""Splits of one kind are not told apart; those of two kinds are, and bursts are seen."""

from dataclasses import replace

import numpy as np
import pytest
from support.examined import CLASSES, changed, examined, measured

from vgg_transfer.doctor.images.splits import find_bursts, find_different_splits


@pytest.mark.parametrize("seed", range(5))
def test_splits_of_one_kind_are_not_told_apart(seed):
    whole = examined(seed)
    assert list(find_different_splits(whole.image_set.records, whole.features)) == []


def test_more_of_a_class_in_a_split_is_no_other_kind():
    records, features = examined().image_set.records, examined().features
    kept = [n for n, one in enumerate(records) if one.split != "test" or one.label or n % 4 == 0]
    assert list(find_different_splits([records[n] for n in kept], features[kept])) == []


def test_a_val_of_another_kind_is_named_with_an_interval():
    whole = examined()
    features = whole.features.copy()
    features[[one.split == "val" for one in whole.image_set.records], 5] += 4
    (finding,) = find_different_splits(whole.image_set.records, features)
    assert finding.seen.startswith("pictures of val are told from those of train 9")
    assert finding.seen.endswith("] of the time, where guessing gives 50.0%")


def test_copies_of_one_picture_are_no_split_to_ask_about():
    whole = examined()
    for place, one in enumerate(whole.image_set.records):
        if one.split == "test":
            whole = changed(whole, place, digest="the same")
    features = whole.features + np.array([[one.split == "test"] for one in whole.image_set.records])
    assert list(find_different_splits(whole.image_set.records, features)) == []


def at_once(number, camera, minute):
    def change(one, facts):
        is_meant = one.label == 0 and one.path.stem == number
        header = replace(facts.header, camera=camera, taken=f"{minute}:{one.split[-1] == 't':02}")
        return {"header": header} if is_meant else {}

    return change


def test_one_camera_and_minute_in_two_splits_is_a_burst():
    whole = measured(examined(), at_once("07", "Maker Two", "2023:05:17 14:03"))
    (finding,) = find_bursts(whole.image_set.records, CLASSES, whole.facts)
    assert finding.seen == (
        "2 pictures of val and test and some of train are of the same camera and minute "
        '("val/cats/07.jpg", "test/cats/07.jpg")'
    )


def test_one_minute_without_a_camera_is_chance():
    whole = measured(examined(), at_once("07", "", "2023:05:17 14:03"))
    assert list(find_bursts(whole.image_set.records, CLASSES, whole.facts)) == []
