"""What a source of images is, and how it is to be read; each kind has a module of its own.

A new kind of source is one new module with its `Source` value, and one line in `registry`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from vgg_transfer.disk import is_folder, is_there
from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.images.splits import DEFAULT_SPLITTING, Splitting
from vgg_transfer.words import printable


@dataclass(frozen=True)
class Reading:
    """How a source is to be read, whichever it is.

    Args:
        seed: decides what is drawn. Default: 0.
        splitting: how to split what the source leaves open. Default: the usual shares.
        least_classes: how many classes there have to be: 2, or 1 where images are only judged.
        tfds_dir: the folder of prepared TensorFlow datasets. Default: the one TFDS uses.
        remember: whether drawn splits are remembered, and those drawn before are kept.
    """

    seed: int = 0
    splitting: Splitting = DEFAULT_SPLITTING
    least_classes: int = 2
    tfds_dir: Path | str | None = None
    remember: bool = True


USUAL = Reading()


@dataclass(frozen=True)
class Named:
    """A source by its name, as it is typed: `cifar10`, or `csv:pets.csv` with what follows."""

    name: str
    rest: str | None = None


@dataclass(frozen=True)
class Source:
    """One kind of source.

    Args:
        shown: what messages list it as: `csv:FILE`, `cifar10`; empty for objects of a program.
        takes: whether it reads this: a `Named`, a path, or an object of a Python program.
        load: reads what it takes. Libraries that only this source needs are imported in there.
        names: the names it is known by, each with what to type: `{"csv": "csv:FILE"}`. A name that
            is in `shown` as well needs nothing behind it.
    """

    shown: tuple[str, ...]
    takes: Callable[[Any], bool]
    load: Callable[[Any, Reading], ImageSet]
    names: Mapping[str, str] = field(default_factory=dict)


def is_file_named(data: Any, *endings: str) -> bool:
    """Return whether this is a path with one of these endings that leads to no folder."""
    if not (isinstance(data, Path) and data.name.lower().endswith(endings)):
        return False
    return not is_folder(data)


def read_options(text: str, *known: str) -> tuple[str, dict[str, str]]:
    """Return what stands before the last `?`, and the options behind it: `pets.csv?path=file`."""
    name, mark, query = text.rpartition("?")
    if not mark or is_there(Path(text)):
        return text, {}
    pairs = [part.partition("=") for part in query.split("&")]
    unknown = [key for key, _, value in pairs if key not in known or not value]
    if unknown:
        raise ImageSetError(
            f'"?{printable(query)}" is not understood at "{printable(unknown[0])}". Write '
            f"{'&'.join(f'{key}=…' for key in known)}, or some of these."
            f"{did_you_mean(unknown[0], known)}"
        )
    return name, {key: unquote(value) for key, _, value in pairs}
