"""The whole network: what trains really trains, what is kept really serves."""

import itertools
import json
import os
import zipfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from vgg_transfer.network import Network, at_size, build_network, prepare, servable
from vgg_transfer.network.network import preprocess
from vgg_transfer.network.parts import frozen_digest
from vgg_transfer.recipe import Base, Head, Recipe, Stage
from vgg_transfer.run import Channels

STAGES = (Stage(train=("head",)),)
TINY = Recipe(size=16, base=Base(weights="none", blocks=2, width=0.1), stage=STAGES)
BATCH_NORM = Recipe(
    size=16, base=Base(weights="none", blocks=2, width=0.1, batch_norm=True), stage=STAGES
)


def noise(count: int, height: int = 16, width: int = 16) -> NDArray[np.uint8]:
    """Return images of noise, grey enough for probabilities that are not all 0 and 1."""
    return np.random.default_rng(7).integers(108, 124, (count, height, width, 3), np.uint8)


def values_of(network: Network) -> dict[str, dict[str, NDArray[np.float32]]]:
    """Return every weight of every block, moving averages included."""
    return {
        block: {weight.path: weight.numpy() for layer in layers for weight in layer.weights}
        for block, layers in network.blocks.items()
    }


def blocks_that_moved(network: Network, train: tuple[str, ...]) -> dict[str, float]:
    """Prepare and take one step; return the share of each block's weights that changed."""
    prepare(network, network.model, train, keras.optimizers.SGD(0.01), dropout=0.0)
    before = values_of(network)
    targets = np.eye(network.classes, dtype=np.float32)[[0, 1, 2, 0, 1, 2, 0, 1]]
    network.model.fit(noise(8).astype(np.float32), targets, batch_size=8, verbose=0)
    after = values_of(network)
    return {
        block: float(
            np.mean([not np.array_equal(value, after[block][path]) for path, value in old.items()])
        )
        for block, old in before.items()
    }


@pytest.mark.parametrize(
    "train", [("head",), ("block2", "head"), ("block1",), ("block1", "block2", "head")]
)
def test_exactly_the_blocks_that_train_are_trainable_and_move(train: tuple[str, ...]) -> None:
    network = build_network(TINY, classes=3, weights=None, seed=0)
    moved = blocks_that_moved(network, train)
    trainable = {id(variable) for variable in network.model.trainable_variables}
    for block, layers in network.blocks.items():
        weights = {id(weight) for layer in layers for weight in layer.weights}
        assert weights <= trainable if block in train else not weights & trainable
    assert moved == {block: float(block in train) for block in network.blocks}


def test_what_trains_may_change_from_stage_to_stage() -> None:
    """In Keras 3 a change of ``trainable`` without another ``compile`` would do nothing here."""
    network = build_network(TINY, classes=3, weights=None, seed=0)
    assert blocks_that_moved(network, ("head",))["block2"] == 0.0
    moved = blocks_that_moved(network, ("block2",))
    assert (moved["block1"], moved["block2"]) == (0.0, 1.0)
    assert blocks_that_moved(network, ("head",))["block2"] == 0.0


def test_frozen_batch_norm_keeps_its_moving_averages() -> None:
    network = build_network(BATCH_NORM, classes=3, weights=None, seed=0)
    moved = blocks_that_moved(network, ("block2", "head"))
    assert moved["block1"] == 0.0
    before = values_of(network)["block2"]
    moving = [path for path in before if "moving" in path]
    assert len(moving) == 4  # mean and variance of two layers
    # They start at 0 and 1, and have moved in the block that trains.
    assert all(not np.all(np.isin(before[path], (0.0, 1.0))) for path in moving)


def test_preparing_sets_every_dropout() -> None:
    recipe = TINY.changed(head=Head(dense=(4, 4), dropout=0.5))
    network = build_network(recipe, classes=3, weights=None, seed=0)
    prepare(network, network.model, ("head",), "adam", dropout=0.25)
    rates = [
        layer.rate for layer in network.model.layers if isinstance(layer, keras.layers.Dropout)
    ]
    assert rates == [0.25, 0.25]


