"""Do verdicts hold although they are looked at again and again? Simulated, with a known truth.

How the answers are drawn is told in ``support.simulated``. Every comparison is taken through all
that may happen: it ends where the two are told apart, shown equal, or out of reach of more seeds.
"""

from functools import cache

import numpy as np
import pytest
from support.simulated import FAR, MODERATE, NEAR, NOTABLE, comparisons_of

from vgg_transfer.evaluation import LOOKS, one_of_several
from vgg_transfer.evaluation.crossed import analyse, difference_interval
from vgg_transfer.evaluation.looks import out_of_reach, shown_equal

COMPARISONS = 600


@cache
def looked_at(accuracies, images, spreads, points, margin=None):
    """Return for each comparison (how it ended, after how many seeds, the last interval)."""
    look = one_of_several(margin)
    ended = []
    answers = comparisons_of(accuracies, LOOKS[-1], images, spreads, points, COMPARISONS)
    for first, second in zip(*answers, strict=True):
        differences = first.astype(np.int8) - second
        for seeds in LOOKS:
            found = analyse(differences[:seeds])
            interval = difference_interval(found, look.level)
            how = "open"
            if interval.low > 0 or interval.high < 0:
                how = "apart"
            elif shown_equal(interval, margin):
                how = "equal"
            elif out_of_reach(found, look):
                how = "out of reach"
            if how != "open" or seeds == LOOKS[-1]:
                ended.append((how, seeds, interval))
                break
    return ended


def share(ended, kind):
    return np.mean([how == kind for how, _, _ in ended])


def rounds(ended):
    return np.mean([seeds for _, seeds, _ in ended])


SETTINGS = [
    (200, NEAR, 0.003),
    (100, FAR, MODERATE),
    (200, FAR, MODERATE),
    (200, NEAR, NOTABLE),
    (500, NEAR, 0.015),
    (1000, FAR, 0.015),
]


@pytest.mark.parametrize(("images", "spreads", "points"), SETTINGS)
def test_equal_recipes_are_told_apart_in_5_of_100_comparisons_at_most(images, spreads, points):
    ended = looked_at((0.9, 0.9), images, spreads, points)
    assert share(ended, "apart") <= 0.05


@pytest.mark.parametrize("accuracies", [(0.9, 0.9), (0.92, 0.9), (0.95, 0.9)])
@pytest.mark.parametrize(("images", "spreads", "points"), SETTINGS[1:5])
def test_the_last_interval_holds_the_truth_in_95_of_100(accuracies, images, spreads, points):
    ended = looked_at(accuracies, images, spreads, points)
    truth = accuracies[0] - accuracies[1]
    assert np.mean([one.low <= truth <= one.high for _, _, one in ended]) >= 0.95


def test_recipes_at_the_margin_are_called_equal_in_5_of_100_at_most():
    ended = looked_at((0.92, 0.9), 1000, NEAR, 0.003, 0.02)
    assert share(ended, "equal") <= 0.05
    ended = looked_at((0.9, 0.9), 1000, NEAR, 0.003, 0.02)
    assert share(ended, "equal") >= 0.9


def test_a_clear_difference_is_found_soon_and_equal_recipes_do_not_go_on_for_long():
    clear = looked_at((0.95, 0.9), 500, NEAR, 0.015)
    assert share(clear, "apart") >= 0.99
    assert rounds(clear) < 6.5
    equal = looked_at((0.9, 0.9), 500, NEAR, 0.015)
    assert rounds(equal) < 8


def test_without_an_end_out_of_reach_the_errors_are_no_more_either():
    """The 5 % hold at all looks together, whatever makes a comparison stop or go on."""
    answers = comparisons_of((0.9, 0.9), LOOKS[-1], 500, NEAR, MODERATE, COMPARISONS)
    level = one_of_several().level
    missed = []
    for first, second in zip(*answers, strict=True):
        differences = first.astype(np.int8) - second
        intervals = [difference_interval(analyse(differences[:seeds]), level) for seeds in LOOKS]
        missed.append(any(not one.low <= 0 <= one.high for one in intervals))
    assert np.mean(missed) <= 0.05
