"""Rows: what is kept of an image at a cut.

A row is the output of the block below the cut. Where the head reads lower blocks too, what it reads
of them is frozen there and lies beside it, so that such a row is one line of float32 numbers,
activations first. At the head's own cut it holds what the head reads, and nothing else.
"""

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from vgg_transfer.network.network import Network, preprocess
from vgg_transfer.network.passage import Reached, passed, read_by_head


def read_below(network: Network, cut: str) -> tuple[str, ...]:
    """Return the blocks that the head reads and the activations at a cut do not show."""
    lower = network.below(cut)[:-1]
    return tuple(name for name in _read(network) if name in lower)


def activation_shape(network: Network, cut: str) -> tuple[int, ...]:
    """Return the shape of one image's row at the cut: (height, width, channels)."""
    beside = read_below(network, cut)
    if not beside:
        return _output_shape(network, cut)
    if cut == "head":
        return (1, 1, _width(network, _read(network)))
    return (1, 1, math.prod(_output_shape(network, cut)) + _width(network, beside))


def activation_dtype(network: Network, cut: str) -> str:
    """Return the dtype of rows at the cut, which is that of the base where they are activations."""
    # An average over space has more digits than what it was taken of.
    return "float32" if read_below(network, cut) else network.dtype


def row_at(network: Network, cut: str, at: Reached) -> Any:
    """Return the rows of images that have reached a cut."""
    beside = read_below(network, cut)
    if not beside:
        return at.tensor
    parts = at.features
    if cut != "head":
        activations = ops.cast(at.tensor, "float32")
        flat = ops.reshape(activations, (-1, math.prod(_output_shape(network, cut))))
        shown = network.below(cut)[-1] in _read(network)  # it is pooled again when it is read
        parts = (flat, *(parts[:-1] if shown else parts))
    return ops.expand_dims(ops.concatenate(parts, axis=-1), (1, 2))


def input_at(network: Network, start: str | None) -> tuple[Any, Reached]:
    """Return an input for rows at a cut, or for pixels (None), and where their images have come to.

    Args:
        network: whose layers are applied.
        start: the cut.
    """
    if start is None:
        pixels = keras.Input(network.model.input.shape[1:], name="pixels")
        return pixels, Reached(preprocess(network.recipe, pixels, network.channels))
    shape, dtype = activation_shape(network, start), activation_dtype(network, start)
    rows = keras.Input(shape, dtype=dtype, name=f"at_{start}")
    beside = _width(network, read_below(network, start))
    if beside and start == "head":
        return rows, Reached(rows, (ops.squeeze(rows, (1, 2)),))
    at = Reached(rows)
    if beside:
        line, output = ops.squeeze(rows, (1, 2)), _output_shape(network, start)
        at = Reached(ops.reshape(line[:, :-beside], (-1, *output)), (line[:, -beside:],))
    return rows, passed(network.blocks, network.recipe.head, network.below(start)[-1], at)


def rows_of_outputs(network: Network, ends: Sequence[str]) -> tuple[tuple[str, ...], keras.Model]:
    """Return the cuts whose activations the rows at some cuts are made of, and what makes them.

    Args:
        network: whose head reads several blocks.
        ends: the cuts where rows are wanted, from the lowest to the highest.
    """
    beside = {name for end in ends for name in read_below(network, end)}
    cuts = [
        cut
        for cut in (*network.below("head")[1:], "head")
        if cut in ends or network.below(cut)[-1] in beside
    ]
    outputs = {
        cut: keras.Input(_output_shape(network, cut), dtype=network.dtype, name=f"at_{cut}")
        for cut in cuts
    }
    at, rows = Reached(None), {}
    for cut, output in outputs.items():
        at = Reached(output, at.features)
        at = passed(network.blocks, network.recipe.head, network.below(cut)[-1], at)
        if cut in ends:
            rows[cut] = row_at(network, cut, at)
    return tuple(cuts), keras.Model(outputs, rows)


def _read(network: Network) -> tuple[str, ...]:
    return read_by_head(network.blocks, network.recipe.head)


def _width(network: Network, blocks: tuple[str, ...]) -> int:
    """Return how many numbers the head reads of these blocks."""
    each = 2 if network.recipe.head.pooling == "both" else 1
    return each * sum(_channels(network, name) for name in blocks)


def _output_shape(network: Network, cut: str) -> tuple[int, int, int]:
    """Return (height, width, channels) of what the block below a cut puts out."""
    below = network.below(cut)
    side = network.recipe.size // 2 ** len(below)  # every block ends by halving
    return (side, side, _channels(network, below[-1]))


def _channels(network: Network, block: str) -> int:
    layers = network.blocks[block]
    filters: list[int] = [one.filters for one in layers if isinstance(one, keras.layers.Conv2D)]
    return filters[-1]
