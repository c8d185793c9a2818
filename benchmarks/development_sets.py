"""The image sets that defaults are chosen on, made from a folder of data.

DATA holds ``dogs_cats`` and ``flowers``, each with the splits train, val and test, and
``cifar10.tar.gz`` or ``cifar10``, and ``cifar100_part`` likewise. While a default is chosen, no
test image is read: the validation images are the judge, and every fifth training image is the one
to choose by.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from vgg_transfer.images import ImageRecord, ImageSet, load_images

_ONE_IN = 5  # of the training images chooses, while the validation images judge


class DevelopmentSet(NamedTuple):
    """Where its images lie in DATA, how many of a class train, and the size they are trained at."""

    place: str
    per_class: int | None
    size: int
    judges_per_class: int | None = None
    """Of a set without validation images: how many of its training images judge."""


DEVELOPMENT_SETS = {
    "dogs_cats": DevelopmentSet("dogs_cats", None, 224),
    "dogs_cats_200": DevelopmentSet("dogs_cats", 200, 224),
    "dogs_cats_50": DevelopmentSet("dogs_cats", 50, 224),
    "flowers": DevelopmentSet("flowers", None, 128),
    "cifar10_200": DevelopmentSet("cifar10", 200, 64, judges_per_class=50),
    "cifar100_30": DevelopmentSet("cifar100_part", 30, 64, judges_per_class=15),
    "flowers_96": DevelopmentSet("flowers", None, 96),
    "flowers_64": DevelopmentSet("flowers", None, 64),
    "dogs_cats_96": DevelopmentSet("dogs_cats", 200, 96),
    "dogs_cats_64": DevelopmentSet("dogs_cats", 200, 64),
}


def development_set(data: Path, name: str, confirm: bool) -> tuple[ImageSet, dict[str, Any]]:
    """Return a set of that name, and what its size changes in a recipe.

    Args:
        data: the folder with all images.
        name: a key of ``DEVELOPMENT_SETS``.
        confirm: True judges on the test images and chooses by the validation images: once, at the
            end. False leaves the test images alone.
    """
    wanted = DEVELOPMENT_SETS[name]
    place = data / wanted.place
    whole = load_images(place if place.is_dir() else place.with_suffix(".tar.gz"))
    train, val = whole.split("train"), whole.split("val")
    if wanted.judges_per_class:
        train = val + train  # what the source itself set aside is of no use here
        val = _first(train, wanted.judges_per_class)
        taken = {record.path for record in val}
        train = tuple(record for record in train if record.path not in taken)
    if wanted.per_class:
        train = _first(train, wanted.per_class)
    if confirm:
        chosen = [*_all_in(train, "train"), *_all_in(val, "val"), *whole.split("test")]
    else:
        chosen = [*_one_in_some_chooses(train), *_all_in(val, "test")]
    place_of = {record.path: place for place, record in enumerate(whole.records)}
    records = tuple(sorted(chosen, key=lambda record: place_of[record.path]))
    return replace(whole, records=records), {"size": wanted.size}


def _first(records: Iterable[ImageRecord], per_class: int) -> tuple[ImageRecord, ...]:
    """Return so many of each class, in an order that has nothing to do with their names."""
    found: dict[int, list[ImageRecord]] = defaultdict(list)
    for record in sorted(records, key=lambda record: record.digest):
        found[record.label].append(record)
    return tuple(record for some in found.values() for record in some[:per_class])


def _one_in_some_chooses(records: Iterable[ImageRecord]) -> tuple[ImageRecord, ...]:
    seen: dict[int, int] = defaultdict(int)
    divided = []
    for record in sorted(records, key=lambda record: record.digest):
        seen[record.label] += 1
        chooses = seen[record.label] % _ONE_IN == 0
        divided.append(replace(record, split="val" if chooses else "train"))
    return tuple(divided)


def _all_in(records: Iterable[ImageRecord], split: Any) -> tuple[ImageRecord, ...]:
    return tuple(replace(record, split=split) for record in records)
