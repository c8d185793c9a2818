"""Means over seeds and images, against tables worked out by hand and tests of SciPy's."""

import numpy as np
import pytest
from scipy import stats

from vgg_transfer.evaluation import wilson
from vgg_transfer.evaluation.crossed import (
    CrossedMean,
    analyse,
    difference_interval,
    images_needed,
    p_value,
    share_interval,
)

# Squares of seeds 0.5 (1 degree of freedom), of images 1 (3), and of what is left 0.5 (3): mean
# squares 1/2, 1/3 and 1/6, each shared by the 8 cells.
BY_HAND = np.array([[1, 1, 1, 0], [1, 0, 0, 0]])


def test_the_parts_of_a_variance_by_hand():
    found = analyse(BY_HAND)
    assert (found.mean, found.seeds, found.images) == (0.5, 2, 4)
    assert found.from_seeds == pytest.approx(1 / 16)
    assert found.from_images == pytest.approx(1 / 48)
    assert found.from_noise == pytest.approx(1 / 48)
    assert found.variance == pytest.approx(1 / 12)
    assert found.variance_of_images == pytest.approx(1 / 24)
    # Of two seeds the square root; of three, two times the ratio.
    assert found.degrees_of_freedom(1 / 12) == pytest.approx((4 / 3) ** 0.5)
    assert found.with_seeds(3).degrees_of_freedom(1 / 20) == pytest.approx(2 * 24 / 20)


def test_interval_and_p_value_by_hand():
    found = analyse(BY_HAND)
    student = stats.t((4 / 3) ** 0.5)
    assert p_value(found) == pytest.approx(2 * student.sf(0.5 * 12**0.5))
    half = student.ppf(0.8) / 12**0.5
    interval = difference_interval(found, level=0.6)
    assert (interval.low, interval.high) == pytest.approx((0.5 - half, 0.5 + half))
    assert interval.level == 0.6
    # At 95 % it would reach from -1.5 to 2.5; differences of shares lie between -1 and 1.
    assert (difference_interval(found).low, difference_interval(found).high) == (-1, 1)


def test_twice_the_images_halve_what_images_and_answers_bring_and_not_what_seeds_bring():
    planned = analyse(BY_HAND).with_images(8)
    # Of 1/16 are 1/48 noise; half of that stays, and all of the other 1/24.
    assert planned.from_seeds == pytest.approx(1 / 24 + 1 / 96)
    assert planned.from_images == pytest.approx(1 / 96)
    assert planned.from_noise == pytest.approx(1 / 96)


def test_one_seed_is_students_test_of_the_images():
    row = np.array([1] * 12 + [-1] * 5 + [0] * 183)
    expected = stats.ttest_1samp(row, 0)
    found = analyse(row[None])
    assert p_value(found) == pytest.approx(expected.pvalue)
    interval, by_scipy = difference_interval(found), expected.confidence_interval(0.95)
    assert (interval.low, interval.high) == pytest.approx((by_scipy.low, by_scipy.high))


def test_where_only_seeds_differ_it_is_students_test_of_the_seeds():
    table = np.repeat([[0.3], [0.1], [0.5]], 50, axis=1)
    found = analyse(table)
    assert p_value(found) == pytest.approx(stats.ttest_1samp([0.3, 0.1, 0.5], 0).pvalue)
    assert found.degrees_of_freedom(found.variance) == pytest.approx(2)


def test_seeds_that_agree_by_chance_leave_what_images_alone_leave():
    # Both seeds 1/2, images and what is left both 10/39: neither seeds nor images show a part.
    found = analyse(np.tile([[1, 1, 0, 0], [1, 0, 1, 0]], 10))
    assert (found.from_seeds, found.from_images) == pytest.approx((0, 0))
    assert found.variance_of_images == pytest.approx(10 / 39 / 80)
    half = stats.t(39).ppf(0.975) * (10 / 39 / 80) ** 0.5
    assert difference_interval(found).low == pytest.approx(0.5 - half)


