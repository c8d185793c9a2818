"""What is foretold of more images: curves whose truth is known."""

import math

import numpy as np
import pytest

from vgg_transfer.evaluation.learning_curve import Measured, foretell

IMAGES = (100, 200, 400)


def measured(shares, held_out=1000, subsets=4):
    """Return points at which the first so many held-out images are answered rightly."""
    found = []
    for images, share in zip(IMAGES, shares, strict=True):
        right = np.arange(held_out) < round(share * held_out)
        found.append(Measured(images, np.tile(right, (1 if images == IMAGES[-1] else subsets, 1))))
    return found


def test_a_flat_curve_foretells_nothing():
    found = foretell(measured((0.8, 0.8, 0.8)), 800)
    assert found.images == 800
    assert found.accuracy == pytest.approx(0.8)
    assert found.gain == pytest.approx(0, abs=1e-12)
    assert found.gain_interval.low <= 1e-9
    assert found.gain_interval.high >= -1e-9


def test_a_rising_curve_goes_on_between_the_two_shapes():
    """Ten points with each doubling: so many more by the one shape, and fewer by the other."""
    points = measured((0.6, 0.7, 0.8))
    twice, four_times = foretell(points, 800), foretell(points, 1600)
    assert 0.05 < twice.gain < 0.1
    assert twice.gain < four_times.gain < 0.2
    assert twice.gain_interval.low > 0
    assert twice.gain_interval.high > 0.1
    assert twice.interval.low < 0.9 - 0.02


def test_the_interval_is_no_narrower_than_the_held_out_images_allow():
    """All 40 answers are right everywhere: Wilson's interval of 40 of 40 begins at 91.2%."""
    found = foretell(measured((1.0, 1.0, 1.0), held_out=40), 800)
    assert found.accuracy == 1.0
    assert found.interval.low == pytest.approx(0.912, abs=0.001)
    assert found.interval.high == 1.0


def test_the_same_seed_foretells_the_same():
    points = measured((0.6, 0.7, 0.75))
    assert foretell(points, 800) == foretell(points, 800)
    assert foretell(points, 800, seed=1) != foretell(points, 800)


def test_the_truth_is_inside_in_nine_of_ten_cases_or_more():
    """Errors 0.05 + 2.5 / sqrt(n); a training on one set differs from another by a point."""
    rng = np.random.default_rng(3)
    inside = 0
    for _ in range(60):
        hardness = rng.random(300)

        def right(images, subsets, of_set, hardness=hardness):
            error = 0.05 + 2.5 / math.sqrt(images)
            own = of_set + rng.normal(0, 0.01 * math.sqrt(400 / images), (subsets, 1))
            return rng.random((subsets, 300)) * 0.2 + 0.8 * hardness > error + own

        points = [Measured(n, right(n, 1 if n == 400 else 4, 0.0)) for n in IMAGES]
        found = foretell(points, 800)
        truth = right(800, 1, 0.0).mean()
        inside += found.interval.low <= truth <= found.interval.high
    assert inside >= 54
