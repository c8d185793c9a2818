"""Trainings with a head that reads several blocks, on stored rows and on images.

Weights are compared bit for bit, as the saved model holds them.
"""

import io
import json
import zipfile
from dataclasses import replace

import h5py
import numpy as np
import pytest
from support.heard import Heard

from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage
from vgg_transfer.training import train


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache of each test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(folder))
    return folder


@pytest.fixture(scope="module")
def recipe():
    """The head solved exactly, then block4 with it, then block3 too; all read by the head."""
    return Recipe(
        size=32,
        precision="fp32",
        preprocess="rescale",
        batch_size=8,
        base=Base(weights="none", blocks=4, width=0.1),
        head=Head(blocks=("block2", "block3", "block4"), pooling="both", dropout=0.3),
        views="plain",
        stage=(
            Stage(train=("head",), optimizer="exact"),
            Stage(train=("head", "block4"), epochs=2, rate=0.003, keep="last"),
            Stage(train=("head", "block4", "block3"), epochs=1, rate=0.001, keep="last"),
        ),
    )


def outcome(run):
    """Return the weights of a run, as bytes by name, and its history of validation losses."""
    weights = {}

    def keep(name, item):
        if isinstance(item, h5py.Dataset):
            weights[name] = item[()].tobytes()

    with zipfile.ZipFile(run.model_file) as model:
        h5py.File(io.BytesIO(model.read("model.weights.h5"))).visititems(keep)
    return weights, [epoch.val_loss for epoch in run.history]


def shapes(cache):
    """Return the form of the rows in each store."""
    found = [json.loads(file.read_text()) for file in cache.glob("*/about.json")]
    return sorted((tuple(one["shape"]), one["dtype"]) for one in found)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_store_changes_no_bit(precision, recipe, images, cache, tmp_path):
    recipe = recipe.changed(precision=precision)
    expected = outcome(train(recipe, images, tmp_path / "plain", cache=False))
    assert len(set(expected[1])) == 4
    filling, filled = Heard(), Heard()
    assert outcome(train(recipe, images, tmp_path / "filling", listen=filling)) == expected
    # One pass for all cuts: what block3 receives; that of block4, block2 beside it; all pooled.
    assert len([line for line in filling.passes if "frozen" in line]) == 1
    assert shapes(cache) == [
        ((1, 1, 2 * (13 + 26 + 51)), "float32"),
        ((1, 1, 4 * 4 * 26 + 2 * 13), "float32"),
        ((8, 8, 13), "float32" if precision == "fp32" else "uint16"),
    ]
    assert outcome(train(recipe, images, tmp_path / "filled", listen=filled)) == expected
    assert not any("frozen" in line for line in filled.passes)


@pytest.mark.parametrize("cut", ["head", "block4"])
def test_the_saved_model_answers_as_stored_rows_were_judged(cut, recipe, images, tmp_path):
    last = {"head": recipe.stage[:1], "block4": recipe.stage[:2]}[cut]
    validated = replace(images, records=(*images.split("train"), *images.split("val")))
    run = train(recipe.changed(stage=last), validated, tmp_path / "run")
    assert run.judged_on == "val"
    predicted = run.predict([one.path for one in images.split("val")])
    rows = [[one.probabilities[name] for name in run.class_names] for one in predicted]
    np.testing.assert_allclose([one.probabilities for one in run.judged], rows, atol=1e-5)


def test_features_of_all_blocks_are_mixed_together(recipe, images, tmp_path):
    stage = (Stage(train=("head", "block4"), epochs=2, rate=0.01, keep="last"),)
    mixing = recipe.changed(stage=stage, augmentation=Augmentation(mixup=0.4))
    first = outcome(train(mixing, images, tmp_path / "mixed"))
    assert np.isfinite(first[1]).all()
    assert outcome(train(mixing, images, tmp_path / "again")) == first
    unmixed = mixing.changed(augmentation=Augmentation())
    assert outcome(train(unmixed, images, tmp_path / "unmixed")) != first
