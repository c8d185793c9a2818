"""Shortcuts: can the class be told from what is not the object?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.images.facts import PictureFacts
from vgg_transfer.doctor.images.likeness import Floats
from vgg_transfer.doctor.images.properties import Both, of_files, of_pixels
from vgg_transfer.doctor.images.telling import Told, tell
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import ImageRecord

SHORTCUT = Entry(
    "shortcut",
    "warning",
    "The class can be told from what is not the object",
    "A network learns what is easiest: what gives the class away in these pictures is learnt in "
    "place of the object, and is not there, or means something else, in the pictures of others.",
    "A decision tree is fitted on each property alone (width and height, format, JPEG quality, "
    "camera, time, a frame of one colour; file size, mean colour, colour of the border, light, "
    "sharpness), and a forest on all together, on train and val in five folds. The mean recall has "
    "an interval that holds for all of them at once, in 999 of 1,000 sets (Bonferroni). Said where "
    "its lower end is a tenth of the way from guessing to certainty for what says nothing of the "
    "object, and half of the way for what may belong to it.",
)
LOOKS = Entry(
    "told-by-looks",
    "note",
    "The class can be told in part from colour, light or sharpness",
    "That may be the object's own (a sunflower is yellow), or the place and the camera's: in that "
    "case it is learnt and will not help elsewhere.",
    "As `shortcut`, for what may belong to the object, from a tenth to half of the way.",
)
_LEAST, _STRONG = 0.1, 0.5  # of the way from guessing to certainty
_FEWEST = 20  # pictures of a class
# One in a thousand for all properties: a tree on held-out folds is luckier than independent answers
# would be (at one in twenty, in 12 of 60 sets of 100 pictures in which nothing was planted).
_ERROR = 0.001
_MOST = 4000  # pictures; more change the interval little, and take longer


def find_shortcuts(
    records: Sequence[ImageRecord], facts: Sequence[PictureFacts | None]
) -> Iterator[Finding]:
    """Yield what gives the class away beside the object; test pictures are not looked at.

    Args:
        records: of all pictures.
        facts: what was measured of each.
    """
    pictures = _chosen(records, facts)
    if len({record.label for record, _ in pictures}) < 2:
        return
    files, pixels = of_files(pictures), of_pixels(pictures)
    properties = {**files, **pixels}
    told = _told(pictures, properties)
    carried = {name: told[name] for name in files if told[name].gain >= _LEAST}
    carried |= {name: told[name] for name in pixels if told[name].gain >= _STRONG}
    if carried:
        remedy = (
            "mix sources in every class, or make the pictures alike (cut frames away, one size and "
            "one quality for all), and test on pictures from elsewhere"
        )
        yield SHORTCUT.found("images", _seen(carried, _together(pictures, properties)), remedy)
        return
    looks = {name: told[name] for name in pixels if told[name].gain >= _LEAST}
    if looks:
        remedy = "see whether it is the object's; if not, augment with colour and light"
        yield LOOKS.found("images", _seen(looks, _together(pictures, properties)), remedy)


def _chosen(records: Sequence[ImageRecord], facts: Sequence[PictureFacts | None]) -> list[Both]:
    """Return pictures of train and val, of classes that have enough, drawn by their bytes."""
    pairs = zip(records, facts, strict=True)
    there = [(one, seen) for one, seen in pairs if seen is not None and one.split != "test"]
    drawn = sorted(there, key=lambda both: both[0].digest)[:_MOST]
    number = Counter(record.label for record, _ in drawn)
    return [both for both in drawn if number[both[0].label] >= _FEWEST]


def _told(pictures: Sequence[Both], properties: Mapping[str, Floats]) -> dict[str, Told]:
    """Return how well the class is told by each property alone."""
    from sklearn.tree import DecisionTreeClassifier

    labels = np.array([record.label for record, _ in pictures])
    digests = [record.digest for record, _ in pictures]
    level = 1 - _ERROR / max(1, len(properties))
    leaf = max(5, len(pictures) // 100)
    tree: Any = DecisionTreeClassifier(
        min_samples_leaf=leaf, class_weight="balanced", random_state=0
    )
    return {name: tell(tree, rows, labels, digests, level) for name, rows in properties.items()}


def _together(pictures: Sequence[Both], properties: Mapping[str, Floats]) -> Told:
    """Return how well the class is told by all properties."""
    from sklearn.ensemble import RandomForestClassifier

    forest: Any = RandomForestClassifier(
        100, min_samples_leaf=3, class_weight="balanced", random_state=0
    )
    labels = np.array([record.label for record, _ in pictures])
    every = np.concatenate(list(properties.values()), axis=1)
    return tell(forest, every, labels, [record.digest for record, _ in pictures], 0.95)


def _seen(carried: Mapping[str, Told], together: Told) -> str:
    ordered = sorted(carried.items(), key=lambda item: -item[1].gain)
    parts = [f"from {name} alone {told}" for name, told in ordered[:3]]

    return "the class is told " + "; ".join([*parts, f"from all properties together {together}"])