def test_an_interval_leaves_zero_out_exactly_where_the_p_value_is_small():
    random = np.random.default_rng(3)
    tables = random.integers(-1, 2, (300, 2, 13)) + random.integers(0, 2, (300, 1, 13))
    found = [analyse(one) for one in np.clip(tables, -1, 1)]
    apart = [p_value(one) < 0.05 for one in found]
    assert 30 < sum(apart) < 270
    assert apart == [
        interval.low > 0 or interval.high < 0 for interval in map(difference_interval, found)
    ]


@pytest.mark.parametrize("seeds", [1, 3])
def test_no_difference_at_all_is_not_certain(seeds):
    found = analyse(np.zeros((seeds, 200)))
    interval = difference_interval(found)
    # As if one image had been answered otherwise: a standard error of 1/200.
    assert interval.high == pytest.approx(stats.t.ppf(0.975, 199) / 200)
    assert interval.low == -interval.high
    assert p_value(found) == 1.0
    assert images_needed(found) is None


def test_images_needed_follow_the_textbook_where_images_are_many():
    row = np.array([1] * 12 + [-1] * 4 + [0] * 384)
    # (1.960 + 0.842)² · variance / difference², where 16 - 400 · 0.02² = 15.84 by 399 is 0.0397.
    expected = 7.849 * (15.84 / 399) / 0.02**2
    assert images_needed(analyse(row[None])) == pytest.approx(expected, rel=0.01)
    # Of a smaller level more: (2.807 + 0.842)² = 13.31.
    needed = images_needed(analyse(row[None]), false_positives=0.005)
    assert needed == pytest.approx(expected * 13.31 / 7.849, rel=0.02)
    # Fewer are not tried.
    assert images_needed(analyse(row[None]), fewest=1000) == 1000


def test_no_number_of_images_outweighs_seeds_that_differ_more():
    # A standard error of seeds of 0.01 is exceeded 1.5 times: of two degrees of freedom, 4.3 to
    # be found at all and 1.1 more to be found in 8 of 10 would be needed.
    found = CrossedMean(0.015, 3, 500, from_seeds=2e-4, from_images=1e-4, from_noise=1e-4)
    assert images_needed(found) is None
    assert images_needed(CrossedMean(0.06, 3, 500, 2e-4, 1e-4, 1e-4)) is not None


def test_a_share_of_one_seed_has_wilsons_interval():
    row = np.arange(200) < 189
    assert share_interval(analyse(row[None])) == wilson(189, 200)


def test_seeds_that_all_answer_alike_count_as_one():
    row = np.arange(200) < 189
    found = share_interval(analyse(np.tile(row, (4, 1))))
    once = wilson(189, 200)
    # Student's t in place of the normal distribution, and 199 in place of 200: a little wider.
    assert (found.low, found.high) == pytest.approx((once.low, once.high), abs=5e-4)
    assert found.low < once.low < once.high < found.high


def test_everything_right_leaves_as_much_open_as_its_images_do():
    found, once = share_interval(analyse(np.ones((3, 100)))), wilson(100, 100)
    assert (found.low, found.high) == pytest.approx((once.low, 1.0))
    assert share_interval(analyse(np.zeros((3, 100)))).high == pytest.approx(1 - found.low)


def test_seeds_are_no_further_images():
    """Five of 13 images right twice, never the same ones: no narrower than one training."""
    images = np.arange(13)
    found = share_interval(analyse(np.stack([images < 5, images >= 8])))
    once = wilson(5, 13)
    assert (found.low, found.high) == pytest.approx((once.low, once.high))
    assert str(found) == "[17.7, 64.5]"


def test_seeds_that_differ_widen_the_interval_of_a_share():
    images = np.arange(200)
    alike = np.stack([images < 180] * 3)
    apart = np.stack([images < 170, images < 180, images < 190])
    narrow, wide = share_interval(analyse(alike)), share_interval(analyse(apart))
    assert 0 < wide.low < narrow.low < 0.9 < narrow.high < wide.high < 1


@pytest.mark.parametrize("seeds", [1, 2])
def test_a_single_image_has_an_interval(seeds):
    found = share_interval(analyse(np.ones((seeds, 1))))
    assert 0 < found.low < found.high == 1.0
