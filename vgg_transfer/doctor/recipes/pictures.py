"""What the recipe makes of pictures: augmentation, and pixels that are not what they seem."""

import re
from collections.abc import Iterator

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.recipes.case import RecipeCase
from vgg_transfer.finding import Finding
from vgg_transfer.recipe import Augmentation
from vgg_transfer.words import listed

_LEAST_LEFT = 0.25
_HALF_OF_THE_RANGE = 0.5
_SIDED = re.compile(
    r"\d|[a-z]|zero|one|two|three|four|five|six|seven|eight|nine"
    r"|(.*[^a-z])?(left|right|up|down|clockwise|counterclockwise)([^a-z].*)?",
    re.IGNORECASE,
)

ASKED_FLIP = Entry(
    "asked-flip",
    "note",
    "Are the classes still the same when a picture is mirrored?",
    "A mirrored b is a d, and a mirrored arrow points the other way: such pictures teach the wrong "
    "class. This is a question, since names alone do not say.",
    "Names: at least half of the classes, and two of them, are digits, letters or sides.",
)
NOTHING_LEFT = Entry(
    "nothing-left",
    "warning",
    "Augmentation that leaves too little of a picture",
    "Where the thing itself may be cut away or washed out, the network learns to name what is not "
    "there.",
    "The share of a picture that shift, zoom and crop leave at their largest, together, below "
    f"{_LEAST_LEFT:.0%}; or a brightness that moves every pixel by more than half of the range, "
    "behind which most of them are all black or all white.",
)
DIVIDED_TWICE = Entry(
    "divided-twice",
    "error",
    "Pixels that were divided before",
    "Preprocessing is inside the model and expects 0 to 255; of pixels from 0 to 1 it makes "
    "pictures that are black to the network, all of them alike.",
    "The largest value in a few of the images, as they are read: at most 1 of 255 in all of them.",
)


def asked_flip(case: RecipeCase) -> Iterator[Finding]:
    """Ask about flips where the classes look like digits, letters or sides."""
    names = case.class_names or ()
    sided = [name for name in names if _SIDED.fullmatch(name)]
    flips = [(n, case.augmentation(stage).flip) for n, stage in case.learning]
    flipped = [(number, flip) for number, flip in flips if flip != "none"]
    if flipped and len(sided) >= max(2, len(names) / 2):
        number, flip = flipped[0]
        yield ASKED_FLIP.found(
            f"stage {number}",
            f'flip = "{flip}", and classes are called {listed(sided)}',
            "if a mirrored picture is of another class: --set augmentation.flip=none",
        )


def nothing_left(case: RecipeCase) -> Iterator[Finding]:
    """Find augmentation whose largest changes leave next to nothing."""
    for number, stage in case.learning:
        augmentation, size = case.augmentation(stage), case.recipe.size_of(stage)
        left = _least_left(augmentation, size)
        seen = []
        if left < _LEAST_LEFT:
            seen.append(f"shift, zoom and crop may leave {left:.0%} of a picture")
        if augmentation.brightness > _HALF_OF_THE_RANGE:
            seen.append(
                f"brightness moves pixels by up to {augmentation.brightness:.0%} of the range"
            )
        if seen:
            yield NOTHING_LEFT.found(
                f"stage {number}",
                "; ".join(seen),
                "--set augmentation=standard; look at it with `vgg-transfer augment DATA "
                "--out sheet.png`",
            )
            return


def divided_twice(case: RecipeCase) -> Iterator[Finding]:
    """Find images whose pixels go from 0 to 1."""
    if case.pixel_range is not None and case.pixel_range[1] <= 1:
        low, high = case.pixel_range
        yield DIVIDED_TWICE.found(
            "images",
            f"pixels go from {low:g} to {high:g} in all images looked at, not to 255",
            "give the images as they were before they were divided by 255",
        )


def _least_left(augmentation: Augmentation, size: int) -> float:
    """Return the share of a picture that is left at the largest changes of place."""
    cropped = max(0.0, 1 - augmentation.crop_padding / size)
    return float(((1 - augmentation.shift) * (1 - augmentation.zoom) * cropped) ** 2)
