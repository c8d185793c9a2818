"""Do intervals hold with few images and few seeds? Simulated comparisons whose truth is known.

How the answers are drawn is told in ``support.simulated``: images of different difficulty, and
seeds that differ. The truth is the mean over all images and all seeds.
"""

from functools import cache

import numpy as np
import pytest
from support.simulated import MODERATE, NEAR, NOTABLE, SETTLED, comparisons_of

from vgg_transfer.evaluation import wilson
from vgg_transfer.evaluation.crossed import analyse, difference_interval, share_interval

COMPARISONS = 800
IMAGES, SEEDS, ACCURACIES = (13, 30, 100), (2, 3, 5), (0.6, 0.9, 0.97)
SETTINGS = [(NEAR, MODERATE), (NEAR, NOTABLE), (SETTLED, MODERATE), (SETTLED, NOTABLE)]


@cache
def coverage(accuracies, seeds, images, spreads, points):
    """Return how often the interval of the first recipe holds, and that of the difference."""
    answers = comparisons_of(accuracies, seeds, images, spreads, points, COMPARISONS)
    truth = accuracies[0] - accuracies[1]
    held = []
    for first, second in zip(*answers, strict=True):
        share = share_interval(analyse(first))
        difference = difference_interval(analyse(first.astype(np.int8) - second))
        assert 0 <= share.low < share.high <= 1
        assert -1 <= difference.low < difference.high <= 1
        held.append(
            (
                share.low <= accuracies[0] <= share.high,
                difference.low <= truth <= difference.high,
            )
        )
    return np.mean(held, axis=0)


@pytest.mark.parametrize(("spreads", "points"), SETTINGS)
@pytest.mark.parametrize("seeds", SEEDS)
@pytest.mark.parametrize("images", IMAGES)
def test_no_interval_holds_in_less_than_93_of_100(images, seeds, spreads, points):
    for accuracy in ACCURACIES:
        found = coverage((accuracy, accuracy), seeds, images, spreads, points)
        assert min(found) >= 0.93, accuracy


@pytest.mark.parametrize("accuracies", [(0.9, 0.6), (0.97, 0.9)])
@pytest.mark.parametrize("seeds", SEEDS)
@pytest.mark.parametrize("images", IMAGES)
def test_nor_does_that_of_different_recipes(images, seeds, accuracies):
    assert min(coverage(accuracies, seeds, images, NEAR, NOTABLE)) >= 0.93


@pytest.mark.parametrize("seeds", [3, 5])
@pytest.mark.parametrize("accuracy", [0.6, 0.9])
def test_nor_are_they_much_wider_than_they_need_be(accuracy, seeds):
    """Of 100 images, and with seeds that differ: on fewer, answers come in too coarse steps."""
    share, difference = coverage((accuracy, accuracy), seeds, 100, SETTLED, NOTABLE)
    assert share <= 0.98
    assert difference <= 0.98


@pytest.mark.parametrize(("spreads", "points"), SETTINGS)
@pytest.mark.parametrize("seeds", SEEDS)
@pytest.mark.parametrize("images", IMAGES)
def test_several_seeds_are_never_narrower_than_one_training(images, seeds, spreads, points):
    (answers,) = comparisons_of((0.9,), seeds, images, spreads, points, 200)
    for right in answers:
        # Wilson's wants whole numbers: the narrower of the two beside the mean.
        around = {int(np.floor(right.sum() / seeds)), int(np.ceil(right.sum() / seeds))}
        narrowest = min(one.high - one.low for one in (wilson(k, images) for k in around))
        found = share_interval(analyse(right))
        assert found.high - found.low >= narrowest - 1e-9
