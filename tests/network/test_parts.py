"""Activations in short, against the activations themselves."""

import numpy as np
import pytest

from vgg_transfer.network import build_network
from vgg_transfer.network.parts import stretch, summarised, tail
from vgg_transfer.recipe import Base, Recipe, Stage


@pytest.fixture(scope="module")
def network():
    base = Base(weights="none", blocks=3, width=0.05)
    return build_network(
        Recipe(size=16, base=base, stage=(Stage(train=("head",)),)), 3, None, seed=0
    )


def in_short(activations):
    return [activations.mean(axis=(1, 2)), activations.max(axis=(1, 2))]


def test_what_blocks_receive_is_summed_up_with_logits_before_it(network):
    pixels = np.random.default_rng(0).uniform(0, 255, (4, 16, 16, 3)).astype(np.float32)
    at = stretch(network, None, ("block2", "block3")).predict_on_batch(pixels)
    expected = [
        network.model.predict_on_batch(pixels),
        *in_short(at["block2"]),
        *in_short(at["block3"]),
    ]
    blocks = ("block2", "block3")
    found = summarised(network, None, blocks, logits=True).predict_on_batch(pixels)
    np.testing.assert_allclose(found, np.concatenate(expected, axis=1), rtol=1e-5)
    stored = summarised(network, "block2", blocks, logits=False).predict_on_batch(at["block2"])
    np.testing.assert_allclose(stored, np.concatenate(expected[1:], axis=1), rtol=1e-5)
    np.testing.assert_allclose(
        expected[0], tail(network, "block3").predict_on_batch(at["block3"]), rtol=1e-5
    )


def test_block1_receives_preprocessed_pixels(network):
    """The means of the published weights are taken from blue, green and red."""
    gray = np.full((1, 16, 16, 3), 128, np.float32)
    (row,) = summarised(network, None, ("block1",), logits=False).predict_on_batch(gray)
    means = 128 - np.array([103.939, 116.779, 123.68])
    assert row == pytest.approx([*means, *means], abs=1e-3)
