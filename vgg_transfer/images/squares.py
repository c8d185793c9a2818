"""The network's own resizing once more in NumPy, for programs that load no Keras.

It gives what ``resize.resizing`` gives to within 0.005 of 255: each side is resized by one matrix,
whose rows are the weights of the pixels that an output pixel covers.
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
    """Bring the first side to size: one product of two matrices."""
    side, *others = pixels.shape
    if side == size:
        return pixels
    return np.asarray(_weights(side, size) @ pixels.reshape(side, -1)).reshape(size, *others)


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
def _weights(side: int, size: int) -> Floats:
    """Return the matrix (size, side) of a linear resizing that averages where it makes smaller."""
    step = side / size
    centres = (np.arange(size, dtype=np.float64)[:, None] + 0.5) * step
    away = np.abs(np.arange(side, dtype=np.float64) + 0.5 - centres) / max(step, 1.0)
    weights = np.maximum(1 - away, 0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)
