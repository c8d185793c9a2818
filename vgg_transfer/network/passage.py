"""How an image passes through the blocks, and what the head reads on its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras

from vgg_transfer.network.head_layers import apply_head, pool
from vgg_transfer.recipe import Head

_Blocks = Mapping[str, tuple[keras.Layer, ...]]


@dataclass(frozen=True)
class Reached:
    """Where an image has come to.

    Args:
        tensor: preprocessed pixels, or the output of the last block that was passed.
        features: the pooled outputs of those blocks passed that the head reads, lowest first.
    """

    tensor: Any
    features: tuple[Any, ...] = ()


def read_by_head(blocks: _Blocks, head: Head) -> tuple[str, ...]:
    """Return the blocks that the head reads, lowest first: the last one where none is named."""
    *_, last, _ = blocks
    return head.blocks or (last,)


def apply_blocks(blocks: _Blocks, head: Head, tensor: Any) -> Any:
    """Apply all blocks and the head to preprocessed pixels; layers are shared, not copied."""
    at = Reached(tensor)
    for name in blocks:
        at = apply_block(blocks, head, name, at)
    return at.tensor


def apply_block(blocks: _Blocks, head: Head, name: str, at: Reached) -> Reached:
    """Apply one block, or the head, which reads the features on the way."""
    if name == "head":
        return Reached(apply_head(blocks["head"], at.features))
    tensor = at.tensor
    for layer in blocks[name]:
        tensor = layer(tensor)
    return passed(blocks, head, name, Reached(tensor, at.features))


def passed(blocks: _Blocks, head: Head, name: str, at: Reached) -> Reached:
    """Add the features of a block whose output was reached, where the head reads it."""
    if name not in read_by_head(blocks, head):
        return at
    return Reached(at.tensor, (*at.features, pool(blocks["head"], at.tensor)))
