"""Wilson intervals against values worked out by hand from the closed form.

With z² = 3.841459 for 95 %: centre = (k + z²/2) / (n + z²), and half of the width is
z · sqrt(n p (1 - p) + z²/4) / (n + z²).
"""

import numpy as np
import pytest

from vgg_transfer.evaluation import Interval, wilson
from vgg_transfer.evaluation.intervals import mean_of_shares


def test_eight_of_ten():
    # centre 9.920730 / 13.841459 = 0.716740; half 1.959964 · sqrt(1.6 + 0.960365) / 13.841459
    interval = wilson(8, 10)
    assert interval.low == pytest.approx(0.716740 - 0.226578, abs=2e-6)
    assert interval.high == pytest.approx(0.716740 + 0.226578, abs=2e-6)
    assert interval.level == 0.95


def test_none_and_all_keep_one_end_exactly_and_mirror_each_other():
    # With p = 0 the far end is z² / (n + z²) = 3.841459 / 13.841459.
    none, every = wilson(0, 10), wilson(10, 10)
    assert none.low == 0.0
    assert none.high == pytest.approx(0.277533, abs=1e-6)
    assert every.high == 1.0
    assert every.low == pytest.approx(1 - 0.277533, abs=1e-6)


def test_a_lower_level_is_narrower():
    # For 1 of 2 and z = 1 (level 68.27 %): centre 1/2, half sqrt(1/2 + 1/4) / 3 = 0.288675.
    assert wilson(1, 2, level=0.6826894921) == Interval(
        low=pytest.approx(0.5 - 0.288675, abs=1e-6),
        high=pytest.approx(0.5 + 0.288675, abs=1e-6),
        level=0.6826894921,
    )


@pytest.mark.parametrize(
    ("successes", "trials", "level", "message"),
    [
        (0, 0, 0.95, "at least one trial, received 0. Is the set of images that was evaluated"),
        (3, 2, 0.95, "must be between 0 and the 2 trials, received 3."),
        (-1, 2, 0.95, "must be between 0 and the 2 trials, received -1."),
        (1, 2, 95, "must be between 0 and 1, received 95. For 95 % write 0.95."),
    ],
)
def test_impossible_counts_are_named(successes, trials, level, message):
    with pytest.raises(ValueError, match=message):
        wilson(successes, trials, level)


def test_the_mean_of_one_share_has_wilsons_interval():
    found, expected = mean_of_shares([(8, 10)], level=0.9), wilson(8, 10, level=0.9)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.level == 0.9


def test_distances_of_two_shares_are_added_as_squares_and_halved():
    # 8 of 10 lies 0.309838 above and 0.143318 below the ends of its interval, 10 of 10 0.277533
    # above and 0 below: the mean 0.9 lies half of the roots of the sums of their squares away.
    found = mean_of_shares([(8, 10), (10, 10)])
    assert found.low == pytest.approx(0.9 - 0.415962 / 2, abs=2e-6)
    assert found.high == pytest.approx(0.9 + 0.143318 / 2, abs=2e-6)


def test_all_right_is_not_certain():
    found = mean_of_shares([(5, 5), (90, 90)])
    assert found.high == 1.0
    assert 0.7 < found.low < 0.8  # five images of one class leave much open, however many others


def test_the_interval_of_a_mean_holds_it_as_often_as_it_says():
    """Two classes of 40 and 8 images, of which 90 and 60% are right on the whole."""
    drawn = np.random.default_rng(0).binomial([40, 8], [0.9, 0.6], size=(400, 2))
    intervals = [mean_of_shares([(int(a), 40), (int(b), 8)]) for a, b in drawn]
    share = np.mean([one.low <= 0.75 <= one.high for one in intervals])
    assert share == pytest.approx(0.95, abs=0.033)  # three standard deviations of 400 draws


def test_a_mean_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one share, received none"):
        mean_of_shares([])
    with pytest.raises(ValueError, match="at least one trial"):
        mean_of_shares([(1, 2), (0, 0)])
