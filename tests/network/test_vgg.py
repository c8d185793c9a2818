"""The base by blocks: which layers exist, of which shape, and how they start."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest

from vgg_transfer.errors import WeightsError
from vgg_transfer.network.vgg import base_layers, load_tensors, seed_for
from vgg_transfer.recipe import Base

# As published: the number of convolutions in each block, and their filters.
CONVOLUTIONS = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}
FILTERS = (64, 128, 256, 512, 512)


def layer_names(base: Base) -> dict[str, list[str]]:
    return {
        block: [layer.name for layer in layers]
        for block, layers in base_layers(base, None, seed=0).items()
    }


def convolutions(base: Base, seed: int = 0) -> list[keras.layers.Conv2D]:
    return [
        layer
        for layers in base_layers(base, None, seed).values()
        for layer in layers
        if isinstance(layer, keras.layers.Conv2D)
    ]


def published_names(architecture: str, blocks: int) -> dict[str, list[str]]:
    return {
        f"block{number}": [
            *(f"block{number}_conv{place}" for place in range(1, count + 1)),
            f"block{number}_pool",
        ]
        for number, count in enumerate(CONVOLUTIONS[architecture][:blocks], start=1)
    }


@pytest.mark.parametrize("architecture", ["vgg16", "vgg19"])
def test_the_published_base_has_the_published_layers(architecture: str) -> None:
    layers = base_layers(Base(architecture=architecture, weights="none"), None, seed=0)
    names = {block: [layer.name for layer in chain] for block, chain in layers.items()}
    assert names == published_names(architecture, 5)
    for chain, filters in zip(layers.values(), FILTERS, strict=True):
        for layer in chain[:-1]:
            assert (layer.filters, layer.kernel_size, layer.padding) == (filters, (3, 3), "same")
            assert layer.activation is keras.activations.relu
        assert (chain[-1].pool_size, chain[-1].strides) == ((2, 2), (2, 2))


@pytest.mark.parametrize("architecture", ["vgg16", "vgg19"])
def test_another_width_keeps_the_names_and_scales_the_filters(architecture: str) -> None:
    base = Base(architecture=architecture, weights="none", width=0.1, blocks=4)
    assert layer_names(base) == published_names(architecture, 4)
    widths = {layer.name.split("_")[0]: layer.filters for layer in convolutions(base)}
    # A tenth of 64, 128, 256 and 512.
    assert widths == {"block1": 6, "block2": 13, "block3": 26, "block4": 51}
    assert {layer.activation for layer in convolutions(base)} == {keras.activations.relu}


def test_no_width_is_too_small_for_one_filter() -> None:
    assert {layer.filters for layer in convolutions(Base(weights="none", width=0.001))} == {1}


@pytest.mark.parametrize("width", [1.0, 0.1])
def test_truncation_keeps_a_prefix_of_the_blocks(width: float) -> None:
    base = Base(weights="none", width=width, blocks=2)
    assert layer_names(base) == published_names("vgg16", 2)


def test_batch_norm_stands_between_convolution_and_relu() -> None:
    layers = base_layers(Base(weights="none", batch_norm=True, width=0.05, blocks=3), None, 0)
    assert [layer.name for layer in layers["block3"]] == [
        *("block3_conv1", "block3_norm1", "block3_relu1"),
        *("block3_conv2", "block3_norm2", "block3_relu2"),
        *("block3_conv3", "block3_norm3", "block3_relu3"),
        "block3_pool",
    ]
    for chain in layers.values():
        kinds = [type(layer).__name__ for layer in chain]
        assert kinds == [*(["Conv2D", "BatchNormalization", "ReLU"] * (len(kinds) // 3)), kinds[-1]]
        assert kinds[-1] == "MaxPooling2D"
        for layer in chain[:-1:3]:
            assert layer.activation is keras.activations.linear


def test_a_negative_mean_is_normalised_before_relu_cuts_it_off() -> None:
    """Were ReLU first, an image of constant negative response would come out as zero."""
    base = Base(weights="none", batch_norm=True, width=0.001, blocks=1)
    convolution, norm, relu, *_ = base_layers(base, None, 0)["block1"]
    convolution.set_weights([np.zeros((3, 3, 3, 1)), np.array([-1.0])])
    norm.set_weights([np.array([1.0]), np.array([0.0]), np.array([-3.0]), np.array([1.0])])
    out = relu(norm(convolution(np.zeros((1, 4, 4, 3))), training=False))
    # (-1 - mean of -3) / sqrt(variance of 1 + Keras's epsilon of 0.001)
    assert np.asarray(out) == pytest.approx(2 / np.sqrt(1.001), rel=1e-5)


def test_he_draws_have_the_spread_that_keeps_relu_alive() -> None:
    for layer in convolutions(Base(weights="none", blocks=3, width=0.5, initialisation="he"))[1:]:
        kernel = np.asarray(layer.kernel)
        assert kernel.std() == pytest.approx(np.sqrt(2 / (9 * kernel.shape[2])), rel=0.05)
        assert not np.any(layer.bias)


def test_glorot_draws_fill_their_interval() -> None:
    for layer in convolutions(Base(weights="none", blocks=2, initialisation="glorot"))[1:]:
        kernel = np.asarray(layer.kernel)
        limit = np.sqrt(6 / (9 * kernel.shape[2] + 9 * kernel.shape[3]))
        assert 0.99 * limit < np.abs(kernel).max() <= limit
        assert not np.any(layer.bias)


def test_a_draw_depends_on_the_seed_and_the_layer_alone() -> None:
    def kernels(seed: int, blocks: int) -> list[np.ndarray]:
        base = Base(weights="none", blocks=blocks, width=0.1)
        return [np.asarray(layer.kernel) for layer in convolutions(base, seed)]

    first, longer, other = kernels(0, 2), kernels(0, 3), kernels(1, 2)
    assert all(np.array_equal(one, two) for one, two in zip(first, longer, strict=False))
    assert not any(np.array_equal(one, two) for one, two in zip(first, other, strict=True))
    *_, middle, last = longer
    assert middle.shape == last.shape
    assert not np.array_equal(middle, last)


def test_seeds_of_parts_are_their_own_and_fit_a_signed_integer() -> None:
    seeds = {
        seed_for(seed, name) for seed in range(100) for name in ("block1_conv1", "block1_conv2")
    }
    assert len(seeds) == 200
    assert all(0 <= seed < 2**31 for seed in seeds)


def test_tensors_land_in_the_layers_of_their_name() -> None:
    layers = base_layers(Base(weights="none", blocks=1, width=0.001), None, 0)
    tensors = {
        "block1_conv1/kernel": np.full((3, 3, 3, 1), 1.0, np.float32),
        "block1_conv1/bias": np.array([2.0], np.float32),
        "block1_conv2/kernel": np.full((3, 3, 1, 1), 3.0, np.float32),
        "block1_conv2/bias": np.array([4.0], np.float32),
        "block2_conv1/bias": np.array([5.0], np.float32),  # of a block that is not kept
    }
    load_tensors(layers, tensors, "here")
    first, second, _ = layers["block1"]
    assert [np.unique(value).tolist() for value in first.get_weights()] == [[1.0], [2.0]]
    assert [np.unique(value).tolist() for value in second.get_weights()] == [[3.0], [4.0]]


def test_tensors_of_another_shape_are_refused() -> None:
    layers = base_layers(Base(weights="none", blocks=1, width=0.001), None, 0)
    tensors = {
        "block1_conv1/kernel": np.zeros((3, 3, 3, 64), np.float32),
        "block1_conv1/bias": np.zeros(64, np.float32),
    }
    with pytest.raises(WeightsError) as caught:
        load_tensors(layers, tensors, "file x.h5")
    assert str(caught.value) == (
        "the weights from file x.h5 are of another network: block1_conv1 has the shape "
        "(3, 3, 3, 64) there and (3, 3, 3, 1) here"
    )
