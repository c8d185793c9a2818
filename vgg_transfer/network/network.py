"""The whole network: preprocessing, base by blocks and head; building, compiling, exporting it."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import keras
from keras import ops

from vgg_transfer.images.resize import resizing
from vgg_transfer.network.base_weights import Weights
from vgg_transfer.network.head_layers import accuracy_for, draw_head, head_layers, loss_for
from vgg_transfer.network.passage import apply_blocks
from vgg_transfer.network.probabilities import probabilities_layer
from vgg_transfer.network.vgg import base_layers
from vgg_transfer.recipe import Recipe
from vgg_transfer.run import Channels

# The means that the published weights were trained with, in their order: blue, green, red.
_IMAGENET_MEANS = (103.939, 116.779, 123.68)


@dataclass(frozen=True)
class Network:
    """A network whose layers are addressed by block."""

    model: keras.Model
    """From float32 RGB pixels 0..255 of the recipe's size to logits."""
    blocks: Mapping[str, tuple[keras.Layer, ...]]
    """The layers of each block, from ``block1`` to ``head``."""
    recipe: Recipe
    classes: int
    """The number of classes, at least 2."""
    channels: Channels | None = None
    """Mean and deviation of the training images, where the recipe standardizes by them."""

    @property
    def dtype(self) -> str:
        """The dtype in which the base computes."""
        return str(self.blocks["block1"][0].compute_dtype)

    def below(self, cut: str) -> tuple[str, ...]:
        """Return the blocks below a cut, lowest first."""
        names = tuple(self.blocks)
        return names[: names.index(cut)]

    def above(self, cut: str | None) -> tuple[str, ...]:
        """Return the blocks from a cut to the head; all of them for None."""
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
    """Build the recipe's network with its starting weights.

    Args:
        recipe: decides base, head, size and preprocessing.
        classes: the number of classes, at least 2.
        weights: of the base, from ``resolve_weights``; None: drawn with the seed. Of a run, what
            fits of its head as well.
        seed: of all that is drawn: the head, and the base where ``weights`` is None.
        precision: the Keras dtype policy of the base; the head computes in float32.
            Default: ``"float32"``.
        channels: mean and deviation of the training images, needed where the recipe standardizes.
            Default: None.

    Raises:
        WeightsError: the weights are of another network.
    """
    with _policy(precision):
        blocks = dict(base_layers(recipe.base, weights, seed))
        blocks["head"] = head_layers(recipe.head, classes, seed)
        model = _model(blocks, recipe, channels)
    draw_head(blocks["head"])
    if weights is not None and weights.run is not None:
        weights.run.put_into(blocks, recipe.preprocess, weights.source)
    return Network(model, blocks, recipe, classes, channels)


def at_size(network: Network, size: int) -> Network:
    """Return a network of the same layers for images of another size.

    Args:
        network: stays as it is, and shares its layers with what is returned.
        size: the side of the images, in pixels.
    """
    if size == network.recipe.size:
        return network
    recipe = network.recipe.changed(size=size)
    model = _model(network.blocks, recipe, network.channels)
    return replace(network, model=model, recipe=recipe)


def _model(
    blocks: Mapping[str, tuple[keras.Layer, ...]], recipe: Recipe, channels: Channels | None
) -> keras.Model:
    pixels = keras.Input((recipe.size, recipe.size, 3), name="pixels")
    logits = apply_blocks(blocks, recipe.head, preprocess(recipe, pixels, channels))
    return keras.Model(pixels, logits, name="vgg_transfer")


def preprocess(recipe: Recipe, pixels: Any, channels: Channels | None = None) -> Any:
    """Turn RGB pixels 0..255 into the float32 input that the base expects."""
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


def prepare(
    network: Network,
    model: keras.Model,
    train: tuple[str, ...],
    optimizer: keras.Optimizer | str,
    dropout: float,
    jit_compile: bool | str = False,
) -> None:
    """Set which blocks train AND compile: Keras 3 ignores the one without the other.

    Args:
        network: whose layers are set to train or not.
        model: what is compiled: the network's own model, or a part that shares its layers.
        train: the blocks that train, such as ``("head", "block5")``.
        optimizer: as Keras takes it.
        dropout: the rate of all dropout layers, 0 to 1.
        jit_compile: as Keras takes it: ``True``, ``False`` (default) or ``"auto"``.
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
    """Return the model to keep: raw RGB pixels 0..255 of any size in, probabilities out.

    Args:
        network: trained; it shares its layers with the model.
    """
    recipe = network.recipe
    pixels = keras.Input((None, None, 3), name="pixels")
    resized = resizing(recipe.size, recipe.resize)(pixels)
    ready = preprocess(recipe, resized, network.channels)
    logits = apply_blocks(network.blocks, recipe.head, ready)
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
