"""The cut: the block boundary below which everything is frozen in a stage.

Activations "at block5" are what block5 receives. Parts of a network share its layers, so nothing
is copied and nothing has to be copied back.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import keras
from keras import ops

from vgg_transfer.network.head import probabilities_layer
from vgg_transfer.network.network import Network, apply_block, preprocess


def cut_of(network: Network, train: Sequence[str]) -> str | None:
    """Return the lowest block that trains, or None where nothing lies frozen below it."""
    blocks = list(network.blocks)
    lowest = min(blocks.index(block) for block in train)
    return blocks[lowest] if lowest else None


def stretch(network: Network, start: str | None, ends: Sequence[str]) -> keras.Model:
    """Return the model from pixels, or from activations at ``start``, to those at each end by name.

    One pass gives all ends, so every block between is computed once.
    """
    inputs, tensor = _input_at(network, start)
    names = list(network.blocks)
    first = 0 if start is None else names.index(start)
    found = {}
    for name in names[first : names.index(ends[-1])]:
        tensor = apply_block(name, network.blocks[name], tensor)
        found[names[names.index(name) + 1]] = tensor
    return keras.Model(inputs, {end: found[end] for end in ends}, name=f"to_{ends[-1]}")


def tail(network: Network, cut: str) -> keras.Model:
    """Return the model from activations at the cut to logits."""
    inputs, tensor = _input_at(network, cut)
    names = list(network.blocks)
    for name in names[names.index(cut) :]:
        tensor = apply_block(name, network.blocks[name], tensor)
    return keras.Model(inputs, tensor, name=f"from_{cut}")


def deciding(network: Network, cut: str) -> keras.Model:
    """Return the model from activations at the cut to probabilities, as the model to keep has."""
    logits = tail(network, cut)
    probabilities = probabilities_layer(network.recipe.head, network.classes)(logits.output)
    return keras.Model(logits.input, probabilities)


def pooled(network: Network, start: str | None) -> keras.Model:
    """Return the model from pixels (None) or activations to what the output layer receives."""
    inputs, tensor = _input_at(network, start)
    names = list(network.blocks)
    for name in names[0 if start is None else names.index(start) : -1]:
        tensor = apply_block(name, network.blocks[name], tensor)
    return keras.Model(inputs, apply_block("head", network.blocks["head"][:-1], tensor))


def summarised(
    network: Network, start: str | None, blocks: Sequence[str], logits: bool
) -> keras.Model:
    """Return the model from pixels (None) or activations to a row that sums up what blocks receive.

    It holds mean and largest value of every channel; ``logits`` stand before them where asked for.
    """
    inputs, tensor = _input_at(network, start)
    names = list(network.blocks)
    row = []
    for name in names[0 if start is None else names.index(start) :]:
        if name in blocks:
            precise = ops.cast(tensor, "float32")
            row += [ops.mean(precise, axis=(1, 2)), ops.max(precise, axis=(1, 2))]
        tensor = apply_block(name, network.blocks[name], tensor)
    return keras.Model(inputs, ops.concatenate([tensor, *row] if logits else row, axis=-1))


def activation_shape(network: Network, cut: str) -> tuple[int, ...]:
    """Return the shape of one image's activations at the cut."""
    names = list(network.blocks)
    below = names[names.index(cut) - 1]
    filters = [one.filters for one in network.blocks[below] if isinstance(one, keras.layers.Conv2D)]
    side = network.recipe.size // 2 ** names.index(cut)  # every block ends by halving
    return (side, side, filters[-1])


def frozen_digest(network: Network, cut: str) -> str:
    """Return a digest of all that decides the activations at a cut, but for the pixels."""
    digest = hashlib.sha256(network.recipe.preprocess.encode())
    if network.channels is not None:
        digest.update(json.dumps(asdict(network.channels)).encode())
    for name, layers in network.blocks.items():
        if name == cut:
            break
        for layer in layers:
            config = {key: value for key, value in layer.get_config().items() if key != "trainable"}
            digest.update(json.dumps(config, sort_keys=True, default=str).encode())
            for variable in layer.weights:
                digest.update(keras.ops.convert_to_numpy(variable).tobytes())
    return digest.hexdigest()


def activation_dtype(network: Network) -> str:
    """Return the dtype in which the base computes, and so in which activations are kept."""
    return str(network.blocks["block1"][0].compute_dtype)


def _input_at(network: Network, start: str | None) -> tuple[Any, Any]:
    """Return an input, and what the block at ``start`` receives of it."""
    if start is None:
        pixels = keras.Input(network.model.input.shape[1:], name="pixels")
        return pixels, preprocess(network.recipe, pixels, network.channels)
    shape, dtype = activation_shape(network, start), activation_dtype(network)
    activations = keras.Input(shape, dtype=dtype, name=f"at_{start}")
    return activations, activations
