"""Looks: what one may spend, what counts as equal, and what more seeds cannot decide."""

import pytest

from vgg_transfer.evaluation import LOOKS, Interval, Look, one_of_several
from vgg_transfer.evaluation.crossed import CrossedMean
from vgg_transfer.evaluation.looks import out_of_reach, shown_equal


def mean_of(mean, from_seeds, from_images, seeds=3):
    return CrossedMean(mean, seeds, 500, from_seeds, from_images, from_noise=0.0)


def test_all_looks_together_spend_what_the_only_one_may():
    assert len(LOOKS) * one_of_several().false_positives == pytest.approx(Look().false_positives)
    assert one_of_several().level == 0.9875
    # Fewer looks spend no more each: seeds may be added later.
    assert one_of_several(most_seeds=5).false_positives == one_of_several().false_positives


def test_equal_is_what_lies_within_the_margin_on_both_sides():
    assert shown_equal(Interval(-0.01, 0.004), 0.01)
    assert not shown_equal(Interval(-0.011, 0.004), 0.01)
    assert not shown_equal(Interval(-0.004, 0.011), 0.01)
    assert not shown_equal(Interval(-0.004, 0.004), None)


def test_what_seeds_cause_becomes_less_with_more_of_them():
    more = CrossedMean(0.02, 3, 500, 4e-4, 1e-4, 2e-4).with_seeds(12)
    assert (more.mean, more.seeds, more.images) == (0.02, 12, 500)
    assert more.from_seeds == pytest.approx(1e-4)
    assert more.from_noise == pytest.approx(0.5e-4)
    assert more.from_images == 1e-4


def test_what_the_images_leave_open_is_out_of_reach_of_more_seeds():
    """With a standard error of one point by images alone no half a point is ever found."""
    assert out_of_reach(mean_of(0.005, 1e-8, 1e-4), one_of_several())
    assert not out_of_reach(mean_of(0.05, 1e-8, 1e-4), one_of_several())
    assert not out_of_reach(mean_of(0.005, 1e-3, 1e-4), one_of_several())  # it may move


def test_what_may_be_shown_equal_is_within_reach():
    assert not out_of_reach(mean_of(0.0, 1e-8, 1e-4), one_of_several(0.03))
    assert out_of_reach(mean_of(0.0, 1e-8, 1e-4), one_of_several(0.01))


def test_nothing_is_given_up_without_more_seeds_to_come_or_with_too_few():
    assert not out_of_reach(mean_of(0.005, 1e-8, 1e-4), Look())
    assert not out_of_reach(mean_of(0.005, 1e-8, 1e-4, seeds=12), one_of_several())
    assert not out_of_reach(mean_of(0.005, 1e-8, 1e-4, seeds=2), one_of_several())
