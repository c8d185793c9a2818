"""From what a user names, or has in a program, to an image set: each source by its module.

    photos                 a folder                      photos.zip       an archive of one
    csv:pets.csv           a table                       tfds:NAME        TensorFlow Datasets
    cifar10, cifar100      as Keras has them             cifar10:PATH     their archive

In Python also arrays, a `tf.data.Dataset`, and an image set itself.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.images.sources.archive import ARCHIVE_SUFFIXES, load_archive
from vgg_transfer.images.sources.cifar import CIFAR_ARCHIVES, CIFAR_NAMES, load_cifar
from vgg_transfer.images.sources.folder import load_folder
from vgg_transfer.images.sources.table import TABLE_SUFFIXES, Columns, load_table
from vgg_transfer.images.splits import DEFAULT_SPLITTING, Splitting
from vgg_transfer.words import printable

_PREFIXES = {"csv": "csv:FILE", "tfds": "tfds:NAME"} | {
    name: f"{name}:PATH" for name in CIFAR_NAMES
}


@dataclass(frozen=True)
class _Wishes:
    """What is asked for, whatever the source."""

    seed: int
    splitting: Splitting
    least_classes: int
    tfds_dir: Path | str | None


def load_images(
    data: Any,
    seed: int = 0,
    splitting: Splitting = DEFAULT_SPLITTING,
    tfds_dir: Path | str | None = None,
    least_classes: int = 2,
) -> ImageSet:
    """Return the image set of a source.

    `data` is a path or a text as on the command line; or (images, labels) as arrays, a pair of
    such pairs for train and test, a `tf.data.Dataset` or a pair of those; or an image set, which
    is returned as it is. Seed and splitting decide the splits that the source leaves open.
    `tfds_dir` is the folder of prepared TensorFlow datasets. Images that are only to be judged may
    be of one class: then `least_classes` is 1.

    Raises:
        ImageSetError: there is no such source, or it cannot be used as it is.
    """
    if isinstance(data, ImageSet):
        return data
    wishes = _Wishes(seed, splitting, least_classes, tfds_dir)
    if isinstance(data, Path):
        return _at_path(data, wishes)
    if isinstance(data, str):
        return _from_text(data, wishes)
    return _from_python(data, wishes)


def _from_text(data: str, wishes: _Wishes) -> ImageSet:
    """Return the image set of DATA on the command line; what lies there goes before names."""
    prefix, colon, rest = data.partition(":")
    is_name = data in CIFAR_NAMES or (colon == ":" and prefix in _PREFIXES)
    path = Path(data)
    if _is_there(path):
        image_set = _at_path(path, wishes)
        note = f'A folder or file "{printable(data)}" is here: it is read, not what has that name.'
        return replace(image_set, notes=(note, *image_set.notes)) if is_name else image_set
    if is_name:
        return _named(prefix, rest if colon else None, wishes)
    found = re.match(r"[\w-]{2,}:", data)  # one letter is a drive
    if found:
        raise ImageSetError(
            f'"{printable(data)}" is no source of images, and there is no folder of that name. '
            f"Sources are a folder, an archive ({', '.join(ARCHIVE_SUFFIXES)}), csv:FILE, "
            f"tfds:NAME, cifar10 and cifar100."
            f"{did_you_mean(found[0].lower(), [f'{name}:' for name in _PREFIXES])}"
        )
    return _at_path(path, wishes)


def _named(prefix: str, rest: str | None, wishes: _Wishes) -> ImageSet:
    """Return the image set of `prefix:rest`, or of `prefix` alone."""
    if rest == "":
        raise ImageSetError(f'"{prefix}:" names nothing. Write {_PREFIXES[prefix]}.')
    seed, splitting, least_classes = wishes.seed, wishes.splitting, wishes.least_classes
    if prefix == "csv":
        file, options = _options(rest or "", ("path", "label", "split", "group"))
        columns = Columns(
            options.get("path"), options.get("label"), options.get("split"), options.get("group")
        )
        return load_table(file, seed, splitting, columns, least_classes)
    if prefix == "tfds":
        from vgg_transfer.images.sources.tfds import load_tfds

        name, options = _options(rest or "", ("dir",))
        folder = options.get("dir", wishes.tfds_dir)
        return load_tfds(name, folder, seed, splitting, least_classes)
    return load_cifar(prefix, rest, seed, splitting, least_classes)


def _options(text: str, known: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """Return what stands before the last `?`, and the options behind it."""
    name, mark, query = text.rpartition("?")
    if not mark or _is_there(Path(text)):
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


def _at_path(path: Path, wishes: _Wishes) -> ImageSet:
    name = path.name.lower()
    seed, splitting, least_classes = wishes.seed, wishes.splitting, wishes.least_classes
    if not (_is_there(path) and path.is_dir()):
        if name.endswith(TABLE_SUFFIXES):
            return load_table(path, seed, splitting, least_classes=least_classes)
        if name in CIFAR_ARCHIVES:
            return load_cifar(CIFAR_ARCHIVES[name], path, seed, splitting, least_classes)
        if name.endswith(ARCHIVE_SUFFIXES):
            return load_archive(path, seed, splitting, least_classes)
    return load_folder(path, seed, splitting, least_classes)


def _is_there(path: Path) -> bool:
    try:
        return path.exists() or path.is_symlink()
    except OSError:  # a name that no file can have, or a folder that may not be entered
        return False


def _from_python(data: Any, wishes: _Wishes) -> ImageSet:
    from vgg_transfer.images.sources.arrays import from_arrays, from_dataset

    seed, splitting = wishes.seed, wishes.splitting
    if hasattr(data, "element_spec"):
        return from_dataset(data, seed=seed, splitting=splitting)
    if isinstance(data, tuple | list) and len(data) == 2:
        first, second = data
        if hasattr(first, "element_spec"):
            return from_dataset(first, test=second, seed=seed, splitting=splitting)
        if _is_pair(first) and _is_pair(second):
            images, labels = first
            return from_arrays(images, labels, test=second, seed=seed, splitting=splitting)
        return from_arrays(first, second, seed=seed, splitting=splitting)
    raise ImageSetError(
        "Images come from a path, a text, (images, labels), a tf.data.Dataset or an image set, "
        f"not from {type(data).__name__}."
    )


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2
