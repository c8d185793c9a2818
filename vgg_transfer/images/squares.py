"""The network's own resizing once more in NumPy, for programs that load no Keras.

It gives what ``resize.resizing`` gives to within 0.005 of 255.
"""

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Resize = Literal["squash", "crop", "pad"]
Floats = NDArray[np.float32]

_AT_ONCE = 8  # outputs of one product: with more of them, more of what is multiplied is zero


def square(pixels: NDArray[np.generic], size: int, how: Resize) -> Floats:
    """Return (height, width, 3) as (size, size, 3), float32.

    Args:
        pixels: RGB from 0 to 255, of any size.
        size: of each side, in pixels.
        how: ``squash`` changes the proportions, ``crop`` cuts the longer side, ``pad`` adds black.
    """
    whole = pixels if how == "squash" else _cut(pixels) if how == "crop" else _padded(pixels)
    height, width, channels = whole.shape
    rows = np.asarray(whole, np.float32).reshape(height, -1)
    if height != size:
        lower = np.empty((size, rows.shape[1]), np.float32)
        for made, read, weights in _strips(height, size):
            np.matmul(weights, rows[read], out=lower[made])
        rows = lower
    if width != size:
        narrower = np.empty((size, size * channels), np.float32)
        for made, read, weights in _strips(width, size, channels):
            np.matmul(rows[:, read], weights.T, out=narrower[:, made])
        rows = narrower
    return rows.reshape(size, size, channels)


def _cut(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    height, width, _ = pixels.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]


def _padded(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    height, width, _ = pixels.shape
    above, beside = max(width - height, 0) // 2, max(height - width, 0) // 2
    return np.pad(pixels, ((above, above), (beside, beside), (0, 0)))


@lru_cache(maxsize=256)
def _strips(side: int, size: int, channels: int = 1) -> tuple[tuple[slice, slice, Floats], ...]:
    """Return the resizing as products of small matrices: what is made, what is read, the weights.

    It is linear, and averages where it makes smaller. Each output reads the few inputs beside it,
    so that one matrix for all of them would consist of zeros.

    Args:
        side: how many inputs there are.
        size: how many outputs there are.
        channels: how many numbers stand side by side in each.
    """
    step = side / size
    reach = max(step, 1.0)
    together = min(_AT_ONCE, size)
    made = np.minimum(np.arange(0, size, together), size - together)  # the last may begin earlier
    centres = (made[:, None] + np.arange(together) + 0.5) * step
    length = min(int(2 * reach + (together - 1) * step) + 2, side)
    read = np.clip(np.floor(centres[:, 0] - reach).astype(np.intp), 0, side - length)
    places = read[:, None, None] + np.arange(length) + 0.5
    weights = np.maximum(1 - np.abs(places - centres[..., None]) / reach, 0)
    weights /= weights.sum(axis=2, keepdims=True)
    each = np.zeros((len(made), together, channels, length, channels), np.float32)
    for channel in range(channels):
        each[:, :, channel, :, channel] = weights
    every = each.reshape(len(made), together * channels, length * channels)
    return tuple(
        (
            slice(channels * first, channels * (first + together)),
            slice(channels * low, channels * (low + length)),
            matrix,
        )
        for first, low, matrix in zip(made.tolist(), read.tolist(), every, strict=True)
    )
