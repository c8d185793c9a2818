"""What many tests need: images of coloured noise, a recipe of a few filters, one trained run."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.recipe import Recipe, from_toml
from vgg_transfer.run import Run

COLOURS = {"blue": (60, 80, 200), "red": (200, 70, 60)}
IMAGES_PER_CLASS = 12


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_tests(tmp_path_factory):
    """Keep stored activations away from the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VGG_TRANSFER_CACHE", str(tmp_path_factory.mktemp("activations")))
        yield


@pytest.fixture(scope="session")
def tiny_recipe() -> Recipe:
    """A network of a few filters that trains in a second."""
    return from_toml(
        """
        name = "tiny"
        size = 16
        precision = "fp32"
        base = { weights = "none", blocks = 2, width = 0.05 }
        [[stage]]
        train = ["head", "block2"]
        epochs = 1
        """
    )


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory) -> Path:
    """Two classes of coloured noise, one folder each. Do not change it: it is shared."""
    folder = tmp_path_factory.mktemp("data") / "tiny images"
    rng = np.random.default_rng(0)
    for name, colour in COLOURS.items():
        (folder / name).mkdir(parents=True)
        for number in range(IMAGES_PER_CLASS):
            pixels = np.clip(rng.normal(colour, 40, (24, 24, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number:02}.png")
    return folder


@pytest.fixture(scope="session")
def tiny_run(tiny_recipe, tiny_folder, tmp_path_factory) -> Run:
    """A finished training of the tiny recipe on the tiny folder. Do not change its folder."""
    from vgg_transfer.images import load_images
    from vgg_transfer.training import train

    return train(tiny_recipe, load_images(tiny_folder), tmp_path_factory.mktemp("runs") / "tiny")
