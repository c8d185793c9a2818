"""Pictures that a source holds in a form of its own, written as files once and read from there.

Encoded pictures are written unchanged, pixels as PNG. These PNG files are not compressed: so the
same pixels give the same bytes, whatever library is installed, and with them the same digest and
the same drawn splits on every machine.
"""

import json
import re
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.checking import as_value
from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.image_set import ImageSet, Split
from vgg_transfer.images.names import noted
from vgg_transfer.images.sources.gather import gather
from vgg_transfer.images.sources.records import Row
from vgg_transfer.images.sources.source import USUAL, Reading
from vgg_transfer.reading import read_json
from vgg_transfer.words import excerpt, printable

_INDEX = "index.json"
_SUFFIXES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"GIF8": ".gif", b"BM": ".bmp"}
_STORED_BLOCK = 65535  # the most bytes in a block that is stored without compression
_COLOUR_KINDS = {1: 0, 3: 2}  # how PNG calls one and three channels


@dataclass(frozen=True)
class Picture:
    """An encoded picture, its class, and its split where the source gives one."""

    data: bytes
    class_name: str
    split: Split | None = None


@dataclass(frozen=True)
class _Index:
    """What index.json holds; of each picture its file, class and split."""

    class_names: tuple[str, ...] | None
    notes: tuple[str, ...]
    pictures: tuple[tuple[str, str, Split | None], ...]


def write_pictures(
    folder: Path,
    pictures: Iterable[Picture],
    class_names: Sequence[str] | None = None,
    notes: Sequence[str] = (),
) -> None:
    """Write pictures as SPLIT/CLASS/NUMBER files, and an index that says what they are.

    `class_names` is their order, where the source has one. `notes` say what was left
    out, and may grow until the last picture.
    """
    rows = []
    made = set()
    for number, picture in enumerate(pictures):
        shown = re.sub(r"[^\w-]", "_", picture.class_name)[:60]
        inside = Path(picture.split or "all", shown)
        if inside not in made:
            (folder / inside).mkdir(parents=True, exist_ok=True)
            made.add(inside)
        known = (end for start, end in _SUFFIXES.items() if picture.data.startswith(start))
        name = inside / f"{number:06}{next(known, '.image')}"
        (folder / name).write_bytes(picture.data)
        rows.append((name.as_posix(), picture.class_name, picture.split))
    index = {"class_names": class_names, "notes": list(notes), "pictures": rows}
    (folder / _INDEX).write_text(json.dumps(index), encoding="utf-8")


def read_pictures(
    folder: Path, source: str, reading: Reading = USUAL, known_as: Path | str = ""
) -> ImageSet:
    """Return the image set of a folder that `write_pictures` filled.

    For `known_as` see `split_rows`; without it, other pictures are another drawing.
    """
    try:
        index: _Index = as_value(_Index, read_json(folder / _INDEX), "the index")
        _check_index(index)
    except (OSError, ValueError) as error:
        raise ImageSetError(
            f'The images in "{printable(folder)}", made of the {source}, are damaged: {_INDEX}: '
            f"{getattr(error, 'strerror', None) or error}. Remove this folder: it is made anew."
        ) from error
    rows = [Row(folder / name, label, split) for name, label, split in index.pictures]
    # All that a source has to say so far is what it left out.
    findings = [noted("left-out", note) for note in index.notes]
    return gather(rows, source, reading, index.class_names, folder, findings, known_as)


def _check_index(index: _Index) -> None:
    """Refuse classes that have no place in the order, and files that lie elsewhere."""
    for number, (name, label, _) in enumerate(index.pictures, start=1):
        where = f"the index.pictures.{number}"
        if index.class_names is not None and label not in index.class_names:
            raise ValueError(f'{where}: "{excerpt(label)}" is none of its classes')
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise ValueError(f'{where}: "{excerpt(name)}" lies outside of the folder')


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Return pixels of (height, width, 1 or 3), 0 to 255, as the bytes of a PNG file."""
    height, width, channels = pixels.shape
    rows = np.zeros((height, 1 + width * channels), np.uint8)  # each begins with "no filter"
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOUR_KINDS[channels], 0, 0, 0)
    chunks = {b"IHDR": header, b"IDAT": _uncompressed(rows.tobytes()), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks.items())


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _uncompressed(raw: bytes) -> bytes:
    """Return a zlib stream that stores the bytes as they are."""
    parts = [b"\x78\x01"]
    for start in range(0, len(raw), _STORED_BLOCK):
        block = raw[start : start + _STORED_BLOCK]
        last = start + _STORED_BLOCK >= len(raw)
        parts += [struct.pack("<BHH", last, len(block), len(block) ^ 0xFFFF), block]
    return b"".join([*parts, struct.pack(">I", zlib.adler32(raw))])
