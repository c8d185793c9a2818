"""What files and their pixels say of themselves: measured once, judged by the other modules."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from vgg_transfer.images.decode import Undecodable, decode
from vgg_transfer.images.formats import LONGEST_MARK, format_of, opened
from vgg_transfer.images.image_set import ImageRecord

GRAY = np.array([0.299, 0.587, 0.114])  # of a gray level: red, green and blue
SIDE = 32  # pixels of the small picture that everything is measured on that has no need of more
_SHARP_SIDE = 128  # pixels of the longer side when sharpness is measured
_RING = 1  # pixels of the small picture that count as its border
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "PPM", "JPEG2000", "AVIF")


@dataclass(frozen=True)
class Header:
    """What the header of a file says; empty or 0 where it says nothing.

    Args:
        format: as Pillow names it: ``JPEG``.
        mode: how colours are kept: ``RGB``, or ``L`` for gray.
        quantization: the mean of a JPEG's quantisation tables: the higher, the coarser.
        camera: maker and model, from EXIF.
        taken: when, from EXIF: ``2024:05:17 14:03:22``.
    """

    format: str = ""
    mode: str = ""
    quantization: float = 0.0
    camera: str = ""
    taken: str = ""


@dataclass(frozen=True)
class PictureFacts:
    """What is measured of one picture.

    Args:
        path: its file.
        bytes: the size of its file.
        header: what the header says.
        small: the picture as 32 x 32 RGB pixels, whatever its shape.
        sharpness: the variance of the Laplacian of its gray levels, 0 to 255, at 128 pixels of the
            longer side; 0 where no pixel differs from its neighbours.
    """

    path: Path
    bytes: int
    header: Header
    small: NDArray[np.uint8]
    sharpness: float

    @property
    def gray(self) -> NDArray[np.float64]:
        """The small picture in gray levels, 0 to 255."""
        levels: NDArray[np.float64] = self.small @ GRAY
        return levels

    @property
    def border(self) -> NDArray[np.float64]:
        """The outermost pixels, one row of RGB for each."""
        inner = np.zeros((SIDE, SIDE), bool)
        inner[_RING:-_RING, _RING:-_RING] = True
        return self.small[~inner].astype(np.float64)


def measure_pictures(records: Sequence[ImageRecord]) -> list[PictureFacts | None]:
    """Return what is measured of each picture, in their order; None where it cannot be read now."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(_measured, (record.path for record in records)))


def _measured(path: Path) -> PictureFacts | None:
    try:
        pixels = Image.fromarray(decode(path, _SHARP_SIDE // 2))
        size = path.stat().st_size
    except (Undecodable, OSError):  # it was readable when the set was made, and has gone since
        return None
    small = np.asarray(pixels.resize((SIDE, SIDE), Image.Resampling.BOX))
    pixels.thumbnail((_SHARP_SIDE, _SHARP_SIDE), Image.Resampling.BOX)
    return PictureFacts(path, size, _header(path), small, _sharpness(pixels))


def _sharpness(picture: Image.Image) -> float:
    gray = np.asarray(picture.convert("L"), np.float64)
    if min(gray.shape) < 3:
        return 0.0
    middle = gray[1:-1, 1:-1]
    around = gray[:-2, 1:-1] + gray[2:, 1:-1] + gray[1:-1, :-2] + gray[1:-1, 2:]
    return float((around - 4 * middle).var())


def _header(path: Path) -> Header:
    try:
        with path.open("rb") as file, _opened(file) as image:
            tables = getattr(image, "quantization", None) or {}
            exif = image.getexif()
            details = exif.get_ifd(ExifTags.IFD.Exif)
            camera = (exif.get(ExifTags.Base.Make), exif.get(ExifTags.Base.Model))
            taken = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
            return Header(
                format=image.format or "",
                mode=image.mode,
                quantization=float(np.mean([np.mean(each) for each in tables.values()] or [0.0])),
                camera=" ".join(str(part).strip("\0 ") for part in camera if part),
                taken=str(taken or "").strip("\0 "),
            )
    except Exception:  # odd bytes around a sound picture make Pillow raise nearly anything
        return Header()


def _opened(file: BinaryIO) -> Image.Image:
    """Return the picture in a file; unlike for its pixels, an MPO is told from a JPEG."""
    kind = format_of(file.read(LONGEST_MARK))
    file.seek(0)
    return opened("HEIF", file) if kind == "HEIF" else Image.open(file, formats=_FORMATS)
