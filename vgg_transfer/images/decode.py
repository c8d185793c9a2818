"""From one file to pixels, as a viewer would show them: upright, RGB, 8 bit.

- EXIF orientation is applied (phones store photographs on their side).
- Transparency is laid over white.
- 16 bit grayscale is divided by 257, so that 65535 becomes 255; of 16 bit colours the high byte
  is used.
- 32 bit integers count as 16 bit values; floats count as 0..1, or as 0..255 when one is above 1.
  Anything outside is refused: what white should be is then a guess.
- Of animations and multi-page files the first picture is used. Colour profiles are not applied.

Only the formats that ``formats`` lists are opened.
Memory is bounded however many threads decode: large files and pictures are taken one at a time.
Pillow's warnings about odd files are switched off for the process by the first decoding: what
matters in them is either an `Undecodable` or changes no pixel. (Saving and restoring the warning
filters around each file would not be safe with several threads.)
"""

import re
import stat
import struct
import threading
import warnings
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from vgg_transfer.images.formats import LONGEST_MARK, format_of, opened, why_not_read
from vgg_transfer.images.rgb import to_rgb, value_range

# The number at which Pillow itself refuses, held here too: a program may have lifted Pillow's.
MAXIMUM_PIXELS = 178_956_970
# Telephones take 200 million pixels, and of a JPEG not all have to be unpacked.
_MAXIMUM_PIXELS_OF_JPEG = 2 * MAXIMUM_PIXELS
MAXIMUM_BYTES = 2**30

# Each scan of a JPEG goes over the whole picture and may be ten bytes: a file of a megabyte could
# take an hour. Usual are 1 to 10; a file may hold further pictures behind the first one.
_MAXIMUM_SCANS = 1000
_SCAN = b"\xff\xda"
_WHOLE_SCAN = _SCAN + rb"\x00[\x08\x0a\x0c\x0e][\x01-\x04]"  # its length, its components

_SIZE_OF_A_PART = rb"ispe\x00{4}(.{8})"  # of a HEIC, before it is cut or turned

_LARGE_PIXELS = 2**24
_LARGE_BYTES = 2**26
_LARGEST_FACTOR = 64  # that many rows at least are turned to RGB at once
_one_large = threading.RLock()  # by one thread, for the file and for the picture in it

_PIXELS_OF_A_PNG = (b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"IDAT", b"IEND")

_TOO_LARGE = "too large, or a decompression bomb"
_IN_WORDS = (OSError, ValueError)  # what Pillow raises with a text for people
_PILLOW_WARNINGS = ("ignore", None, Warning, re.compile(r"PIL\."), 0)


class Undecodable(ValueError):  # noqa: N818 - "except Undecodable" says it all
    """A file that does not give the picture wanted; its text is the reason, in a few words."""


@dataclass(frozen=True)
class ImageFacts:
    """A readable file: the size of its upright picture in pixels, and the SHA-256 of its bytes."""

    width: int
    height: int
    digest: str


def decode(
    file: Path | bytes, at_least: int | None = None, digest: str | None = None
) -> NDArray[np.uint8]:
    """Return the picture in a file, or in the bytes of one, as (height, width, 3), RGB, upright.

    With `at_least`, a JPEG whose short side has 4 · `at_least` pixels or more is decoded at 1/2,
    1/4 or 1/8 of its size: at the smallest of these that leaves the short side 2 · `at_least`
    pixels or more, so that a later resizing to `at_least` still has two pixels for each one. Above
    16 million pixels every picture is averaged down, by the largest whole number up to 64 that
    leaves as much. A side of n pixels becomes ceil(n / scale). All others are decoded in full.

    With `digest`, a file of other bytes than those of that SHA-256 is `Undecodable`.
    """
    if at_least is not None and at_least < 1:
        raise ValueError(f"at_least is a number of pixels from 1 on, not {at_least}.")
    with ExitStack() as turn:
        kind, data = _given(file) if isinstance(file, bytes) else _read(file, turn)
        picture, _ = _picture(kind, data, at_least, turn)
        found = digest and sha256(data).hexdigest()
        if found != digest:
            raise Undecodable(
                f"another file lies there now (SHA-256 {found:.8}…, not {digest:.8}…)"
            )
        return np.array(picture)


def inspect(path: Path) -> ImageFacts:
    """Return size and digest of a file that `decode` can read; raise `Undecodable` otherwise.

    All of the file is read, so a truncated one is found, but a JPEG is decoded at 1/8.
    """
    with ExitStack() as turn:
        kind, data = _read(path, turn)
        _, (width, height) = _picture(kind, data, 1, turn)
        return ImageFacts(width, height, sha256(data).hexdigest())


def as_shown(image: Image.Image, factor: int = 1) -> Image.Image:
    """Return a loaded picture as a viewer would show it: upright, RGB, over white.

    It is averaged over `factor` x `factor` pixels.
    """
    orientation = _orientation(image)
    is_rgb = image.mode == "RGB" and not image.has_transparency_data
    if is_rgb and orientation == factor == 1:
        return image  # what most files hold
    picture = to_rgb(image, _white(image), factor)
    if orientation > 1:
        picture.getexif()[ExifTags.Base.Orientation] = orientation
        ImageOps.exif_transpose(picture, in_place=True)
    return picture


