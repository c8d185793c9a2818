"""Starting weights: spread as Keras's initializers promise, and the same on every backend."""

import keras
import numpy as np
import pytest

from vgg_transfer.network import build_network
from vgg_transfer.network.drawing import drawn
from vgg_transfer.recipe import Base, Head, Recipe, Stage


def test_he_s_numbers_have_his_deviation_and_no_tails() -> None:
    found = drawn(keras.initializers.HeNormal(seed=1), (3, 3, 40, 100))
    deviation = np.sqrt(2 / (3 * 3 * 40))
    assert found.dtype == np.float32
    assert float(found.std()) == pytest.approx(deviation, rel=0.02)
    assert float(found.mean()) == pytest.approx(0, abs=0.02 * deviation)
    # Cut off at two deviations of the distribution that is cut, which is a little wider.
    assert np.abs(found).max() == pytest.approx(2 * deviation / 0.8796, rel=0.01)


def test_glorot_s_numbers_fill_his_interval() -> None:
    found = drawn(keras.initializers.GlorotUniform(seed=1), (200, 100))
    end = np.sqrt(6 / (200 + 100))
    assert (float(found.min()), float(found.max())) == pytest.approx((-end, end), rel=0.01)
    assert float(found.std()) == pytest.approx(end / np.sqrt(3), rel=0.02)


def test_the_seed_alone_decides() -> None:
    first, again = (drawn(keras.initializers.HeNormal(seed=1), (5, 6)) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, drawn(keras.initializers.HeNormal(seed=2), (5, 6)))


def test_a_network_begins_with_numbers_that_numpy_draws_not_keras() -> None:
    recipe = Recipe(
        size=16,
        base=Base(weights="none", blocks=1, width=0.05),
        head=Head(dense=(4,)),
        stage=(Stage(train=("head",)),),
    )

    def kernels() -> list[np.ndarray]:
        blocks = build_network(recipe, 3, None, 0).blocks
        layers = [layer for one in blocks.values() for layer in one if hasattr(layer, "kernel")]
        return [np.asarray(layer.kernel) for layer in layers]

    def nothing(_self, shape, dtype=None):
        return np.zeros(shape, dtype)

    usual = kernels()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras.initializers.VarianceScaling, "__call__", nothing)
        assert all(np.array_equal(a, b) for a, b in zip(usual, kernels(), strict=True))
    assert all(one.any() for one in usual)
