"""Whole trainings on uneven classes: balanced draws, effective class weights, focal loss.

Weights are compared bit for bit, as the saved model holds them.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from support.weights import equal, weights_of

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import load_images
from vgg_transfer.recipe import Base, Head, Recipe, Stage
from vgg_transfer.training import train


@pytest.fixture(scope="module")
def uneven(tiny_folder):
    """The tiny images, of the first class only three training images."""
    images = load_images(tiny_folder)
    dropped = [one for one in images.split("train") if one.label == 0][3:]
    kept = tuple(one for one in images.records if one not in dropped)
    assert len(kept) < len(images.records)
    return replace(images, records=kept)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache of each test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(folder))
    return folder


def recipe_of(**changes):
    settings = {
        "size": 16,
        "precision": "fp32",
        "preprocess": "rescale",
        "batch_size": 4,
        "views": "plain",
        "base": Base(weights="none", blocks=2, width=0.1),
        "stage": (Stage(train=("head", "block2"), epochs=3, rate=0.01),),
    }
    return Recipe(**settings | changes)


def test_balanced_draws_give_the_same_bits_with_and_without_a_store(uneven, cache, tmp_path):
    recipe = recipe_of(sampling="balanced")
    stored = train(recipe, uneven, tmp_path / "stored")
    assert list(cache.iterdir())
    images = train(recipe, uneven, tmp_path / "images", cache=False)
    assert equal(weights_of(stored), weights_of(images))
    assert [one.val_loss for one in stored.history] == [one.val_loss for one in images.history]
    every = train(recipe_of(), uneven, tmp_path / "every")
    assert not equal(weights_of(stored), weights_of(every))


@pytest.mark.parametrize(
    ("settings", "share"),
    [
        ({}, 1 / 4),
        ({"sampling": "balanced"}, 1 / 2),
        ({"class_weights": "balanced"}, 1 / 2),
        # b = 7/8: two images count as (1 - 49/64) / (1/8) = 15/8, six as 4.4098. The first class
        # has the share 2 / (15/8) of 2 / (15/8) + 6 / 4.4098.
        ({"class_weights": "effective"}, 0.4394),
    ],
)
def test_on_identical_images_the_head_learns_the_weight_of_each_class(
    settings, share, tiny_folder, tmp_path
):
    """All images are the same picture: two in the first class, six in the second."""
    images = load_images(tiny_folder)
    train_images = images.split("train")
    kept = [
        *[one for one in train_images if one.label == 0][:2],
        *[one for one in train_images if one.label == 1][:6],
        *images.split("val"),
    ]
    first = train_images[0]
    same = tuple(replace(one, path=first.path, digest=first.digest) for one in kept)
    blind = replace(images, records=same)
    still = Stage(train=("head",), epochs=60, optimizer="sgd", rate=0.3)
    recipe = recipe_of(stage=(still,), batch_size=8, **settings)
    last = train(recipe, blind, tmp_path / "run").history[-1]
    # The least mean loss over the draws is the entropy of the share, and is reached at it.
    entropy = -share * math.log(share) - (1 - share) * math.log(1 - share)
    assert last.loss == pytest.approx(entropy, abs=2e-3)
    held_out = [one.label for one in images.split("val")]
    chances = np.array([share, 1 - share])[held_out]
    assert last.val_loss == pytest.approx(-np.log(chances).mean(), abs=0.02)


def test_a_class_that_can_have_no_weight_is_refused_before_anything_is_written(uneven, tmp_path):
    without = tuple(one for one in uneven.records if one.split != "train" or one.label == 1)
    with pytest.raises(ImageSetError, match='no class weight can be given to "blue"'):
        train(
            recipe_of(class_weights="effective"),
            replace(uneven, records=without),
            tmp_path / "run",
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_the_kept_weights_have_the_recorded_focal_loss(output, uneven, tmp_path):
    head = Head(loss="focal", focal_gamma=1.5, output=output)
    run = train(recipe_of(head=head), uneven, tmp_path / "run")
    validation = uneven.split("val")
    found = run.predict([one.path for one in validation])
    chances = [
        prediction.probabilities[uneven.class_names[record.label]]
        for prediction, record in zip(found, validation, strict=True)
    ]
    focal = np.mean([-((1 - p) ** 1.5) * math.log(p) for p in chances])
    assert run.stages[0].monitor == "val_loss"
    assert run.stages[0].best == min(one.val_loss for one in run.history)
    assert run.stages[0].best == pytest.approx(focal, rel=1e-3)


def test_a_rate_is_found_for_focal_loss(uneven, tmp_path):
    stage = Stage(train=("head", "block2"), epochs=1, find_rate=True, optimizer="sgd")
    run = train(recipe_of(head=Head(loss="focal"), stage=(stage,)), uneven, tmp_path / "run")
    assert 1e-6 < run.history[0].rates["head"] < 1
    assert math.isfinite(run.history[0].val_loss)
