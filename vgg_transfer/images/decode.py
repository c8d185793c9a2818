"""From one file to pixels, as a viewer would show them: upright, RGB, 8 bit.

- EXIF orientation is applied (phones store photographs on their side).
- Transparency is laid over white.
- 16 bit grayscale is divided by 257, so that 65535 becomes 255; of 16 bit colours the high byte
  is used.
- 32 bit integers count as 16 bit values; floats count as 0..1, or as 0..255 when one is above 1.
  Anything outside is refused: what white should be is then a guess.
- Of animations and multi-page files the first picture is used. Colour profiles are not applied.

Only the nine formats listed here are opened: some others that Pillow knows start programs.
Pillow's warnings about odd files are switched off for the process by the first decoding: what
matters in them is either an `Undecodable` or changes no pixel. (Saving and restoring the warning
filters around each file would not be safe with several threads.)
"""

import re
import stat
import warnings
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

# The number at which Pillow itself refuses, held here too: a program may have lifted Pillow's.
MAXIMUM_PIXELS = 178_956_970
_MAXIMUM_BYTES = 2**30

_FORMATS = {
    "JPEG": rb"\xff\xd8\xff",
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "GIF": rb"GIF8[79]a",
    "BMP": rb"BM",
    "WEBP": rb"RIFF....WEBP",
    "TIFF": rb"II[*+]\x00|MM\x00[*+]",
    "PPM": rb"P[1-6]\s",
    "JPEG2000": rb"\xff\x4f\xff\x51|\x00\x00\x00\x0cjP  \r\n\x87\n",
    "AVIF": rb"....ftypavi[fs]",
}
_HEIC = rb"....ftyp(hei[cmsx]|hev[cmx]|mif1|msf1)"

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112
_PILLOW_WARNINGS = ("ignore", None, Warning, re.compile(r"PIL\."), 0)


class Undecodable(ValueError):  # noqa: N818 - "except Undecodable" says it all
    """A file that gives no picture; its text is the reason, in a few words."""


@dataclass(frozen=True)
class ImageFacts:
    """A readable file: the size of its upright picture in pixels, and the SHA-256 of its bytes."""

    width: int
    height: int
    digest: str


def decode(path: Path, at_least: int | None = None) -> NDArray[np.uint8]:
    """Return the picture as (height, width, 3), RGB, upright.

    With `at_least`, a JPEG whose short side has 4 · `at_least` pixels or more is decoded at 1/2,
    1/4 or 1/8 of its size: at the smallest of these that leaves the short side 2 · `at_least`
    pixels or more, so that a later resizing to `at_least` still has two pixels for each one. A
    side of n pixels becomes ceil(n / scale). Other formats are always decoded in full.
    """
    if at_least is not None and at_least < 1:
        raise ValueError(f"at_least is a number of pixels from 1 on, not {at_least}.")
    picture, _ = _picture(*_read(path), at_least)
    return np.array(picture)


def inspect(path: Path) -> ImageFacts:
    """Return size and digest of a file that `decode` can read; raise `Undecodable` otherwise.

    All of the file is read, so a truncated one is found, but a JPEG is decoded at 1/8.
    """
    kind, data = _read(path)
    _, (width, height) = _picture(kind, data, at_least=1)
    return ImageFacts(width, height, sha256(data).hexdigest())


def _read(path: Path) -> tuple[str, bytes]:
    """Return the format and the bytes; a file that is no image is not read beyond its header."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait forever
            raise Undecodable("not a file")
        if status.st_size > _MAXIMUM_BYTES:
            raise Undecodable(f"larger than 1 GiB ({status.st_size} bytes)")
        with path.open("rb") as file:
            header = file.read(32)
            return _format(header), header + file.read()
    except FileNotFoundError as error:
        reason = "a link to nothing" if path.is_symlink() else "no such file"
        raise Undecodable(reason) from error
    except OSError as error:
        raise Undecodable((error.strerror or type(error).__name__).lower()) from error


def _format(header: bytes) -> str:
    if not header:
        raise Undecodable("empty file")
    for kind, start in _FORMATS.items():
        if re.match(start, header, re.DOTALL):
            return kind
    if re.match(_HEIC, header, re.DOTALL):
        raise Undecodable("a HEIC picture, which is not supported: convert it to JPEG")
    raise Undecodable("not an image")


def _picture(kind: str, data: bytes, at_least: int | None) -> tuple[Image.Image, tuple[int, int]]:
    """Return the upright RGB picture and the (width, height) it has at full size."""
    if _PILLOW_WARNINGS not in warnings.filters:
        warnings.filterwarnings("ignore", module=_PILLOW_WARNINGS[3].pattern)
    try:
        with Image.open(BytesIO(data), formats=(kind,)) as image:
            full = image.size
            if full[0] * full[1] > MAXIMUM_PIXELS:
                raise Undecodable(f"a decompression bomb: {full[0]}x{full[1]} pixels")
            if kind == "JPEG" and at_least is not None:
                image.draft(None, (2 * at_least, 2 * at_least))
            image.load()
            orientation = _orientation(image)
            picture = _rgb(image)
        if orientation in _UPRIGHT:
            picture = picture.transpose(_UPRIGHT[orientation])
        return picture, (full[::-1] if orientation >= 5 else full)
    except Undecodable:
        raise
    except Exception as error:  # hostile bytes make Pillow raise nearly anything, struct.error too
        raise Undecodable(_reason(kind, error)) from error


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 when there is none that makes sense."""
    try:
        orientation = image.getexif().get(_ORIENTATION)
    except Exception:  # damaged EXIF around a sound picture: a viewer shows the picture as it is
        return 1
    return orientation if isinstance(orientation, int) and orientation in _UPRIGHT else 1


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        return Image.fromarray(_from_16_bit(np.asarray(image))).convert("RGB")
    if image.mode in ("I", "F"):
        return Image.fromarray(_from_32_bit(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        white = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(white, coloured).convert("RGB")
    return image.convert("RGB")


def _from_16_bit(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    return ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)  # 257 = 65535 / 255


def _from_32_bit(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    lowest, highest = float(values.min()), float(values.max())
    limit = 65535 if np.issubdtype(values.dtype, np.integer) else 255
    if not 0 <= lowest <= highest <= limit:  # false for NaN as well
        raise Undecodable(f"32 bit values from {lowest:g} to {highest:g}: 0 to {limit} are read")
    if limit == 65535:
        return _from_16_bit(values)
    scale = 255.0 if highest <= 1 else 1.0
    return np.rint(values.astype(np.float64) * scale).astype(np.uint8)


def _reason(kind: str, error: Exception) -> str:
    words = " ".join(str(error).split())
    if isinstance(error, Image.DecompressionBombError):
        return f"a decompression bomb: {words}"
    if isinstance(error, MemoryError):
        return f"too large for this machine's memory ({kind})"
    if isinstance(error, UnidentifiedImageError):
        return f"damaged {kind}: its header makes no sense"
    if "truncated" in words.lower():
        return f"truncated {kind}: the file ends before the picture does"
    return f"damaged {kind}: {words or type(error).__name__}"
