"""The saved model answers as it was measured, for somebody who has Keras and not this package."""

import json
import subprocess
import sys
import zipfile

import numpy as np
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

model = keras.saving.load_model(sys.argv[1])
pixels = np.load(sys.argv[2])
assert pixels.dtype == np.uint8
np.save(sys.argv[3], np.stack([model.predict(image[None], verbose=0)[0] for image in pixels]))
assert "vgg_transfer" not in sys.modules
"""


def elsewhere(run, pixels, folder):
    """Return what the run's model answers to raw pixels in a process that has only Keras."""
    np.save(folder / "pixels.npy", pixels)
    script = folder / "elsewhere.py"
    script.write_text(ELSEWHERE)
    files = [run.model_file, folder / "pixels.npy", folder / "found.npy"]
    subprocess.run([sys.executable, script, *files], check=True, cwd=folder)
    return np.load(folder / "found.npy")


def test_plain_keras_gives_the_same_probabilities_from_raw_pixels(tiny_run, tiny_folder, tmp_path):
    test = load_images(tiny_folder).split("test")
    pixels = np.stack([decode(record.path) for record in test])
    assert pixels.shape[1:3] != (tiny_run.recipe.size, tiny_run.recipe.size)
    found = elsewhere(tiny_run, pixels, tmp_path)[:, 0]
    judged = [one.probabilities[1] for one in tiny_run.judged]
    assert len(judged) > 1
    assert np.abs(found - judged).max() < 1e-5


def test_softmax_and_padding_travel_with_the_model_too(tmp_path):
    drawn = np.random.default_rng(0)
    for name, colour in {"a": (200, 60, 60), "b": (60, 200, 60), "c": (60, 60, 200)}.items():
        (tmp_path / "data" / name).mkdir(parents=True)
        for number in range(8):
            pixels = np.clip(drawn.normal(colour, 40, (20, 33, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / "data" / name / f"{number}.png")
    images = load_images(tmp_path / "data")
    recipe = Recipe(
        size=16,
        resize="pad",
        precision="fp32",
        base=Base(weights="none", blocks=2, width=0.1),
        stage=(Stage(train=("head", "block2"), epochs=1),),
    )
    run = train(recipe, images, tmp_path / "run")
    found = elsewhere(run, np.stack([decode(one.path) for one in images.split("test")]), tmp_path)
    judged = np.array([one.probabilities for one in run.judged])
    assert found.shape == judged.shape == (len(images.split("test")), 3)
    assert np.abs(found - judged).max() < 1e-5


def test_the_standardization_of_pixels_travels_with_the_model(tiny_recipe, tiny_folder, tmp_path):
    images = load_images(tiny_folder)
    recipe = tiny_recipe.changed(preprocess="standardize")
    run = train(recipe, images, tmp_path / "run")
    pixels = np.stack([decode(one.path) for one in images.split("test")])
    judged = [one.probabilities[1] for one in run.judged]
    assert np.abs(elsewhere(run, pixels, tmp_path)[:, 0] - judged).max() < 1e-5


def test_class_names_lie_inside_the_model(tiny_run):
    with zipfile.ZipFile(tiny_run.model_file) as archive:
        assert json.loads(archive.read("class_names.json")) == ["blue", "red"]