def test_preprocessing_is_that_of_the_published_weights() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (3, 16, 16, 3)).astype(np.float32)
    expected = keras.applications.vgg16.preprocess_input(pixels.copy())
    assert np.array_equal(preprocess(TINY, pixels), expected)
    # By hand: red 10, green 20, blue 30 become blue, green, red less their means.
    one = preprocess(TINY, np.array([[[[10, 20, 30]]]], np.float32))
    assert np.asarray(one).ravel() == pytest.approx([30 - 103.939, 20 - 116.779, 10 - 123.68])


def test_rescaling_divides_by_255_and_keeps_the_order() -> None:
    recipe = TINY.changed(preprocess="rescale")
    one = preprocess(recipe, np.array([[[[0, 51, 255]]]], np.float32))
    assert np.asarray(one).ravel() == pytest.approx([0, 0.2, 1])


@pytest.mark.parametrize("width", [1.0, 0.1])
def test_dropped_blocks_are_not_in_the_saved_model(width: float, tmp_path: Path) -> None:
    base = Base(weights="none", blocks=2, width=width)
    network = build_network(TINY.changed(base=base), 3, None, seed=0)
    file = tmp_path / "model.keras"
    servable(network).save(file)
    model = keras.saving.load_model(file)
    blocks = [layer.name for layer in model.layers if layer.name.startswith("block")]
    assert blocks == [
        *("block1_conv1", "block1_conv2", "block1_pool"),
        *("block2_conv1", "block2_conv2", "block2_pool"),
    ]
    filters = [round(64 * width), round(128 * width)]
    wide = [3, filters[0], filters[0], filters[1], filters[1]]
    convolutions = sum(9 * a * b + b for a, b in itertools.pairwise(wide))
    assert model.count_params() == convolutions + 3 * filters[1] + 3
    with zipfile.ZipFile(file) as archive:
        assert "block3" not in json.dumps(json.loads(archive.read("config.json")))


def test_the_model_to_keep_takes_raw_pixels_of_any_size(tmp_path: Path) -> None:
    network = build_network(TINY, classes=3, weights=None, seed=0)
    model = servable(network)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for height, width in ((16, 16), (20, 31), (9, 8)):
        chances = model.predict(noise(2, height, width), verbose=0)
        assert chances.shape == (2, 3)
        assert chances.sum(axis=1) == pytest.approx(1.0)
        assert np.array_equal(loaded.predict(noise(2, height, width), verbose=0), chances)


@pytest.mark.parametrize(("classes", "seed"), [(2, 0), (3, 1)])
def test_the_model_to_keep_gives_the_probabilities_of_the_logits(classes: int, seed: int) -> None:
    network = build_network(TINY, classes, weights=None, seed=seed)
    logits = network.model.predict(noise(4).astype(np.float32), verbose=0)
    assert logits.shape == (4, 1 if classes == 2 else 3)
    if classes == 2:
        by_hand = 1 / (1 + np.exp(-logits))
    else:
        by_hand = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert np.all((by_hand > 1e-5) & (by_hand < 1 - 1e-5))  # so that the comparison says something
    assert servable(network).predict(noise(4), verbose=0) == pytest.approx(by_hand, abs=1e-6)


def test_crop_cuts_the_longer_side_and_pad_adds_black() -> None:
    pixels = noise(2, 16, 32)
    padded = np.zeros((2, 32, 32, 3), np.uint8)
    padded[:, 8:24] = pixels

    def chances(how: str, size: int, seen: NDArray[np.uint8]) -> NDArray[np.float32]:
        recipe = TINY.changed(resize=how, size=size)
        return np.asarray(servable(build_network(recipe, 3, None, seed=0)).predict(seen, verbose=0))

    # Of 16 x 32, the middle 16 x 16 is what "crop" keeps; no pixel has to be resampled.
    cropped = chances("crop", 16, pixels)
    assert np.array_equal(cropped, chances("squash", 16, pixels[:, :, 8:24]))
    # "pad" to 32 x 32 puts 8 black rows above and below.
    assert np.array_equal(chances("pad", 32, pixels), chances("squash", 32, padded))
    assert not np.array_equal(cropped, chances("squash", 16, pixels))