def _read(path: Path, turn: ExitStack) -> tuple[str, bytes]:
    """Return the format and the bytes; a file that is no image is not read beyond its header."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait forever
            raise Undecodable("not a file")
        if status.st_size > MAXIMUM_BYTES:
            raise Undecodable(f"larger than 1 GiB ({status.st_size} bytes)")
        with path.open("rb") as file:
            header = file.read(LONGEST_MARK)
            kind = _format(header)
            if status.st_size > _LARGE_BYTES:
                turn.enter_context(_one_large)
            return kind, header + file.read(status.st_size)  # no more, should it grow meanwhile
    except FileNotFoundError as error:
        reason = "a link to nothing" if path.is_symlink() else "no such file"
        raise Undecodable(reason) from error
    except OSError as error:
        raise Undecodable((error.strerror or type(error).__name__).lower()) from error


def _given(data: bytes) -> tuple[str, bytes]:
    if len(data) > MAXIMUM_BYTES:
        raise Undecodable(f"larger than 1 GiB ({len(data)} bytes)")
    return _format(data[:LONGEST_MARK]), data


def _format(header: bytes) -> str:
    if not header:
        raise Undecodable("empty file")
    found = format_of(header)
    if found is None:
        raise Undecodable("not an image")
    if reason := why_not_read(found):
        raise Undecodable(reason)
    return found


def _picture(
    kind: str, data: bytes, at_least: int | None, turn: ExitStack
) -> tuple[Image.Image, tuple[int, int]]:
    """Return the upright RGB picture and the (width, height) it has at full size."""
    if _PILLOW_WARNINGS not in warnings.filters:
        warnings.filterwarnings("ignore", module=_PILLOW_WARNINGS[3].pattern)
    try:
        return _upright(kind, data, at_least, turn)
    except Undecodable:
        raise
    except Exception as error:  # hostile bytes make Pillow raise nearly anything, struct.error too
        pixels = _only_pixels(data) if kind == "PNG" else data
        if len(pixels) < len(data):
            return _picture(kind, pixels, at_least, turn)
        raise Undecodable(_reason(kind, error)) from error


def _upright(
    kind: str, data: bytes, at_least: int | None, turn: ExitStack
) -> tuple[Image.Image, tuple[int, int]]:
    with opened(kind, BytesIO(data)) as image:
        if kind == "HEIF":
            _check_parts(data)
        full = image.size
        if full[0] * full[1] > (_MAXIMUM_PIXELS_OF_JPEG if kind == "JPEG" else MAXIMUM_PIXELS):
            raise Undecodable(f"{_TOO_LARGE}: {full[0]}x{full[1]} pixels")
        if kind == "JPEG" and data.count(_SCAN) > _MAXIMUM_SCANS:
            _check_scans(data)
        if kind == "JPEG" and at_least is not None:
            image.draft(None, (2 * at_least, 2 * at_least))
        # A progressive JPEG is held in full, whatever the size at which it is decoded.
        if _is_large(full if image.info.get("progressive") else image.size):
            turn.enter_context(_one_large)
        factor = 1
        if at_least is not None and _is_large(image.size):
            factor = min(max(1, min(image.size) // (2 * at_least)), _LARGEST_FACTOR)
        image.load()
        return as_shown(image, factor), (full[::-1] if _orientation(image) >= 5 else full)


def _check_parts(data: bytes) -> None:
    """Refuse a HEIC that unpacks more than it shows: a part of a picture, or a small one of it."""
    for found in re.finditer(_SIZE_OF_A_PART, data, re.DOTALL):
        width, height = struct.unpack(">II", found[1])
        if width * height > MAXIMUM_PIXELS:
            raise Undecodable(f"{_TOO_LARGE}: {width}x{height} pixels")


def _check_scans(data: bytes) -> None:
    scans = sum(1 for _ in re.finditer(_WHOLE_SCAN, data, re.DOTALL))
    if scans > _MAXIMUM_SCANS:
        raise Undecodable(f"{_TOO_LARGE}: a JPEG of {scans} scans")


def _is_large(size: tuple[int, int]) -> bool:
    return size[0] * size[1] > _LARGE_PIXELS


def _only_pixels(data: bytes) -> bytes:
    """Return a PNG without the chunks that no pixel follows from.

    Where Pillow gives a file up for these (a damaged comment, a text of more than a megabyte)
    viewers show the picture.
    """
    kept, place, name = [data[:8]], 8, b""
    while place + 12 <= len(data) and name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, place)
        chunk = data[place : place + 12 + length]
        is_sound = chunk[-4:] == zlib.crc32(chunk[4:-4]).to_bytes(4, "big")
        if name in _PIXELS_OF_A_PNG and (is_sound or name != b"eXIf"):
            kept.append(chunk)
        place += len(chunk)
    return b"".join(kept)


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 when there is none that makes sense."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # damaged EXIF around a sound picture: a viewer shows the picture as it is
        return 1
    return orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1


def _white(image: Image.Image) -> float:
    """Return the value of white in a picture of 32 bit values; of all others it is known."""
    if image.mode not in ("I", "F"):
        return 255
    lowest, highest = value_range(image)
    limit = 65535 if image.mode == "I" else 255
    if not 0 <= lowest <= highest <= limit:  # false for NaN as well
        raise Undecodable(f"32 bit values from {lowest:g} to {highest:g}: 0 to {limit} are read")
    return 1 if highest <= 1 and image.mode == "F" else limit


def _reason(kind: str, error: Exception) -> str:
    words = " ".join(str(error).split())
    if isinstance(error, Image.DecompressionBombError):
        number = re.search(r"\d+", words)
        return f"{_TOO_LARGE}: {number[0] if number else 'too many'} pixels"
    if isinstance(error, MemoryError):
        return f"too large for this machine's memory ({kind})"
    if isinstance(error, UnidentifiedImageError | SyntaxError):
        return f"damaged or incomplete {kind}: its header makes no sense"
    if "truncated" in words.lower():
        return f"truncated {kind}: the file ends before the picture does"
    if type(error) in _IN_WORDS and re.fullmatch(r"[\w ,.:;/+-]{1,80}", words):
        return f"damaged or incomplete {kind}: {words}"
    return f"damaged or incomplete {kind}"
