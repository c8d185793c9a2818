"""Wilson intervals against values worked out by hand from the closed form.

With z² = 3.841459 for 95 %: centre = (k + z²/2) / (n + z²), and half of the width is
z · sqrt(n p (1 - p) + z²/4) / (n + z²).
"""

import pytest

from vgg_transfer.evaluation import Interval, wilson


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
