"""The rule: when a number counts as reproduced, and when none can be given."""

from dataclasses import replace

import numpy as np
import pytest

from vgg_transfer.evaluation import evaluate
from vgg_transfer.reproduction.agreement import compare_with
from vgg_transfer.reproduction.results import published

# 96.0% of 1,000 validation images; one point counts as the same.
PUBLISHED = published("dlwp1-augmented")


def measured(correct, images=1000, positive=0.5):
    """Return the metrics of that many right answers; ``positive`` is the second class's share."""
    labels = (np.arange(images) < positive * images).astype(int)
    right = np.arange(images) % images < correct
    answers = np.where(right, labels, 1 - labels)
    return evaluate(labels, np.eye(2)[answers], ("cats", "dogs"))


@pytest.mark.parametrize(
    ("correct", "verdict"),
    [
        (960, "reproduced"),
        # The interval of the difference of such shares is about ±2 points wide, so the verdict
        # turns where the difference is about the tolerance of 1 point and these 2 together.
        (935, "reproduced"),
        (920, "lower"),
        (900, "lower"),
        (980, "reproduced"),
        (995, "higher"),
    ],
)
def test_what_lies_wholly_beyond_the_tolerance_is_another_number(correct, verdict):
    found = compare_with(PUBLISHED, measured(correct))
    assert found.verdict == verdict
    assert found.difference == pytest.approx(correct / 1000 - 0.96)
    assert found.interval.low < found.difference < found.interval.high
    assert (found.interval.low > 0.01) == (verdict == "higher")
    assert (found.interval.high < -0.01) == (verdict == "lower")


def test_a_wider_tolerance_takes_more_for_the_same():
    assert compare_with(replace(PUBLISHED, tolerance=3.0), measured(920)).verdict == "reproduced"


def test_the_reason_gives_difference_interval_and_tolerance():
    lower = compare_with(PUBLISHED, measured(900))
    low, high = 100 * lower.interval.low, 100 * lower.interval.high
    assert lower.reason == (
        f"the difference of -6.0 points [{low:+.1f}, {high:+.1f}] lies wholly below the ±1 points "
        "that count as the same"
    )
    higher = compare_with(PUBLISHED, measured(999))
    assert "lies wholly above the ±1 points" in higher.reason


def test_few_images_say_how_little_they_can_tell():
    # 29 of 30 against 960 of 1,000: the interval is about 18 points wide, so half of it and the
    # tolerance are about 10.
    found = compare_with(PUBLISHED, measured(29, images=30))
    assert found.verdict == "reproduced"
    assert "cannot be told from the ±1 points that count as the same" in found.reason
    unseen = 1 + 50 * (found.interval.high - found.interval.low)
    assert found.reason.endswith(
        f"with so many images, only a difference of more than about {unseen:.0f} points could"
    )


def test_an_interval_within_the_tolerance_says_so():
    found = compare_with(replace(PUBLISHED, tolerance=5.0), measured(960))
    assert "lies within the ±5 points that count as the same" in found.reason


def test_below_30_images_a_verdict_is_refused():
    found = compare_with(PUBLISHED, measured(28, images=29))
    assert (found.verdict, found.difference, found.interval) == ("refused", None, None)
    assert found.reason == "29 test images are too few for a verdict: give at least 30"


def test_what_cannot_be_told_from_the_larger_class_reproduces_nothing():
    # Three of four images are dogs, and 76% is what always saying "dogs" scores, or nearly.
    found = compare_with(PUBLISHED, measured(760, positive=0.75))
    assert found.verdict == "not reproduced"
    assert found.reason == ('76.0% is not distinguishable from always answering "dogs" (75.0%)')
    assert found.difference == pytest.approx(-0.2)
