"""The whole network: preprocessing, base by blocks, head; and what is made of it."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import keras
from keras import ops

from vgg_transfer.images.resize import resizing
from vgg_transfer.network.base_weights import Weights
from vgg_transfer.network.head_layers import (
    accuracy_for,
    apply_head,
    head_layers,
    loss_for,
)
from vgg_transfer.network.probabilities import probabilities_layer
from vgg_transfer.network.vgg import base_layers
from vgg_transfer.recipe import Recipe
from vgg_transfer.run import Channels

# The means that the published weights were trained with, in their order: blue, green, red.
_IMAGENET_MEANS = (103.939, 116.779, 123.68)


@dataclass(frozen=True)
class Network:
    """A network addressed by block.

    ``model`` maps float32 RGB pixels 0..255 of the recipe's size to logits; ``blocks`` holds its
    layers from ``block1`` to ``head``. ``channels`` are those of the training images, where the
    recipe standardizes by them.
    """

    model: keras.Model
    blocks: Mapping[str, tuple[keras.Layer, ...]]
    recipe: Recipe
    classes: int
    channels: Channels | None = None

    def below(self, cut: str) -> tuple[str, ...]:
        """Return the blocks below a cut, lowest first."""
        names = tuple(self.blocks)
        return names[: names.index(cut)]

    def above(self, cut: str | None) -> tuple[str, ...]:
        """Return the blocks from a cut (None: the pixels) to the head."""
        names = tuple(self.blocks)
        return names if cut is None else names[names.index(cut) :]


def build_network(
    recipe: Recipe,
    classes: int,
    weights: Weights | None,
    seed: int,
    precision: str = "float32",
    channels: Channels | None = None,
) -> Network:
    """Build the recipe's network with its starting weights, computing in a Keras dtype policy.

    ``channels`` are needed where the recipe standardizes.
    """
    with _policy(precision):
        blocks = dict(base_layers(recipe.base, weights, seed))
        blocks["head"] = head_layers(recipe.head, classes, seed)
        model = _model(blocks, recipe, channels)
    return Network(model, blocks, recipe, classes, channels)


def at_size(network: Network, size: int) -> Network:
    """Return the same layers as a network for images of another size."""
    if size == network.recipe.size:
        return network
    recipe = network.recipe.changed(size=size)
    model = _model(network.blocks, recipe, network.channels)
    return replace(network, model=model, recipe=recipe)


def _model(
    blocks: Mapping[str, tuple[keras.Layer, ...]], recipe: Recipe, channels: Channels | None
) -> keras.Model:
    pixels = keras.Input((recipe.size, recipe.size, 3), name="pixels")
    logits = apply_blocks(blocks, preprocess(recipe, pixels, channels))
    return keras.Model(pixels, logits, name="vgg_transfer")


def preprocess(recipe: Recipe, pixels: Any, channels: Channels | None = None) -> Any:
    """Turn RGB pixels 0..255 into what the base expects, in float32."""
    if recipe.preprocess == "standardize":
        if channels is None:
            raise ValueError('preprocess = "standardize" needs the channels of the training images')
        scale = [1 / deviation for deviation in channels.deviation]
        offset = [-m / d for m, d in zip(channels.mean, channels.deviation, strict=True)]
        return keras.layers.Rescaling(scale, offset, name="preprocess", dtype="float32")(pixels)
    if recipe.preprocess == "rescale":
        return keras.layers.Rescaling(1 / 255, name="preprocess", dtype="float32")(pixels)
    offsets = [-mean for mean in _IMAGENET_MEANS]
    scaled = keras.layers.Rescaling(1.0, offset=offsets, name="preprocess", dtype="float32")
    return scaled(ops.flip(pixels, axis=-1))


def apply_blocks(blocks: Mapping[str, tuple[keras.Layer, ...]], tensor: Any) -> Any:
    """Apply blocks one after another; layers are shared, nothing is copied."""
    for name, layers in blocks.items():
        tensor = apply_block(name, layers, tensor)
    return tensor


def apply_block(name: str, layers: tuple[keras.Layer, ...], tensor: Any) -> Any:
    """Apply one block, or the head."""
    if name == "head":
        return apply_head(layers, tensor)
    for layer in layers:
        tensor = layer(tensor)
    return tensor


def prepare(
    network: Network,
    model: keras.Model,
    train: tuple[str, ...],
    optimizer: keras.Optimizer | str,
    dropout: float,
    jit_compile: bool | str = False,
) -> None:
    """Set what trains AND compile: Keras 3 ignores the one without the other.

    ``model`` is the network's own model or a part of it that shares its layers.
    """
    for block, layers in network.blocks.items():
        for layer in layers:
            layer.trainable = block in train
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = dropout
    model.compile(
        optimizer=optimizer,
        loss=loss_for(network.recipe.head, network.classes),
        metrics=[accuracy_for(network.recipe.head, network.classes)],
        jit_compile=jit_compile,
    )


def servable(network: Network) -> keras.Model:
    """Return the model to keep: raw RGB pixels of any size in, probabilities out."""
    recipe = network.recipe
    pixels = keras.Input((None, None, 3), name="pixels")
    resized = resizing(recipe.size, recipe.resize)(pixels)
    logits = apply_blocks(network.blocks, preprocess(recipe, resized, network.channels))
    probabilities = probabilities_layer(recipe.head, network.classes)(logits)
    return keras.Model(pixels, probabilities, name="vgg_transfer")


@contextlib.contextmanager
def _policy(name: str) -> Iterator[None]:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
