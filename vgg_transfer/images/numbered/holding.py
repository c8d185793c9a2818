"""Stored rows that are kept on JAX's device, so that no step waits for a disk or for a copy."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from vgg_transfer.images.stored_rows import StoredRows, as_computed

# Of the device's free memory; the rest is for the steps.
SHARE = 0.5
_AT_ONCE = 2**28  # bytes that are copied; all at once they would fill the host's memory


def fits_on_device(size: int) -> bool:
    """Return whether so many bytes are at most ``SHARE`` of what is free on the device.

    A processor has no memory of its own, and says so.
    """
    import jax

    memory = jax.local_devices()[0].memory_stats() or {}
    free = int(memory.get("bytes_limit", 0)) - int(memory.get("bytes_in_use", 0))
    return size <= SHARE * free


def held(rows: StoredRows, fits: Callable[[int], bool] = fits_on_device) -> StoredRows:
    """Return the same rows; where all of them fit on the device they are read from there.

    Args:
        rows: of a store.
        fits: says whether so many bytes fit. [default: ``fits_on_device``]
    """
    row_bytes = int(np.prod(rows.shape)) * np.dtype(rows.dtype).itemsize
    if not fits(rows.count * row_bytes):
        return rows
    import jax
    import jax.numpy as jnp

    @partial(jax.jit, donate_argnums=0)
    def put(table: Any, part: Any, first: int) -> Any:
        return jax.lax.dynamic_update_slice_in_dim(table, part, first, axis=0)

    step = max(1, _AT_ONCE // row_bytes)
    table: Any = None
    for first in range(0, rows.count, step):
        part = as_computed(rows.read(np.arange(first, min(first + step, rows.count))))
        if table is None:
            table = jnp.zeros((rows.count, *rows.shape), part.dtype)
        table = put(table, part, first)
    gather = jax.jit(lambda numbers, table: table[numbers])
    return replace(rows, read=lambda numbers: gather(numbers, table))
