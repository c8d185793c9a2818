"""Pictures small enough to lie in a page: WebP as data URIs, within a number of bytes."""

import base64
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image

from vgg_transfer.images.decode import Undecodable, decode

Missing = Literal["moved", "left out", ""]

_LARGE, _LARGEST_NUMBER = 192, 160  # pixels of the long side, of so many that come first
_SMALL = (128, 112, 96, 80, 64)  # of the others, by how many there are
_QUALITY = 55
_BYTES_PER_PIXEL = 0.2  # in base64; photographs of 96 px, measured
_AT_ONCE = 64


@dataclass(frozen=True)
class Photo:
    """Where a picture lies, and the SHA-256 of the bytes that it has to have."""

    file: Path
    digest: str


@dataclass(frozen=True)
class Thumbnail:
    """A small picture; ``source`` is a data URI, empty where it is ``missing``."""

    source: str
    missing: Missing = ""


def thumbnails(photos: Sequence[Photo], budget: int) -> tuple[Thumbnail, ...]:
    """Return a small picture of each, in the same order, the first ones larger.

    What lies there no longer, or is another file now, is ``moved``; what comes when the budget is
    spent is ``left out``.

    Args:
        photos: the pictures, those that matter most first.
        budget: the bytes that all together may take in a page.
    """
    sides = _sides(len(photos), budget)
    made: list[Thumbnail] = []
    for one in _made(photos, sides):
        fits = len(one.source) <= budget
        budget -= len(one.source) if fits else budget
        made.append(one if fits else Thumbnail("", "left out"))
    return tuple(made)


def _sides(number: int, budget: int) -> list[int]:
    """Return the long side of each picture in pixels."""
    large = min(number, _LARGEST_NUMBER)
    left = budget - large * _LARGE**2 * _BYTES_PER_PIXEL
    each = left / max(number - large, 1) / _BYTES_PER_PIXEL
    small = next((side for side in _SMALL if side**2 <= each), _SMALL[-1])
    return [_LARGE] * large + [small] * (number - large)


def _made(photos: Sequence[Photo], sides: Sequence[int]) -> Iterator[Thumbnail]:
    """Yield what each becomes; Pillow computes without Python's lock, so threads are of use."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for first in range(0, len(photos), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            yield from threads.map(_thumbnail, photos[some], sides[some])


def _thumbnail(photo: Photo, side: int) -> Thumbnail:
    try:
        picture = Image.fromarray(decode(photo.file, side // 2, photo.digest))
    except Undecodable:
        return Thumbnail("", "moved")
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    return Thumbnail(_as_uri(picture))


def _as_uri(picture: Image.Image) -> str:
    file = BytesIO()
    picture.save(file, "WEBP", quality=_QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"
