"""Wilson intervals against values worked out by hand from the closed form.

With z² = 3.841459 for 95 %: centre = (k + z²/2) / (n + z²), and half of the width is
z · sqrt(n p (1 - p) + z²/4) / (n + z²).
"""

import numpy as np
import pytest

from vgg_transfer.evaluation import Interval, wilson
from vgg_transfer.evaluation.intervals import difference_of_shares, mean_of_shares


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


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe (1998), table II, method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_differences_are_those_of_the_paper(first, second, low, high):
    found = difference_of_shares(first, second)
    assert (found.low, found.high) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )


def test_a_difference_the_other_way_round_it_is_the_same_with_the_other_sign():
    there, back = (
        difference_of_shares((95, 100), (960, 1000)),
        difference_of_shares((960, 1000), (95, 100)),
    )
    assert (back.low, back.high) == (pytest.approx(-there.high), pytest.approx(-there.low))
    assert there.low < -0.01 < there.high


def test_more_images_narrow_a_difference():
    few, many = (difference_of_shares((9 * n, 10 * n), (9, 10)) for n in (1, 100))
    assert few.high - few.low > many.high - many.low


def test_a_difference_needs_images():
    with pytest.raises(ValueError, match="at least one trial, received 0"):
        difference_of_shares((0, 0), (1, 2))


def test_an_interval_is_written_in_percent():
    assert f"{Interval(0.9036, 0.969)} {Interval(-0.0001, 1.0)}" == "[90.4, 96.9] [0.0, 100.0]"
