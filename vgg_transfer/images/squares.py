"""The network's own resizing once more in NumPy, for programs that load no Keras.

It gives what ``resize.resizing`` gives to within 0.005 of 255.
"""

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Resize = Literal["squash", "crop", "pad"]
Floats = NDArray[np.float32]


def square(pixels: NDArray[np.generic], size: int, how: Resize) -> Floats:
    """Return (height, width, 3) as (size, size, 3), float32.

    Args:
        pixels: RGB from 0 to 255, of any size.
        size: of each side, in pixels.
        how: ``squash`` changes the proportions, ``crop`` cuts the longer side, ``pad`` adds black.
    """
    whole = pixels if how == "squash" else _cut(pixels) if how == "crop" else _padded(pixels)
    lower = _resized(np.asarray(whole, np.float32), size)
    return _resized(lower.transpose(1, 0, 2), size).transpose(1, 0, 2)


def _resized(pixels: Floats, size: int) -> Floats:
    """Bring the first side to size: each output row is a sum of the few rows that it covers."""
    side, *others = pixels.shape
    if side == size:
        return pixels
    rows = pixels.reshape(side, -1)
    found = np.zeros((size, rows.shape[1]), np.float32)
    part = np.empty_like(found)
    for covered, weights in _taps(side, size):
        np.take(rows, covered, axis=0, out=part, mode="clip")
        part *= weights
        found += part
    return found.reshape(size, *others)


def _cut(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    height, width, _ = pixels.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]


def _padded(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    height, width, _ = pixels.shape
    above, beside = max(width - height, 0) // 2, max(height - width, 0) // 2
    return np.pad(pixels, ((above, above), (beside, beside), (0, 0)))


@lru_cache(maxsize=64)
def _taps(side: int, size: int) -> tuple[tuple[NDArray[np.intp], Floats], ...]:
    """Return rows, one for each output row, and their weights; added up they are the resizing.

    It is linear, and averages where it makes smaller.
    """
    step = side / size
    reach = max(step, 1.0)
    centres = (np.arange(size) + 0.5) * step
    first = np.ceil(centres - reach - 0.5).astype(np.intp)
    covered = first + np.arange(int(2 * reach) + 2)[:, None]
    weights = np.maximum(1 - np.abs(covered + 0.5 - centres) / reach, 0)
    weights[(covered < 0) | (covered >= side)] = 0
    weights /= weights.sum(axis=0)
    inside = np.clip(covered, 0, side - 1)
    return tuple(
        (rows, share.astype(np.float32)[:, None])
        for rows, share in zip(inside, weights, strict=True)
        if share.any()
    )
