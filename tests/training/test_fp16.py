"""Trainings in fp16, as on GPUs without bf16; a processor is slow in it, and gives the same."""

import json

import numpy as np
import pytest
from support.heard import CtrlC, Heard
from support.weights import equal, weights_of

from vgg_transfer.recipe import from_toml
from vgg_transfer.training import resume, train

RECIPE = """
name = "half"
size = 16
precision = "PRECISION"
batch_size = 4
base = { weights = "none", blocks = 2, width = 0.05 }
[[stage]]
train = ["head"]
epochs = 2
rate = 1e-2
keep = "last"
[[stage]]
train = ["head", "block2"]
epochs = 2
rate = 1e-3
keep = "last"
"""


def recipe_in(precision):
    return from_toml(RECIPE.replace("PRECISION", precision))


@pytest.fixture(scope="module")
def half(images, tmp_path_factory):
    """A training in fp16, and the folder in which it stored activations."""
    with pytest.MonkeyPatch.context() as patch:
        cache = tmp_path_factory.mktemp("cache")
        patch.setenv("VGG_TRANSFER_CACHE", str(cache))
        return train(recipe_in("fp16"), images, tmp_path_factory.mktemp("half") / "run"), cache


def losses(run):
    return [epoch.loss for epoch in run.history]


def test_it_learns_what_is_learnt_in_fp32(half, images, tmp_path):
    run, _ = half
    assert run.environment.precision == "fp16"
    whole = train(recipe_in("fp32"), images, tmp_path / "run", cache=False)
    np.testing.assert_allclose(losses(run), losses(whole), rtol=0.02)
    assert losses(run) != losses(whole)


def test_activations_are_stored_in_fp16(half):
    _, cache = half
    kept = [json.loads(file.read_text())["dtype"] for file in cache.glob("*/about.json")]
    assert kept
    assert set(kept) == {"float16"}


def test_it_goes_on_as_if_it_had_not_been_interrupted(half, images, tmp_path, monkeypatch):
    """The scale of the loss, and for how long it has held, are kept with the optimizer's state."""
    run, cache = half
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(cache))
    broken = train(recipe_in("fp16"), images, tmp_path / "run", listen=CtrlC(batch=9))
    assert broken.status == "interrupted"
    again = resume(tmp_path / "run", listen=Heard())
    assert losses(again) == losses(run)
    assert equal(weights_of(again), weights_of(run))
