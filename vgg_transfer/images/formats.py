"""Which format bytes are of, by how they begin, which formats are read, and how they are opened.

Only the formats listed here are opened: some others that Pillow knows start programs.
"""

import re
from importlib.util import find_spec
from typing import BinaryIO, cast

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

LONGEST_MARK = 32  # bytes, which tell all formats apart

_READ = {
    "JPEG": rb"\xff\xd8\xff",
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "GIF": rb"GIF8[79]a",
    "BMP": rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\x00\x00\x00",  # the size of its header
    "WEBP": rb"RIFF....WEBP",
    "TIFF": rb"II[*+]\x00|MM\x00[*+]",
    "PPM": rb"P[1-6]\s+[#\d]",
    "JPEG2000": rb"\xff\x4f\xff\x51|\x00\x00\x00\x0cjP  \r\n\x87\n",
    "AVIF": rb"....ftypavi[fs]",
    "HEIF": rb"....ftyp(hei[cmsx]|hev[cmx]|mif1|msf1)",
}
_NOT_SUPPORTED = {
    "a JPEG XL picture": rb"\xff\x0a|\x00\x00\x00\x0cJXL ",
    "a Photoshop picture": rb"8BPS",
    "an SVG drawing": rb"\s*<svg",
    "an icon": rb"\x00\x00\x01\x00",
    "a PDF": rb"%PDF-",
}


def format_of(header: bytes) -> str | None:
    """Return the format of a file: as Pillow calls it, or in words where it is not read.

    Args:
        header: its first bytes, ``LONGEST_MARK`` of them.
    """
    every = {**_READ, **_NOT_SUPPORTED}.items()
    return next((name for name, start in every if re.match(start, header, re.DOTALL)), None)


def why_not_read(name: str) -> str:
    """Return why files of a format are not read, and what to do; empty where they are."""
    if name in _NOT_SUPPORTED:
        return f"{name}, which is not supported: convert it to JPEG"
    if name == "HEIF" and find_spec("pillow_heif") is None:
        return "a HEIC picture: install vgg-transfer[heic], or convert it to JPEG"
    return ""


def opened(kind: str, file: BinaryIO) -> Image.Image:
    """Return the picture in a file before its pixels are unpacked.

    Args:
        kind: its format, one that is read.
        file: its bytes.
    """
    if kind == "JPEG":  # Image.open has one limit on pixels for all formats
        return JpegImageFile(file)
    if kind == "HEIF":  # without telling Pillow of it, which a program may use in its own way
        from pillow_heif.as_plugin import HeifImageFile

        return cast("Image.Image", HeifImageFile(file))  # upright, and its EXIF says so
    return Image.open(file, formats=(kind,))
