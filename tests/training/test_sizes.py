"""Stages with an image size of their own: same layers, own stores; the recipe's size is judged."""

import keras
import numpy as np
import pytest
from support.weights import weights_of

from vgg_transfer.activations import listing
from vgg_transfer.errors import RecipeError
from vgg_transfer.images import load_images
from vgg_transfer.network import at_size, build_network
from vgg_transfer.recipe import Base, Recipe, Stage, from_toml
from vgg_transfer.training import train
from vgg_transfer.training.planning.views import choose_views

pytestmark = pytest.mark.usefixtures("step_by_step")

BASE = Base(weights="none", blocks=2, width=0.05)
SMALL_THEN_LARGE = """
name = "growing"
size = 32
precision = "fp32"
preprocess = "rescale"
base = { weights = "none", blocks = 2, width = 0.05 }
[augmentation]
flip = "horizontal"
[[stage]]
train = ["head"]
epochs = 1
size = 16
views = "plain"
[[stage]]
train = ["head", "block2"]
epochs = 1
views = 2
"""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_every_size_has_a_store_of_its_own_and_the_last_one_is_judged(tiny_folder, cache, tmp_path):
    run = train(from_toml(SMALL_THEN_LARGE), load_images(tiny_folder), tmp_path / "run")
    assert {entry.what.split(", ", 1)[1] for entry in listing(cache)} == {
        "16 px, float32, plain",  # for the head
        "32 px, float32, plain",  # the validation images of block2
        "32 px, float32, augmented",
    }
    model = keras.saving.load_model(run.model_file, compile=False)
    assert model.get_layer("resize").height == 32
    assert run.metrics is not None


def test_the_store_changes_nothing_at_any_size(tiny_folder, cache, tmp_path):
    recipe = from_toml(SMALL_THEN_LARGE.replace("views = 2", 'views = "plain"'))
    images = load_images(tiny_folder)
    stored = train(recipe, images, tmp_path / "stored")
    computed = train(recipe, images, tmp_path / "computed", cache=False)
    for ours, theirs in zip(weights_of(stored), weights_of(computed), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_network_at_another_size_has_the_very_same_layers():
    network = build_network(
        Recipe(size=32, base=BASE, preprocess="rescale", stage=(Stage(train=("head",)),)),
        2,
        None,
        0,
    )
    small = at_size(network, 16)
    assert at_size(network, 32) is network
    assert small.recipe.size == 16
    assert small.model.input.shape[1:] == (16, 16, 3)
    assert small.blocks is network.blocks
    network.blocks["block1"][0].bias.assign(np.full(3, 7.0))
    assert {id(v) for v in small.model.weights} == {id(v) for v in network.model.weights}


def test_the_cost_of_a_small_stage_is_estimated_at_its_own_size():
    """Views of 16 px images cost a quarter of those of 32 px, so each size is decided by itself."""
    small = Stage(train=("head",), epochs=40, size=16)
    large = Stage(train=("head",), epochs=1)
    recipe = Recipe(
        size=32,
        base=BASE,
        preprocess="rescale",
        augmentation={"flip": "horizontal"},
        stage=(small, large),
    )
    seen = choose_views(build_network(recipe, 2, None, 0), recipe.stage, 100, 20, 1.0)
    assert seen[0].views == 4  # 40 epochs pay for four renderings
    assert seen[1].views == 0  # one epoch does not
    assert seen[1].cut is None


def test_a_flattened_head_fits_one_size_only():
    with pytest.raises(RecipeError) as caught:
        from_toml(SMALL_THEN_LARGE + '[head]\npooling = "flatten"\n')
    assert (
        'head.pooling = "flatten" fits one image size only, but stage.1.size differs from '
        'size = 32: pool the head ("average"), or leave it out'
    ) in str(caught.value)


def test_a_size_too_small_for_the_blocks_names_its_stage():
    with pytest.raises(RecipeError) as caught:
        from_toml(SMALL_THEN_LARGE.replace("blocks = 2", "blocks = 5").replace("= 16", "= 24"))
    assert "stage.1.size = 24 is too small for 5 blocks" in str(caught.value)


def test_a_last_stage_at_another_size_is_a_finding():
    recipe = from_toml(SMALL_THEN_LARGE + "size = 16\n")
    assert (
        "the last stage trains at 16 px, but the model is judged and used at size = 32 px: let "
        "the last stage train at that size"
    ) in [finding.sentence for finding in recipe.findings if finding.code == "last-size"]
    assert "last-size" not in [one.code for one in from_toml(SMALL_THEN_LARGE).findings]
