"""The saved model answers as it was measured, for somebody who has Keras and not this package."""

import json
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.images import load_images
from vgg_transfer.images.decode import decode
from vgg_transfer.recipe import Base, Recipe, Stage
from vgg_transfer.training import train

# Runs in a process of its own, which never imports vgg_transfer.
ELSEWHERE = """
import sys
import numpy as np
import keras

for model_file, pixels_file, found_file in zip(*[iter(sys.argv[1:])] * 3):
    model = keras.saving.load_model(model_file)
    pixels = np.load(pixels_file)
    assert pixels.dtype == np.uint8
    np.save(found_file, np.stack([model.predict(image[None], verbose=0)[0] for image in pixels]))
assert "vgg_transfer" not in sys.modules
"""


def pixels_of(images):
    return np.stack([decode(record.path) for record in images.split("test")])


@pytest.fixture(scope="module")
def padded(tmp_path_factory):
    """A softmax over three classes of oblong images, which are padded; and the images."""
    folder, drawn = tmp_path_factory.mktemp("oblong"), np.random.default_rng(0)
    for name, colour in {"a": (200, 60, 60), "b": (60, 200, 60), "c": (60, 60, 200)}.items():
        (folder / "data" / name).mkdir(parents=True)
        for number in range(8):
            pixels = np.clip(drawn.normal(colour, 40, (20, 33, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / "data" / name / f"{number}.png")
    images = load_images(folder / "data")
    recipe = Recipe(
        size=16,
        resize="pad",
        precision="fp32",
        base=Base(weights="none", blocks=2, width=0.1),
        stage=(Stage(train=("head", "block2"), epochs=1),),
    )
    return train(recipe, images, folder / "run"), images


@pytest.fixture(scope="module")
def standardized(tiny_recipe, images, tmp_path_factory):
    folder = tmp_path_factory.mktemp("standardized") / "run"
    return train(tiny_recipe.changed(preprocess="standardize"), images, folder)


@pytest.fixture(scope="module")
def elsewhere(tiny_run, padded, standardized, images, tmp_path_factory):
    """What the runs' models answer to raw pixels in a process that has only Keras, by run."""
    folder = tmp_path_factory.mktemp("elsewhere")
    script = folder / "elsewhere.py"
    script.write_text(ELSEWHERE)
    runs = {"tiny": (tiny_run, images), "padded": padded, "standardized": (standardized, images)}
    files = []
    for name, (run, its_images) in runs.items():
        np.save(folder / f"{name} pixels.npy", pixels_of(its_images))
        files += [run.model_file, folder / f"{name} pixels.npy", folder / f"{name} found.npy"]
    subprocess.run([sys.executable, script, *files], check=True, cwd=folder)
    return {name: np.load(folder / f"{name} found.npy") for name in runs}


def test_plain_keras_gives_the_same_probabilities_from_raw_pixels(tiny_run, images, elsewhere):
    assert pixels_of(images).shape[1:3] != (tiny_run.recipe.size, tiny_run.recipe.size)
    judged = [one.probabilities[1] for one in tiny_run.judged]
    assert len(judged) > 1
    assert np.abs(elsewhere["tiny"][:, 0] - judged).max() < 1e-5


def test_softmax_and_padding_travel_with_the_model_too(padded, elsewhere):
    run, images = padded
    judged = np.array([one.probabilities for one in run.judged])
    assert elsewhere["padded"].shape == judged.shape == (len(images.split("test")), 3)
    assert np.abs(elsewhere["padded"] - judged).max() < 1e-5


def test_the_standardization_of_pixels_travels_with_the_model(standardized, elsewhere):
    judged = [one.probabilities[1] for one in standardized.judged]
    assert np.abs(elsewhere["standardized"][:, 0] - judged).max() < 1e-5


def test_class_names_lie_inside_the_model(tiny_run):
    with zipfile.ZipFile(tiny_run.model_file) as archive:
        assert json.loads(archive.read("class_names.json")) == ["blue", "red"]
