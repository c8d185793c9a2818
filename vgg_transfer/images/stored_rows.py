"""What a stage trains on in place of images: rows that a store keeps of them.

A store keeps what NumPy knows: rows in bfloat16 lie there as 16-bit integers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class StoredRows:
    """Rows of images that are kept in a store: of every view, counted from 0.

    Args:
        count: how many rows there are.
        which: returns the numbers of rows, from those of images, how often each came before in its
            epoch, and the epoch.
        read: returns rows by their numbers, as the store keeps them.
        shape: of one row.
        dtype: in which the store keeps them: ``"uint16"`` for bfloat16, else that of the rows.
        labels: of the images, by number.
    """

    count: int
    which: Callable[[Numbers, Numbers, int], Numbers]
    read: Callable[[Numbers], NDArray[Any]]
    shape: tuple[int, ...]
    dtype: str
    labels: Sequence[int]

    def shown(self, images: Numbers, before: Numbers, epoch: int) -> NDArray[Any]:
        """Return the rows that these images show, as ``which`` says."""
        return self.read(self.which(images, before, epoch))


def rows_of_plain_images(
    read: Callable[[Numbers], NDArray[Any]],
    shape: tuple[int, ...],
    dtype: str,
    labels: Sequence[int],
) -> StoredRows:
    """Return stored rows of which each image has one, by its own number.

    Args:
        read: as ``StoredRows`` has it, and so are the others.
        shape: of one row.
        dtype: in which the store keeps them.
        labels: of the images, by number.
    """
    return StoredRows(
        len(labels), lambda images, _before, _epoch: images, read, shape, dtype, labels
    )


def as_stored(rows: NDArray[Any]) -> NDArray[Any]:
    """Return activations as a store keeps them."""
    return rows.view(np.uint16) if rows.dtype == ml_dtypes.bfloat16 else rows


def as_computed(rows: NDArray[Any]) -> NDArray[Any]:
    """Return stored rows in the dtype that they were computed in."""
    return rows.view(ml_dtypes.bfloat16) if rows.dtype == np.uint16 else rows
