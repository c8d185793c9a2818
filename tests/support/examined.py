"""Pictures that are made up: records, measurements and features, in which nothing is wrong."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from vgg_transfer.doctor.images.examine import Examined
from vgg_transfer.doctor.images.facts import SIDE, Header, PictureFacts
from vgg_transfer.images.image_set import ImageRecord, ImageSet

CLASSES = ("cats", "dogs")
ROOT = Path("/pets")
OF_CLASS = {"train": 90, "val": 20, "test": 20}


def examined(seed: int = 0) -> Examined:
    """Return 260 pictures of two classes: every one is another, and no property tells the class.

    Features tell it in most pictures: their first number is the label, their others are noise.
    """
    rng = np.random.default_rng(seed)
    records = [
        ImageRecord(
            path=ROOT / split / CLASSES[label] / f"{number:02}.jpg",
            label=label,
            split=split,
            digest=f"{rng.integers(2**62):064x}",
            width=int(rng.integers(200, 400)),
            height=int(rng.integers(200, 400)),
        )
        for split, count in OF_CLASS.items()
        for label in (0, 1)
        for number in range(count)
    ]
    facts = [facts_of(record, rng) for record in records]
    features = rng.normal(size=(len(records), 8))
    features[:, 0] += [8 * record.label for record in records]
    images = ImageSet(f"folder {ROOT}", CLASSES, tuple(records), root=ROOT)
    return Examined(images, facts, features)


def facts_of(record: ImageRecord, rng: np.random.Generator) -> PictureFacts:
    """Return what might be measured of a photograph."""
    coarse = rng.integers(0, 256, (8, 8, 3), np.uint8)
    header = Header("JPEG", "RGB", float(rng.uniform(10, 30)), "Maker One", _date(rng))
    small = coarse.repeat(SIDE // 8, 0).repeat(SIDE // 8, 1)
    return PictureFacts(
        record.path, int(rng.integers(9000, 30000)), header, small, float(rng.uniform(200, 900))
    )


def changed(whole: Examined, place: int, **changes) -> Examined:
    """Return the pictures with one record changed."""
    records = list(whole.image_set.records)
    records[place] = replace(records[place], **changes)
    return replace(whole, image_set=replace(whole.image_set, records=tuple(records)))


def measured(whole: Examined, change) -> Examined:
    """Return the pictures with what was measured changed, by a function of record and facts."""
    pairs = zip(whole.image_set.records, whole.facts, strict=True)
    return replace(whole, facts=[replace(facts, **change(one, facts)) for one, facts in pairs])


def _date(rng: np.random.Generator) -> str:
    month, day, hour, minute, second = (int(rng.integers(1, n)) for n in (13, 29, 24, 60, 60))
    return f"2024:{month:02}:{day:02} {hour:02}:{minute:02}:{second:02}"