def test_training_afterwards_shows_in_the_model_to_keep() -> None:
    network = build_network(TINY, classes=3, weights=None, seed=0)
    model = servable(network)
    before = model.predict(noise(2), verbose=0)
    blocks_that_moved(network, ("head", "block2"))
    assert not np.array_equal(model.predict(noise(2), verbose=0), before)


def test_the_same_seed_gives_the_same_network() -> None:
    def outputs(seed: int) -> NDArray[np.float32]:
        model = build_network(TINY, 3, None, seed).model
        return np.asarray(model.predict(noise(2).astype(np.float32), verbose=0))

    assert np.array_equal(outputs(1), outputs(1))
    assert not np.array_equal(outputs(1), outputs(2))


def test_bf16_is_the_base_s_alone_and_leaves_keras_as_it_was() -> None:
    before = keras.config.dtype_policy()
    network = build_network(TINY, 3, None, seed=0, precision="mixed_bfloat16")
    assert keras.config.dtype_policy() is before
    assert {layer.compute_dtype for layer in network.blocks["block2"]} == {"bfloat16"}
    assert {layer.compute_dtype for layer in network.blocks["head"]} == {"float32"}
    assert {str(variable.dtype) for variable in network.model.trainable_variables} == {"float32"}
    plain = build_network(TINY, 3, None, seed=0)
    pixels = noise(4).astype(np.float32)
    logits, rounded = (np.asarray(n.model(pixels)) for n in (plain, network))
    assert (logits.dtype, rounded.dtype) == (np.float32, np.float32)
    # bf16 keeps 8 bits of a number: about 1 % over four layers, and not nothing.
    assert not np.array_equal(rounded, logits)
    assert np.abs(rounded - logits).max() < 0.05 * np.abs(logits).max()


def test_keras_is_left_as_it_was_when_a_network_cannot_be_built() -> None:
    before = keras.config.dtype_policy()
    with pytest.raises(ValueError, match="float17"):
        build_network(TINY, 3, None, seed=0, precision="float17")
    assert keras.config.dtype_policy() is before


CHANNELS = Channels((100.0, 50.0, 0.0), (20.0, 10.0, 1.0))


def test_standardizing_takes_away_the_mean_and_divides_by_the_deviation() -> None:
    recipe = TINY.changed(preprocess="standardize")
    one = preprocess(recipe, np.array([[[[120, 45, 3]]]], np.float32), CHANNELS)
    assert np.asarray(one).ravel() == pytest.approx([1, -0.5, 3], abs=1e-6)
    with pytest.raises(ValueError, match="needs the channels of the training images"):
        build_network(recipe, 3, None, seed=0)


def test_the_channels_decide_the_activations_and_so_their_digest() -> None:
    recipe = TINY.changed(preprocess="standardize")
    others = Channels(CHANNELS.mean, (20.0, 10.0, 1.5))
    same, again, other = (
        build_network(recipe, 3, None, seed=0, channels=channels)
        for channels in (CHANNELS, Channels(CHANNELS.mean, CHANNELS.deviation), others)
    )
    assert frozen_digest(same, same.below("block2")) == frozen_digest(again, again.below("block2"))
    assert frozen_digest(same, same.below("block2")) != frozen_digest(other, other.below("block2"))


def test_channels_stay_with_the_network_at_another_size() -> None:
    recipe = TINY.changed(preprocess="standardize")
    network = build_network(recipe, 3, None, seed=0, channels=CHANNELS)
    assert at_size(network, 8).channels == CHANNELS
    layer = at_size(network, 8).model.get_layer("preprocess")
    assert layer.get_config() == network.model.get_layer("preprocess").get_config()
