"""What a stage trains on in place of images: rows that a store keeps of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class StoredRows:
    """Rows of images that are kept in a store.

    Args:
        read: returns rows as the store keeps them, from the numbers of images, how often each came
            before in its epoch, and the epoch.
        shape: of one row.
        dtype: in which the store keeps them: ``"uint16"`` for bfloat16, else that of the rows.
        labels: of the images, by number.
    """

    read: Callable[[NDArray[np.int64], NDArray[np.int64], int], NDArray[Any]]
    shape: tuple[int, ...]
    dtype: str
    labels: Sequence[int]
