"""What is to be judged: image files, folders of them, and pictures in memory."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vgg_transfer.disk import is_folder, is_there, names_in
from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.images.decode import Undecodable, as_shown, decode
from vgg_transfer.images.sources.layout import entries
from vgg_transfer.run.values import Pictures
from vgg_transfer.words import printable


@dataclass(frozen=True)
class Given:
    """A picture to judge: a file, or one in memory, which has a name in place of a path."""

    path: Path | str
    in_memory: Image.Image | NDArray[Any] | bytes | None = None

    def pixels(self, at_least: int) -> NDArray[np.float32]:
        """Return (height, width, 3), RGB from 0 to 255; large files may come out smaller.

        Args:
            at_least: the pixels that the short side is wanted with; see ``decode``.

        Raises:
            Undecodable: it cannot be read.
        """
        if self.in_memory is None:
            return decode(Path(self.path), at_least).astype(np.float32)
        if isinstance(self.in_memory, bytes):
            return decode(self.in_memory, at_least).astype(np.float32)
        if not isinstance(self.in_memory, Image.Image):
            return self.in_memory.astype(np.float32)
        try:
            return np.asarray(as_shown(self.in_memory), np.float32)
        except OSError as error:  # Pillow reads a file when its pixels are asked for
            raise Undecodable(str(error)) from error

    def digest(self, pixels: NDArray[np.float32]) -> str:
        """Return the SHA-256 that its augmented views follow from: of the file, else of pixels."""
        if self.in_memory is not None:
            return hashlib.sha256(f"{pixels.shape}".encode() + pixels.tobytes()).hexdigest()
        return digest_of(Path(self.path))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def given(images: Pictures) -> list[Given]:
    """Return every picture that is meant, each file once, those of a folder by name.

    Raises:
        ImageSetError: names every path that does not exist and everything that is no picture.
    """
    each = list(images) if _are_several(images) else [images]
    paths = {place: Path(one) for place, one in enumerate(each) if isinstance(one, str | Path)}
    faults = [_missing(path) for path in paths.values() if not is_there(path)]
    found: dict[Path | int, Given] = {}
    for place, one in enumerate(each):
        name = f"image {place + 1}"
        if place in paths:
            if not faults:
                found |= {file: Given(file) for file in _files(paths[place])}
        elif isinstance(one, Image.Image | bytes):
            found[place] = Given(name, one)
        elif hasattr(one, "__array__"):
            found[place] = Given(name, np.asarray(one))
            faults += [f"{name} {fault}" for fault in _faults(np.asarray(one))]
        else:
            faults.append(
                f"{name} is of the type {type(one).__name__}: give a path, a PIL picture, the "
                "bytes of a file, or an array of pixels (height, width, 3)"
            )
    if faults:
        raise ImageSetError("\n".join(faults))
    if not found:
        shown = ", ".join(f'"{printable(path)}"' for path in [*paths.values()][:3])
        raise ImageSetError(
            f"there are no files in {shown or 'an empty list'}: give image files or folders of them"
        )
    return list(found.values())


def _are_several(images: Any) -> TypeGuard[Iterable[Any]]:
    is_one = isinstance(images, str | Path | Image.Image | bytes) or hasattr(images, "__array__")
    return isinstance(images, Iterable) and not is_one


def _faults(pixels: NDArray[Any]) -> list[str]:
    """Return what is wrong with an array that should hold one picture."""
    if pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        several = "; give several pictures as a list" if pixels.ndim == 4 else ""
        return [f"is an array of shape {pixels.shape}, not (height, width, 3){several}"]
    if pixels.dtype == bool or pixels.dtype.kind not in "iuf":
        return [f"is an array of {pixels.dtype}: give uint8, or floats from 0 to 255"]
    low, high = pixels.min(), pixels.max()
    if not 0 <= low <= high <= 255:  # false for NaN as well
        return [f"has values from {low:g} to {high:g}: bring them to 0 to 255"]
    if pixels.dtype.kind == "f" and 0 < high <= 1:
        return [f"has values from {low:g} to {high:g}: pass pixels * 255"]
    return []


def _files(path: Path) -> Iterator[Path]:
    yield from _files_below(path) if is_folder(path) else [path]


def _files_below(top: Path) -> Iterator[Path]:
    """Yield the files of a folder, then those of each folder in it, by name."""
    waiting = [(top, frozenset[str]())]
    while waiting:
        folder, above = waiting.pop()
        real = os.path.realpath(folder)
        if real in above:  # a link back to where we came from
            continue
        try:
            folders, files = entries(folder)
        except OSError as error:
            raise ImageSetError(
                f'the folder "{printable(folder)}" cannot be read: {error.strerror}'
            ) from error
        yield from files
        waiting += [(inner, above | {real}) for inner in reversed(folders)]


def _missing(path: Path) -> str:
    hint = did_you_mean(path.name, names_in(path.parent))
    return f'there is no file or folder "{printable(path)}".{hint}'
