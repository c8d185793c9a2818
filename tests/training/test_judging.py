"""Judging on validation images: from stored activations, with the same result as from pixels."""

from dataclasses import replace

import numpy as np
import pytest
from support.heard import Heard

from vgg_transfer.deploy import evaluate
from vgg_transfer.events import PassBegan
from vgg_transfer.images import load_images
from vgg_transfer.recipe import override
from vgg_transfer.run import read
from vgg_transfer.training import judging, train

pytestmark = pytest.mark.usefixtures("step_by_step")


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


@pytest.mark.parametrize(("tta", "renderings"), [("flip", 2), ("3", 4)])
@pytest.mark.parametrize("split", ["test", "val"])
def test_a_training_is_judged_as_its_recipe_averages(
    tta, renderings, split, tiny_recipe, tiny_folder, images, tmp_path
):
    recipe = override(
        tiny_recipe, [f"tta={tta}", "augmentation.brightness=0.5", "preprocess=rescale"]
    )
    heard = Heard()
    image_set = load_images(tiny_folder) if split == "test" else images
    run = train(recipe, image_set, tmp_path / "run", listen=heard)
    assert (run.judged_on, read(run.folder).recipe.tta) == (split, recipe.tta)
    # What evaluate finds with the saved model, by the recipe and by the option.
    again = evaluate(run)
    assert again.averaging == recipe.tta
    assert again.metrics.log_loss == pytest.approx(run.metrics.log_loss, abs=1e-5)
    paths = [one.path for one in image_set.split(split)]
    plain = run.predict(paths, averaging="none")
    rows = [[one.probabilities[name] for name in run.class_names] for one in plain]
    assert np.abs(judged(run) - rows).max() > 1e-4
    (told,) = [one for one in heard.all(PassBegan) if one.what.startswith("judges the model")]
    assert "averaged over" in told.what
    assert told.steps == renderings * -(-len(paths) // recipe.batch_size)


def test_without_averaging_nothing_changes(tiny_recipe, tiny_folder, tmp_path, tiny_run):
    """To the bit: what the recipe leaves out is what ``none`` says."""
    run = train(override(tiny_recipe, ["tta=none"]), load_images(tiny_folder), tmp_path / "run")
    assert run.judged == tiny_run.judged
