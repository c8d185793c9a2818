"""Test-time augmentation: how it is asked for, and that answers are averaged."""

import dataclasses

import numpy as np
import pytest
from support.heard import Heard

from vgg_transfer.deploy import evaluate, predict
from vgg_transfer.deploy.averaging import averaged
from vgg_transfer.errors import RecipeError
from vgg_transfer.events import ImagesCounted
from vgg_transfer.recipe import Augmentation


def test_an_image_gets_its_mean_once_all_its_renderings_are_answered():
    def ask(pixels):
        return np.array([[one, 1 - one] for one in pixels], np.float32)

    # Two renderings each, spread over batches as they come.
    batches = [([0, 0, 4], [1.0, 0.5, 0.0]), ([4], [0.5])]
    found = list(averaged(ask, batches, renderings=2))
    assert [number for number, _ in found] == [0, 4]
    np.testing.assert_array_equal([row for _, row in found], [[0.75, 0.25], [0.25, 0.75]])


def test_a_run_predicts_and_evaluates_with_averaging(tiny_run, tiny_folder):
    run = dataclasses.replace(
        tiny_run,
        recipe=tiny_run.recipe.changed(augmentation=Augmentation(flip="horizontal")),
    )
    heard = Heard()
    flipped = predict(run, tiny_folder, averaging="flip", listen=heard)
    assert heard.events == [ImagesCounted(number, 24) for number in range(1, 25)]
    plain = predict(run, tiny_folder)
    assert [f.path for f in flipped] == [p.path for p in plain]
    differences = [
        abs(f.probabilities["red"] - p.probabilities["red"])
        for f, p in zip(flipped, plain, strict=True)
    ]
    assert 0 < max(differences) < 0.5
    assert run.predict(tiny_folder, averaging=2) == run.predict(tiny_folder, averaging=np.int64(2))
    assert evaluate(run, averaging=2).metrics.images == evaluate(run).metrics.images


def test_views_need_an_augmentation(tiny_run, tiny_folder):
    with pytest.raises(RecipeError) as caught:
        predict(tiny_run, [tiny_folder], averaging=4)
    assert str(caught.value) == (
        "4 augmented views were asked for, but the run's recipe changes no image: average over "
        'the mirror image with "flip", or leave test-time augmentation out'
    )


def test_the_recipe_says_what_is_done_unless_it_is_said_otherwise(tiny_run, tiny_folder):
    flipping = dataclasses.replace(tiny_run, recipe=tiny_run.recipe.changed(tta="flip"))
    assert predict(flipping, tiny_folder) == predict(tiny_run, tiny_folder, averaging="flip")
    assert predict(flipping, tiny_folder, averaging="none") == predict(tiny_run, tiny_folder)
    assert [evaluate(flipping).averaging, evaluate(flipping, averaging="none").averaging] == [
        "flip",
        "none",
    ]
    assert evaluate(flipping, averaging="none").metrics == tiny_run.metrics


def test_any_other_averaging_is_refused(tiny_run):
    with pytest.raises(RecipeError) as caught:
        tiny_run.predict([], averaging=65)
    assert 'received "65".' in str(caught.value)
