"""The base: VGG16 or VGG19 by blocks, as published or as our batch-norm variant."""

import hashlib
from collections.abc import Mapping
from itertools import chain

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.errors import WeightsError
from vgg_transfer.network.base_weights import Weights, convolution_names
from vgg_transfer.network.drawing import drawn
from vgg_transfer.recipe import Base

_FILTERS = (64, 128, 256, 512, 512)
# Keras's own 0.99 remembers hundreds of steps: through thirteen layers whose weights still move
# fast, the averages then lag so far behind that what is learnt does not show when judged.
_NORM_MOMENTUM = 0.9

BlockLayers = dict[str, tuple[keras.Layer, ...]]


def base_layers(base: Base, weights: Weights | None, seed: int) -> BlockLayers:
    """Return the layers of each block that the recipe keeps, with their starting weights.

    Applied one after another they are the base.
    """
    published = not base.batch_norm and base.width == 1.0
    layers = _application_layers(base) if published else _own_layers(base)
    tensor = keras.Input((None, None, 3))
    for layer in chain.from_iterable(layers.values()):
        tensor = layer(tensor)  # which makes its variables
    if weights is None:
        _draw(layers, base, seed)
    elif weights.run is None:  # the whole network is given a run's
        load_tensors(layers, weights.tensors, weights.source)
    return layers


def load_tensors(
    layers: BlockLayers, tensors: Mapping[str, NDArray[np.float32]], source: str
) -> None:
    """Put convolution tensors into the layers of the same name; errors name their ``source``."""
    for layer in _convolutions(layers):
        values = [tensors[f"{layer.name}/kernel"], tensors[f"{layer.name}/bias"]]
        for variable, value in zip(layer.weights, values, strict=True):
            if tuple(variable.shape) != value.shape:
                raise WeightsError(
                    f"the weights from {source} are of another network: {layer.name} has the "
                    f"shape {value.shape} there and {tuple(variable.shape)} here"
                )
        layer.set_weights(values)


def _convolutions(layers: BlockLayers) -> list[keras.layers.Conv2D]:
    every = chain.from_iterable(layers.values())
    return [layer for layer in every if isinstance(layer, keras.layers.Conv2D)]


def _application_layers(base: Base) -> BlockLayers:
    application = {"vgg16": keras.applications.VGG16, "vgg19": keras.applications.VGG19}
    model = application[base.architecture](weights=None, include_top=False)
    return {
        block: tuple(layer for layer in model.layers if layer.name.startswith(f"{block}_"))
        for block in base.block_names
    }


def _own_layers(base: Base) -> BlockLayers:
    """Return the layers of the published plan, of any width, with batch norm where asked for."""
    return {
        block: (
            *(
                layer
                for name in convolution_names(base.architecture)
                if name.startswith(f"{block}_")
                for layer in _convolution(name, max(1, round(filters * base.width)), base)
            ),
            keras.layers.MaxPooling2D(name=f"{block}_pool"),
        )
        for block, filters in zip(base.block_names, _FILTERS, strict=False)
    }


def _convolution(name: str, filters: int, base: Base) -> list[keras.Layer]:
    if not base.batch_norm:
        return [keras.layers.Conv2D(filters, 3, padding="same", activation="relu", name=name)]
    return [
        keras.layers.Conv2D(filters, 3, padding="same", name=name),
        # Batch norm stands before the activation, where it keeps what ReLU receives in range.
        keras.layers.BatchNormalization(momentum=_NORM_MOMENTUM, name=name.replace("conv", "norm")),
        keras.layers.ReLU(name=name.replace("conv", "relu")),
    ]


def _draw(layers: BlockLayers, base: Base, seed: int) -> None:
    """Draw all kernels; what a layer gets depends on the seed and its own name only."""
    kinds = {"he": keras.initializers.HeNormal, "glorot": keras.initializers.GlorotUniform}
    for layer in _convolutions(layers):
        initializer = kinds[base.initialisation](seed=seed_for(seed, layer.name))
        layer.kernel.assign(drawn(initializer, layer.kernel.shape))
        layer.bias.assign(keras.ops.zeros(layer.bias.shape))


def seed_for(seed: int, name: str) -> int:
    """Return a seed for one named part, so that no two parts draw the same numbers."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()[:4]) & 0x7FFFFFFF
