"""What is known of a training before it: found from the list of images and the pixels of a few."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from support.examined import changed, examined
from support.patients import healthy_recipe

from vgg_transfer.doctor.before import examine_before
from vgg_transfer.doctor.images.pixels import pixel_range
from vgg_transfer.images import load_images

IMAGES = examined().image_set  # whose files are not there: no pixels can be read


def codes(found):
    return [finding.code for finding in found]


@pytest.fixture
def pets(tiny_folder, tmp_path):
    return shutil.copytree(tiny_folder, tmp_path / "pets")


def test_nothing_is_found_where_nothing_is_wrong():
    assert examine_before(healthy_recipe(), IMAGES) == ()


def test_recipe_and_list_are_examined():
    uneven = [one for one in IMAGES.records if one.label or one.split != "train"]
    few = [one for one in IMAGES.records if not one.label and one.split == "train"][:20]
    found = examine_before(healthy_recipe(batch_size=128), replace(IMAGES, records=(*few, *uneven)))
    assert codes(found) == ["one-step", "one-step", "imbalance"]
    leak = changed(examined(), 220, digest=IMAGES.records[3].digest).image_set
    assert codes(examine_before(healthy_recipe(), leak)) == ["leak"]


def test_what_recipe_and_images_say_themselves_is_not_said_again():
    foreign = healthy_recipe(preprocess="rescale")
    assert codes(foreign.findings) == ["foreign-preprocessing"]
    assert examine_before(foreign, IMAGES) == ()


def test_pixels_that_were_divided_before(pets):
    rng = np.random.default_rng(0)
    assert pixel_range(load_images(pets).records) == (0, 255)
    for file in pets.rglob("*.png"):
        Image.fromarray(rng.integers(0, 2, (24, 24, 3), np.uint8)).save(file)
    images = load_images(pets)
    (found,) = (one for one in examine_before(healthy_recipe(), images) if one.severity == "error")
    assert (found.code, found.seen[:22]) == ("divided-twice", "pixels go from 0 to 1 ")
    # One picture that is as pictures are is enough: the others are dark.
    bright = np.full((24, 24, 3), 200, np.uint8)
    Image.fromarray(bright).save(images.records[0].path)
    assert pixel_range(load_images(pets).records) == (0, 200)
