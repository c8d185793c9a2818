"""From what a user names, or has in a program, to an image set: one walk over all sources.

    photos                 a folder                      photos.zip       an archive of one
    csv:pets.csv           a table                       tfds:NAME        TensorFlow Datasets
    cifar10, cifar100      as Keras has them             cifar10:PATH     their archive

In Python also arrays, a `tf.data.Dataset`, and an image set itself.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from vgg_transfer.disk import is_there
from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.images.fix_file import read_fix_file
from vgg_transfer.images.fixing import fix_images
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.images.names import noted
from vgg_transfer.images.sources.registry import SOURCES
from vgg_transfer.images.sources.source import Named, Reading
from vgg_transfer.images.splits import DEFAULT_SPLITTING, Splitting
from vgg_transfer.words import printable


def load_images(
    data: Any,
    seed: int = 0,
    splitting: Splitting = DEFAULT_SPLITTING,
    tfds_dir: Path | str | None = None,
    least_classes: int = 2,
    remember: bool = True,
    fixes: Path | str | None = None,
) -> ImageSet:
    """Return the image set of a source.

    Args:
        data: a path or a text as on the command line; or (images, labels) as arrays, a pair of
            such pairs for train and test, a `tf.data.Dataset` or a pair of those; or an image set,
            which keeps its splits.
        seed: decides what is drawn for the splits that the source leaves open. Default: 0.
        splitting: how to draw them. Default: 15% of each class for val, and 15% for test.
        tfds_dir: the folder of prepared TensorFlow datasets. Default: the one TFDS uses.
        least_classes: how many classes there have to be. Default: 2; images that are only to be
            judged may be of 1.
        remember: whether what is drawn is remembered beside the stored activations, so that an
            image keeps its split when others come or go. Default: True.
        fixes: a CSV that says which images to leave out or to give another label, as
            `vgg-transfer doctor DATA --fixes FILE` writes it; splits are drawn before. Default:
            none, the images are taken as they are.

    Returns:
        The images with their classes and splits; what was decided is in its `findings`.

    Raises:
        ImageSetError: there is no such source, it cannot be used as it is, or what is remembered of
            its splits is damaged; or the fixes do not fit.
    """
    file = None if fixes is None else read_fix_file(fixes)
    if isinstance(data, ImageSet):
        found = data
    else:
        reading = Reading(seed, splitting, least_classes, tfds_dir, remember)
        found = _from_text(data, reading) if isinstance(data, str) else _read(data, reading)
    return found if file is None else fix_images(found, file, least_classes)


def _from_text(data: str, reading: Reading) -> ImageSet:
    """Return the image set of DATA on the command line; what lies there goes before names."""
    name, colon, rest = data.partition(":")
    named = [one for one in SOURCES if name in one.names and (colon or name in one.shown)]
    if is_there(Path(data)):
        found = _read(Path(data), reading)
        text = f'A folder or file "{printable(data)}" is here: it is read, not what has that name.'
        taken = noted("name-of-a-file", text)
        return replace(found, findings=(taken, *found.findings)) if named else found
    if named and colon and not rest:
        raise ImageSetError(f'"{name}:" names nothing. Write {named[0].names[name]}.')
    if named:
        return _read(Named(name, rest if colon else None), reading)
    prefix = re.match(r"[\w-]{2,}:", data)  # one letter is a drive
    if prefix:
        *first, last = (form for source in SOURCES for form in source.shown)
        known = [f"{name}:" for source in SOURCES for name in source.names]
        raise ImageSetError(
            f'"{printable(data)}" is no source of images, and there is no folder of that name. '
            f"Sources are {', '.join(first)} and {last}.{did_you_mean(prefix[0].lower(), known)}"
        )
    return _read(Path(data), reading)


def _read(data: Any, reading: Reading) -> ImageSet:
    for source in reversed(SOURCES):
        if source.takes(data):
            return source.load(data, reading)
    raise ImageSetError(
        "Images come from a path, a text, (images, labels), a tf.data.Dataset or an image set, "
        f"not from {type(data).__name__}."
    )
