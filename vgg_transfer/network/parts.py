"""The cut: the block boundary below which everything is frozen in a stage.

Rows "at block5" are what block5 receives, and beside it what the head reads of lower blocks. Parts
of a network share its layers, so that no weights have to be copied back.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import keras
from keras import ops

from vgg_transfer.network.head_layers import apply_head
from vgg_transfer.network.network import Network
from vgg_transfer.network.passage import Reached, apply_block
from vgg_transfer.network.probabilities import probabilities_layer
from vgg_transfer.network.rows import input_at, row_at

# Entries of a layer's configuration: whether it trains, and the rate of dropout.
_SET_BY_STAGES = ("trainable", "rate")


def cut_of(network: Network, train: Sequence[str]) -> str | None:
    """Return the lowest block that trains, or None where no frozen block lies below it."""
    blocks = list(network.blocks)
    lowest = min(blocks.index(block) for block in train)
    return blocks[lowest] if lowest else None


def stretch(network: Network, start: str | None, ends: Sequence[str]) -> keras.Model:
    """Return the model from ``start`` to the rows at each end, by name.

    One pass gives all of them, so that every block between is computed once.

    Args:
        network: whose layers the model shares.
        start: a cut, or None for pixels.
        ends: cuts above ``start``, from the lowest to the highest.
    """
    inputs, at = input_at(network, start)
    found = {}
    for name in network.above(start):
        if name in ends:
            found[name] = row_at(network, name, at)
        if name == ends[-1]:
            break
        at = _behind(network, name, at)
    return keras.Model(inputs, found, name=f"to_{ends[-1]}")


def tail(network: Network, cut: str) -> keras.Model:
    """Return the model from rows at the cut to logits."""
    inputs, at = input_at(network, cut)
    for name in network.above(cut):
        at = _behind(network, name, at)
    return keras.Model(inputs, at.tensor, name=f"from_{cut}")


def tail_with_probabilities(network: Network, cut: str) -> keras.Model:
    """Return the model from rows at the cut to the probabilities of the model to keep."""
    logits = tail(network, cut)
    probabilities = probabilities_layer(network.recipe.head, network.classes)(logits.output)
    return keras.Model(logits.input, probabilities)


def pooled(network: Network, start: str | None) -> keras.Model:
    """Return the model from a cut, or pixels (None), to the input of the output layer."""
    inputs, at = input_at(network, start)
    for name in network.above(start)[:-1]:
        at = _behind(network, name, at)
    return keras.Model(inputs, apply_head(network.blocks["head"][:-1], at.features))


def summarised(
    network: Network, start: str | None, blocks: Sequence[str], logits: bool
) -> keras.Model:
    """Return the model from a cut, or pixels (None), to one row of features per image.

    The row holds the mean and the largest value of every input channel of ``blocks``, behind the
    network's logits where ``logits`` is true.
    """
    inputs, at = input_at(network, start)
    row = []
    for name in network.above(start):
        if name in blocks:
            precise = ops.cast(at.tensor, "float32")
            row += [ops.mean(precise, axis=(1, 2)), ops.max(precise, axis=(1, 2))]
        at = _behind(network, name, at)
    return keras.Model(inputs, ops.concatenate([at.tensor, *row] if logits else row, axis=-1))


def largest_outputs(network: Network, cut: str) -> keras.Model:
    """Return the model from pixels to one row per image: every convolution's largest output.

    The row holds the convolutions below the cut, lowest first.
    """
    inputs, at = input_at(network, None)
    tensor, row = at.tensor, []
    for name in network.below(cut):
        for layer in network.blocks[name]:
            tensor = layer(tensor)
            if isinstance(layer, keras.layers.Conv2D):
                row.append(ops.cast(ops.max(tensor, axis=(1, 2, 3)), "float32"))
    return keras.Model(inputs, ops.stack(row, axis=-1))


def frozen_digest(network: Network, blocks: Iterable[str]) -> str:
    """Return a digest of all that decides these blocks' output: preprocessing, layers and tensors.

    What stages set, and what has no effect while frozen, is left out.
    """
    digest = hashlib.sha256(network.recipe.preprocess.encode())
    if network.channels is not None:
        digest.update(json.dumps(asdict(network.channels)).encode())
    for name in blocks:
        for layer in network.blocks[name]:
            config = {k: v for k, v in layer.get_config().items() if k not in _SET_BY_STAGES}
            digest.update(json.dumps(config, sort_keys=True, default=str).encode())
            for variable in layer.weights:
                digest.update(keras.ops.convert_to_numpy(variable).tobytes())
    return digest.hexdigest()


def _behind(network: Network, name: str, at: Reached) -> Reached:
    return apply_block(network.blocks, network.recipe.head, name, at)
