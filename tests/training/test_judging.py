"""Judging on validation images: from stored activations, with the same result as from pixels."""

from dataclasses import replace

import numpy as np
import pytest

from vgg_transfer.images import load_images
from vgg_transfer.recipe import override
from vgg_transfer.training import judging, train


@pytest.fixture
def images(tiny_folder):
    """Images without a test split: the result is judged on the validation images."""
    found = load_images(tiny_folder)
    return replace(found, records=(*found.split("train"), *found.split("val")))


@pytest.fixture
def read_from_pixels(monkeypatch):
    """How many images were read from their files to be judged, call by call."""
    counts = []
    whole = judging.probabilities

    def counted(model, paths, shape, stepped):
        counts.append(len(paths))
        return whole(model, paths, shape, stepped)

    monkeypatch.setattr(judging, "probabilities", counted)
    return counts


def judged(run):
    return np.array([one.probabilities for one in run.judged])


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_stored_validation_images_give_what_the_saved_model_gives(
    output, tiny_recipe, images, tmp_path, read_from_pixels
):
    # Pixels / 255 make no head so sure that every probability is 0 or 1.
    recipe = override(tiny_recipe, [f"head.output={output}", "preprocess=rescale"])
    run = train(recipe, images, tmp_path / "run")
    assert run.judged_on == "val"
    assert read_from_pixels == []
    predicted = run.predict([one.path for one in images.split("val")])
    rows = [[one.probabilities[name] for name in run.class_names] for one in predicted]
    assert np.min(rows) > 0.01
    np.testing.assert_allclose(judged(run), rows, atol=1e-5)


def test_without_a_store_validation_images_are_read_from_pixels(
    tiny_recipe, images, tmp_path, read_from_pixels
):
    stored = train(tiny_recipe, images, tmp_path / "stored")
    plain = train(tiny_recipe, images, tmp_path / "plain", cache=False)
    assert read_from_pixels == [len(images.split("val"))]
    np.testing.assert_allclose(judged(plain), judged(stored), atol=1e-5)


def test_test_images_go_through_the_saved_model(
    tiny_recipe, tiny_folder, tmp_path, read_from_pixels
):
    run = train(tiny_recipe, load_images(tiny_folder), tmp_path / "run")
    assert run.judged_on == "test"
    assert read_from_pixels == [len(run.judged)]


def test_activations_of_another_image_size_are_not_used(
    tiny_recipe, images, tmp_path, read_from_pixels
):
    small = override(tiny_recipe, ["stage.1.size=12"])
    run = train(small, images, tmp_path / "run")
    assert read_from_pixels == [len(run.judged)]
