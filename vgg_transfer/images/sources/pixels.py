"""Arrays of pixels, checked: what is wrong with them, and the line that puts it right."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_CHANNELS = (1, 3)


def pixel_faults(images: NDArray[Any]) -> list[str]:
    """Return what is wrong with images: (images, height, width[, 1 or 3]) of uint8 are right."""
    faults = []
    if images.dtype != np.uint8:
        faults.append(_type_fault(images))
    if images.ndim == 4 and images.shape[3] not in _CHANNELS:
        faults.append(_channel_fault(images.shape))
    elif images.ndim not in (3, 4):
        faults.append(
            f"images have the shape {images.shape}: give (images, height, width, 3), or "
            "(images, height, width) for gray ones."
        )
    elif images.ndim == 3 and images.shape[2] in _CHANNELS and len(images) > 3:
        faults.append(
            f"images have the shape {images.shape}, which is one image. Give all of them as "
            "(images, height, width, 3)."
        )
    if not images.size:
        faults.append(f"there are no pixels: the shape of the images is {images.shape}.")
    return faults


def with_channels(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return images of (images, height, width) with one channel behind, others as they are."""
    return images[..., np.newaxis] if images.ndim == 3 else images


def _type_fault(images: NDArray[Any]) -> str:
    if images.dtype == bool:
        return "images are bool: pass images.astype('uint8') * 255"
    if images.dtype.kind not in "iuf" or not images.size:
        return f"images are {images.dtype}: give uint8 from 0 to 255."
    low, high = images.min(), images.max()
    is_whole = images.dtype.kind in "iu"
    first, change = "", "images" if is_whole else "images.round()"
    if not is_whole and 0 <= low <= high <= 1:
        change = "(images * 255).round()"
    elif not is_whole and -1 <= low <= high <= 1:
        change = "((images + 1) * 127.5).round()"
    elif not 0 <= low <= high <= 255:
        first = "bring them to 0 to 255, then "
    start = f"images are {images.dtype} from {low:g} to {high:g}"
    return f"{start}: {first}pass {change}.astype('uint8')"


def _channel_fault(shape: tuple[int, ...]) -> str:
    start = f"images have the shape {shape}, with {shape[3]} channels"
    if shape[1] in _CHANNELS:
        return f"{start} at the end: pass images.transpose(0, 2, 3, 1)"
    if shape[3] == 4:
        return f"{start}: pass images[..., :3] to leave transparency out"
    return f"{start}: give 3 (red, green, blue) or 1 (gray)."
