"""The shapes of cats and dogs as numbers, and how one animal's shape is chosen.

Only this module knows what makes a cat a cat, but for the stripes, which ``coat`` gives to
cats more often. Lengths are in units of a head's radius.
"""

from dataclasses import dataclass, fields, replace
from typing import Literal

from vgg_transfer.sample.animal.outline import Random
from vgg_transfer.sample.paint import Colour

Species = Literal["cat", "dog"]


@dataclass(frozen=True)
class Breed:
    """One shape of animal. Numbers may lean towards another breed's; words may not."""

    ear: Literal["pointed", "floppy", "half", "folded"]
    ear_length: float
    ear_width: float
    ear_spread: float  # 0: close together, 1: far apart
    skull_width: float
    skull_height: float
    cheek: float  # how far the cheeks stand out
    jaw: float  # width of the chin
    muzzle: float  # length
    muzzle_width: float
    muzzle_drop: float  # how far below the middle of the head
    nose: float  # half width
    eye: float  # radius
    eye_gap: float  # from the middle of the face
    eye_slant: float  # turned upwards outside
    pupil: float  # half width in an eye of half width 1: small is a slit
    whiskers: float  # length
    head: float  # size on a whole body
    leg: float
    thick: float  # of the body
    long: float  # of the body
    tail: Literal["long", "curled", "straight", "stub"]
    tail_thick: float
    fluff: float  # length of the tufts of fur


@dataclass(frozen=True)
class Expression:
    """What an animal does with its face."""

    asleep: bool
    tongue: bool
    iris: Colour


IRISES: dict[Species, tuple[Colour, ...]] = {
    "cat": ((206, 178, 70), (150, 172, 88), (190, 124, 56), (120, 164, 196), (176, 186, 110)),
    "dog": ((112, 72, 46), (88, 58, 40), (138, 92, 52), (96, 70, 56), (126, 156, 182)),
}
SHORTHAIR = Breed(
    ear="pointed", ear_length=0.95, ear_width=0.52, ear_spread=0.58, skull_width=1.04,
    skull_height=0.86, cheek=1.08, jaw=0.60, muzzle=0.10, muzzle_width=0.34, muzzle_drop=0.34,
    nose=0.12, eye=0.27, eye_gap=0.45, eye_slant=0.26, pupil=0.28, whiskers=1.0, head=1.05,
    leg=1.25, thick=0.86, long=1.0, tail="long", tail_thick=0.17, fluff=0.02,
)  # fmt: skip
RETRIEVER = Breed(
    ear="floppy", ear_length=1.05, ear_width=0.48, ear_spread=0.80, skull_width=0.92,
    skull_height=0.94, cheek=0.90, jaw=0.66, muzzle=0.95, muzzle_width=0.46, muzzle_drop=0.44,
    nose=0.28, eye=0.145, eye_gap=0.40, eye_slant=0.0, pupil=0.72, whiskers=0.0, head=1.12,
    leg=1.65, thick=1.12, long=1.08, tail="straight", tail_thick=0.22, fluff=0.05,
)  # fmt: skip
CATS = {
    "shorthair": SHORTHAIR,
    "oriental": replace(SHORTHAIR, ear_length=1.15, ear_width=0.58, ear_spread=0.70,
        skull_width=0.96, cheek=0.94, jaw=0.46, muzzle=0.22, muzzle_width=0.30, eye=0.23,
        eye_slant=0.36, leg=1.5, thick=0.74, tail_thick=0.13, fluff=0.01),
    "persian": replace(SHORTHAIR, ear_length=0.62, ear_width=0.46, ear_spread=0.72,
        skull_width=1.12, skull_height=0.92, cheek=1.12, jaw=0.74, muzzle=0.04,
        muzzle_drop=0.29, eye=0.29, eye_slant=0.12, pupil=0.4, leg=1.05, thick=1.02,
        tail_thick=0.30, fluff=0.09),
    "fold": replace(SHORTHAIR, ear="folded", ear_length=0.46, ear_width=0.46, ear_spread=0.70,
        skull_width=1.08, skull_height=0.92, eye=0.29, eye_slant=0.1, pupil=0.45, thick=0.98,
        fluff=0.04),
    "forest cat": replace(SHORTHAIR, ear_length=1.0, skull_height=0.92, cheek=1.14, muzzle=0.16,
        eye=0.25, thick=0.98, tail_thick=0.30, fluff=0.08),
}  # fmt: skip
DOGS = {
    "retriever": RETRIEVER,
    "beagle": replace(RETRIEVER, ear_length=1.2, ear_width=0.50, ear_spread=0.9,
        skull_height=0.90, muzzle=0.85, muzzle_width=0.42, nose=0.26, eye=0.16, leg=1.35,
        thick=1.02, tail_thick=0.15, fluff=0.01),
    "spitz": replace(RETRIEVER, ear="pointed", ear_length=0.70, ear_width=0.38, ear_spread=0.5,
        skull_width=1.0, cheek=1.04, jaw=0.58, muzzle=0.70, muzzle_width=0.38, nose=0.22,
        eye_slant=0.12, leg=1.5, tail="curled", tail_thick=0.30, fluff=0.09),
    "pug": replace(RETRIEVER, ear_length=0.62, ear_width=0.44, ear_spread=0.86,
        skull_width=1.06, cheek=1.02, jaw=0.9, muzzle=0.28, muzzle_width=0.56, muzzle_drop=0.36,
        nose=0.24, eye=0.20, eye_gap=0.50, leg=1.2, thick=1.2, long=0.92, tail="curled",
        tail_thick=0.17, fluff=0.01),
    "terrier": replace(RETRIEVER, ear="half", ear_length=0.66, ear_width=0.42, ear_spread=0.68,
        jaw=0.76, muzzle=0.8, muzzle_width=0.48, leg=1.4, thick=1.0, long=0.94, tail_thick=0.16,
        fluff=0.08),
    "shepherd": replace(RETRIEVER, ear="pointed", ear_length=1.0, ear_width=0.40,
        ear_spread=0.46, jaw=0.54, muzzle=1.1, muzzle_width=0.38, nose=0.25, eye_slant=0.1,
        leg=1.8, tail_thick=0.26),
    "poodle": replace(RETRIEVER, ear_length=1.2, ear_width=0.58, skull_width=0.96,
        skull_height=1.04, cheek=0.98, muzzle=0.8, muzzle_width=0.42, nose=0.24, leg=1.55,
        thick=1.06, long=0.96, tail="stub", tail_thick=0.20, fluff=0.12),
    "spaniel": replace(RETRIEVER, ear_length=1.35, ear_width=0.62, ear_spread=0.85,
        skull_height=0.98, muzzle=0.85, leg=1.35, tail="stub", tail_thick=0.16, fluff=0.07),
}  # fmt: skip


def choose_breed(species: Species, rng: Random, likeness: float) -> Breed:
    """A random animal; ``likeness`` (0..1) is how far it may lean towards the other species."""
    families = tuple(CATS.values()), tuple(DOGS.values())
    own, other = families if species == "cat" else families[::-1]
    breed = own[rng.integers(len(own))]
    towards = other[rng.integers(len(other))]
    share = likeness * float(rng.beta(0.8, 2.0))
    numbers: dict[str, float] = {}
    for field in fields(Breed):
        value, goal = getattr(breed, field.name), getattr(towards, field.name)
        if isinstance(value, float):
            numbers[field.name] = (value + (goal - value) * share) * float(rng.normal(1.0, 0.06))
    return replace(breed, **numbers)  # type: ignore[arg-type]
