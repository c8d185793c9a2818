"""A pass: images, or rows of a store, go once through some frozen blocks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.activations.files import Store
from vgg_transfer.activations.int8 import int8_rows
from vgg_transfer.activations.keys import Rendering
from vgg_transfer.activations.reading import stored_batches
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.feed import feed
from vgg_transfer.images.stored_rows import as_stored
from vgg_transfer.network import Network
from vgg_transfer.network.parts import stretch
from vgg_transfer.recipe import Augmentation

Computed = Iterator[tuple[Sequence[str], Mapping[str, NDArray[Any]]]]
"""The names of some rows, and these rows at each end, as a store keeps them; until all are done."""


@dataclass(frozen=True)
class Pass:
    """What goes through which blocks.

    Args:
        start: the cut whose rows it reads; None: it reads images.
        ends: the cuts whose rows it computes, lowest first.
        renderings: of which images and views.
        augmentation: what makes the views.
        shape: the size of the images and of the batches.
        tops: the ranges of int8; None: it computes in the network's own precision.
    """

    start: str | None
    ends: tuple[str, ...]
    renderings: tuple[Rendering, ...]
    augmentation: Augmentation
    shape: BatchForm
    tops: Mapping[str, float] | None


PassFromImages = Callable[[Network, Pass], Computed]
"""What computes a pass that begins with images; ``compute_pass`` does it in this process."""


def compute_pass(network: Network, one: Pass, source: Store | None = None) -> Computed:
    """Compute a pass in this process.

    Args:
        network: whose blocks it goes through.
        one: what is computed.
        source: the store that it reads. [default: it begins with images]
    """
    size = one.shape.batch_size
    compute: Callable[[Any], Mapping[str, Any]]
    if one.tops is None:
        compute = stretch(network, one.start, one.ends).predict_on_batch
    else:
        compute = int8_rows(network, one.ends, one.tops)
    batches: Any
    if source is None:
        batches = feed().rendered_batches(
            [rendering.record for rendering in one.renderings],
            [rendering.view for rendering in one.renderings],
            one.augmentation,
            one.shape,
        )
    else:
        batches = stored_batches(source, one.renderings, size)
    for number, batch in enumerate(batches):
        names = [each.name for each in one.renderings[number * size : (number + 1) * size]]
        found = compute(batch)
        yield names, {end: as_stored(np.asarray(rows)) for end, rows in found.items()}
