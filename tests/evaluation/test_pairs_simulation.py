"""Do the intervals hold what they say? Simulated comparisons whose truth is known.

How the answers are drawn is told in ``support.simulated``.
"""

import numpy as np
import pytest
from support.simulated import ALIKE, FAR, MODERATE, NEAR, NOTABLE, SAME, SETTLED, comparisons_of

from vgg_transfer.evaluation import Answers, compare_pairs, levels
from vgg_transfer.evaluation.crossed import (
    analyse,
    difference_interval,
    images_needed,
    p_value,
    share_interval,
)


def share_missed(accuracies, first, second):
    """Return how often an interval misses the truth; for equal recipes: false positives too."""
    truth = accuracies[0] - accuracies[1]
    found = [analyse(one.astype(np.int8) - other) for one, other in zip(first, second, strict=True)]
    intervals = [difference_interval(one) for one in found]
    missed = np.array([not one.low <= truth <= one.high for one in intervals])
    if truth == 0:
        # The p-value and the interval are two ways to say the same.
        assert (np.array([p_value(one) < 0.05 for one in found]) == missed).all()
    return missed.mean()


@pytest.mark.parametrize(
    ("accuracies", "seeds", "images", "spreads", "points"),
    [
        ((0.90, 0.90), 3, 500, NEAR, NOTABLE),
        ((0.95, 0.95), 3, 200, NEAR, NOTABLE),
        ((0.95, 0.95), 5, 500, FAR, NOTABLE),
        ((0.97, 0.95), 5, 500, NEAR, NOTABLE),
        ((0.98, 0.75), 3, 200, FAR, MODERATE),
        ((0.90, 0.90), 2, 500, NEAR, NOTABLE),
        ((0.90, 0.90), 1, 500, NEAR, ALIKE),
        ((0.98, 0.95), 1, 500, NEAR, ALIKE),
    ],
)
def test_false_positives_and_coverage(accuracies, seeds, images, spreads, points):
    """Equal recipes: 3 to 7 % are told apart. Different ones: 93 to 97 % of intervals hold."""
    answers = comparisons_of(accuracies, seeds, images, spreads, points)
    assert 0.03 <= share_missed(accuracies, *answers) <= 0.07


@pytest.mark.parametrize(
    ("accuracies", "seeds", "images", "spreads", "points"),
    [
        ((0.75, 0.75), 3, 200, SAME, ALIKE),
        ((0.80, 0.80), 3, 500, SAME, ALIKE),
        ((0.90, 0.90), 3, 500, SAME, MODERATE),
        ((0.90, 0.90), 3, 200, NEAR, ALIKE),
        ((0.95, 0.95), 3, 500, FAR, ALIKE),
        ((0.95, 0.95), 3, 500, NEAR, MODERATE),
        ((0.90, 0.90), 5, 200, NEAR, ALIKE),
        ((0.90, 0.90), 5, 500, SAME, MODERATE),
        ((0.93, 0.90), 3, 200, NEAR, MODERATE),
        ((0.93, 0.90), 3, 500, FAR, ALIKE),
        ((0.98, 0.95), 3, 500, NEAR, MODERATE),
        ((0.90, 0.90), 2, 500, NEAR, ALIKE),
    ],
)
def test_where_seeds_hardly_differ_images_alone_decide(accuracies, seeds, images, spreads, points):
    """No interval is narrower than images alone allow: 1 to 4 % miss the truth."""
    answers = comparisons_of(accuracies, seeds, images, spreads, points)
    assert 0.005 <= share_missed(accuracies, *answers) <= 0.04


@pytest.mark.parametrize(
    ("accuracies", "seeds", "images", "spreads", "points"),
    [
        ((0.98, 0.98), 3, 200, SAME, ALIKE),
        ((0.98, 0.98), 5, 200, SAME, MODERATE),
        ((0.99, 0.99), 3, 500, NEAR, ALIKE),
        ((0.99, 0.99), 3, 100, FAR, ALIKE),
        ((0.90, 0.90), 3, 30, NEAR, MODERATE),
        ((0.98, 0.95), 3, 30, NEAR, ALIKE),
        ((0.99, 0.98), 5, 200, (6.0, 0.5), ALIKE),
        ((0.98, 0.98), 1, 30, NEAR, ALIKE),
    ],
)
def test_where_few_answers_differ_it_claims_no_more_than_it_may(
    accuracies, seeds, images, spreads, points
):
    """High accuracies on few images: below 7 %, and how much below is left open."""
    answers = comparisons_of(accuracies, seeds, images, spreads, points)
    assert share_missed(accuracies, *answers) <= 0.07


@pytest.mark.parametrize(
    ("accuracy", "seeds", "images", "spreads", "points"),
    [
        (0.90, 3, 200, SETTLED, NOTABLE),
        (0.95, 3, 500, SETTLED, MODERATE),
        (0.90, 5, 500, SETTLED, NOTABLE),
        (0.90, 5, 500, SAME, NOTABLE),
        (0.90, 1, 500, SAME, ALIKE),
    ],
)
def test_the_interval_of_one_recipe(accuracy, seeds, images, spreads, points):
    assert 0.02 <= levels_missed(accuracy, seeds, images, spreads, points) <= 0.07


@pytest.mark.parametrize("seeds", [2, 3, 5])
def test_trainings_that_err_on_different_images_are_no_further_images(seeds):
    """Their mean varies less than the interval says, which is Wilson's of one training."""
    assert levels_missed(0.9, seeds, 200, SAME, ALIKE) <= 0.03


def levels_missed(accuracy, seeds, images, spreads, points):
    (answers,) = comparisons_of((accuracy,), seeds, images, spreads, points)
    intervals = [share_interval(analyse(one)) for one in answers]
    return np.mean([not one.low <= accuracy <= one.high for one in intervals])


def test_as_many_images_as_were_said_to_be_needed_find_the_difference_in_8_of_10():
    accuracies, seeds = (0.93, 0.90), 3
    # What 500 images show on the average, without the luck of a single comparison.
    first, second = comparisons_of(accuracies, seeds, 500, NEAR, ALIKE, comparisons=400)
    table = (first.astype(np.int8) - second).transpose(1, 0, 2).reshape(seeds, -1)
    needed = images_needed(analyse(table))
    assert 500 < needed < 1500
    first, second = comparisons_of(accuracies, seeds, needed, NEAR, ALIKE, comparisons=500)
    found = [p_value(analyse(a.astype(np.int8) - b)) for a, b in zip(first, second, strict=True)]
    assert np.mean(np.array(found) < 0.05) == pytest.approx(0.8, abs=0.08)


def test_from_probabilities_to_verdicts_the_same_holds():
    """The whole way, on fewer comparisons: three standard deviations of 400 draws are 3.3 %."""
    answers = comparisons_of((0.9, 0.9), 3, 200, SETTLED, NOTABLE, comparisons=400)
    labels = np.zeros(200, dtype=np.int64)
    told_apart, missed = [], []
    for both in zip(*answers, strict=True):
        recipes = [
            Answers(name, np.stack([0.2 + 0.6 * right, 0.8 - 0.6 * right], axis=2))
            for name, right in zip("ab", both, strict=True)
        ]
        (pair,) = compare_pairs(recipes, labels)
        told_apart.append(pair.distinguishable)
        missed += [
            not one.interval.low <= 0.9 <= one.interval.high for one in levels(recipes, labels)
        ]
    assert np.mean(told_apart) == pytest.approx(0.05, abs=0.033)
    assert np.mean(missed) == pytest.approx(0.05, abs=0.033)
