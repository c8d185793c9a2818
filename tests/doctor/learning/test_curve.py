"""A learning curve of features that are drawn: what they can tell is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vgg_transfer.doctor.learning import measure_curve
from vgg_transfer.images.image_set import ImageRecord


def drawn(train=120, val=60, width=40, apart=1.0, classes=2, seed=0):
    """Return records and features: each class lies ``apart`` from others along its own axis."""
    rng = np.random.default_rng(seed)
    records, rows = [], []
    for split, count in (("train", train), ("val", val), ("test", 20)):
        for number in range(count):
            label = number % classes
            path = Path(f"/{split}/{number}.png")
            records.append(ImageRecord(path, label, split, f"{split}{number}", 32, 32))
            row = rng.normal(size=width)
            row[label] += apart
            rows.append(row)
    return records, np.array(rows)


@pytest.fixture(scope="module")
def curve():
    return measure_curve(*drawn(train=160, val=400, apart=1.5))


def test_a_quarter_a_half_and_all_are_measured_on_the_validation_images(curve):
    assert [one.images for one in curve.points] == [40, 80, 160]
    assert [one.right.shape for one in curve.points] == [(4, 400), (4, 400), (1, 400)]
    assert curve.held_out == 400
    assert (curve.doubled.images, curve.fourfold.images) == (320, 640)


def test_accuracy_rises_where_many_features_say_nothing(curve):
    quarter, _, whole = curve.points
    assert quarter.accuracy + 0.02 < whole.accuracy == curve.reached
    assert curve.doubled.gain > 0


def test_classes_that_lie_far_apart_need_no_more_images():
    curve = measure_curve(*drawn(width=2, apart=20.0))
    assert curve.reached == 1.0
    assert curve.doubled.gain == 0
    assert curve.doubled.gain_interval.low == 0


def test_test_images_play_no_part():
    records, features = drawn()
    other = features.copy()
    other[[one.split == "test" for one in records]] = np.nan
    first, second = measure_curve(records, features), measure_curve(records, other)
    assert first.doubled == second.doubled


def test_every_part_has_every_class():
    curve = measure_curve(*drawn(train=90, val=60, apart=3.0, classes=3))
    assert [one.images for one in curve.points] == [22, 45, 90]


def test_too_few_images_give_no_curve():
    assert measure_curve(*drawn(val=29)) is None
    assert measure_curve(*drawn(train=14)) is None
    records, features = drawn()
    one_class = [replace(one, label=0) for one in records]
    assert measure_curve(one_class, features) is None
