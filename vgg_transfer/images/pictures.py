"""What is to be judged: image files, folders of them, and pictures in memory."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vgg_transfer.disk import is_folder, is_there, names_in
from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.images.decode import Undecodable, as_shown, decode
from vgg_transfer.images.walking import Choice, choice_of
from vgg_transfer.run.values import Pictures
from vgg_transfer.words import printable

# A Path makes one slash of two. A letter and a colon may be a disk.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


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
    return list(each_given(images))


def each_given(images: Pictures) -> Iterable[Given]:
    """Return what ``given`` does; files of folders and patterns are looked for as they are used.

    Where no folder and no pattern is among them, their number is known: it is a list then.

    Raises:
        ImageSetError: names every path that does not exist and everything that is no picture.
    """
    each = list(images) if _are_several(images) else [images]
    found: list[Choice | Given] = []
    faults = []
    for place, one in enumerate(each):
        name = f"image {place + 1}"
        if isinstance(one, str | Path):
            found.append(choice_of(Path(one)))
            faults += _faults_of_path(one)
        elif isinstance(one, Image.Image | bytes):
            found.append(Given(name, one))
        elif hasattr(one, "__array__"):
            found.append(Given(name, np.asarray(one)))
            faults += [f"{name} {fault}" for fault in _faults(np.asarray(one))]
        else:
            faults.append(
                f"{name} is of the type {type(one).__name__}: give a path, a PIL picture, the "
                "bytes of a file, or an array of pixels (height, width, 3)"
            )
    if faults:
        raise ImageSetError("\n".join(faults))
    pictures = _each_once(found)
    first = next(pictures, None)
    if first is None:
        paths = [Path(one) for one in each if isinstance(one, str | Path)]
        shown = ", ".join(f'"{printable(path)}"' for path in paths[:3])
        raise ImageSetError(
            f"there are no files in {shown or 'an empty list'}: give image files or folders of them"
        )
    known = all(isinstance(one, Given) or one.is_one_file for one in found)
    return [first, *pictures] if known else chain([first], pictures)


def _each_once(found: Sequence[Choice | Given]) -> Iterator[Given]:
    """Yield all that is chosen; a file that was chosen before is left out."""
    files: set[Path] = set()
    others: list[Choice] = []
    for one in found:
        if isinstance(one, Given):
            yield one
            continue
        for file in one.files():
            if file not in files and not any(file in other for other in others):
                yield Given(file)
        if one.is_one_file:
            files.add(one.top)
        else:
            others.append(one)


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


def _faults_of_path(given: Path | str) -> list[str]:
    path = Path(given)
    if is_there(path):
        return []
    if _ADDRESS.match(str(given)):
        address = f'"{printable(given)}" is an address, and nothing is fetched from elsewhere'
        return [f"{address}: download the picture first, and give the file"]
    choice = choice_of(path)
    if not choice.pattern:
        hint = did_you_mean(path.name, names_in(path.parent))
        return [f'there is no file or folder "{printable(path)}".{hint}']
    if not is_folder(choice.top):
        return [f'no file matches "{printable(path)}": there is no "{printable(choice.top)}"']
    if next(choice.files(), None) is None:
        return [f'no file matches "{printable(path)}"']
    return []
