"""A run that is sure of its answers, and its model in every format, made once."""

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.artefacts.runtimes import MODELS
from vgg_transfer.exports.export import export
from vgg_transfer.images import Splitting, load_images
from vgg_transfer.images.splits import Shares
from vgg_transfer.recipe import from_toml
from vgg_transfer.training import train

RECIPE = """
name = "sure"
size = 16
precision = "fp32"
base = { weights = "none", blocks = 2, width = 0.2 }
[[stage]]
train = ["head"]
optimizer = "exact"
"""


@pytest.fixture(scope="session")
def red_and_blue(tmp_path_factory):
    """So many pictures that references are found among those held out."""
    folder = tmp_path_factory.mktemp("photographs") / "red & blue"
    rng = np.random.default_rng(1)
    for name, colour in {"blue": (60, 80, 200), "red": (200, 70, 60)}.items():
        (folder / name).mkdir(parents=True)
        for number in range(50):
            pixels = np.clip(rng.normal(colour, 40, (24, 30, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number:02}.png")
    return folder


@pytest.fixture(scope="session")
def sure_run(red_and_blue, tmp_path_factory):
    """Red and blue are told apart by the filters that were drawn, and by a solved head."""
    images = load_images(red_and_blue, splitting=Splitting(Shares(0.3, 0.2)))
    return train(from_toml(RECIPE), images, tmp_path_factory.mktemp("sure") / "sure run")


@pytest.fixture(scope="session")
def made(sure_run, tmp_path_factory):
    """The exported models, by format."""
    found = export(sure_run, list(MODELS), tmp_path_factory.mktemp("exports") / "all formats")
    return {one.checked.format: one for one in found}
