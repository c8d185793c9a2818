"""Bodies in their poses. Every pose is drawn for cats and dogs alike, from the same numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from vgg_transfer.sample.animal.breeds import Expression
from vgg_transfer.sample.animal.coat import at_tips
from vgg_transfer.sample.animal.face import Easel, draw_head
from vgg_transfer.sample.animal.outline import Spot, ellipse, limb, mirrored, smooth
from vgg_transfer.sample.paint import mix

PoseName = Literal["portrait", "sitting", "aside", "standing", "lying", "curled", "behind"]


@dataclass(frozen=True)
class Pose:
    """How an animal holds itself; ``turn`` as in ``draw_head``, ``nod`` is a tilt in radians."""

    name: PoseName
    turn: float
    nod: float
    sway: float  # of the tail, -1..1


def _head(easel: Easel, spot: Spot, pose: Pose, face: Expression | None) -> None:
    draw_head(easel.moved(spot, easel.breed.head, pose.nod), pose.turn, face)


def _tail(easel: Easel, root: Spot, sway: float, low: bool = False) -> None:
    """A tail that leaves its root to the left; a ``low`` one lies on the ground."""
    x, y = root
    kind = easel.breed.tail
    if kind == "long":
        up, bend = (-0.2, 0.1) if low else (-1.6 - 0.6 * sway, -0.2)
        tip = (x - 1.1 - 0.4 * sway, y + up)
        spine = (root, (x - 0.8, y + bend), (x - 1.3, y + 0.5 * up), tip)
        widths = (1.0, 1.05, 1.0, 0.7)
    elif kind == "curled":
        spine = (root, (x - 0.5, y - 0.6), (x - 0.1, y - 1.15), (x + 0.4, y - 0.75))
        widths = (1.0, 1.3, 1.4, 0.8)
    elif kind == "straight":
        up = -0.1 if low else -0.7 - 0.5 * sway
        spine = (root, (x - 0.5, y + 0.3 * up), (x - 1.0, y + 0.7 * up), (x - 1.4, y + up))
        widths = (1.1, 1.15, 0.8, 0.35)
    else:
        spine = (root, (x - 0.15, y - 0.2), (x - 0.3, y - 0.4), (x - 0.4, y - 0.5))
        widths = (1.0, 1.2, 1.3, 1.2)
    _paint_tail(easel, spine, widths)


def _paint_tail(easel: Easel, spine: tuple[Spot, ...], widths: tuple[float, ...]) -> None:
    coat = at_tips(easel.coat)
    tail = limb(spine, tuple(easel.breed.tail_thick * width for width in widths))
    easel.fur(tail, mix(coat.main, coat.deep, 0.15))


def _portrait(easel: Easel, pose: Pose, fur: Image.Image, face: Expression) -> None:
    wide = easel.breed.thick
    outer = ((0.62 * wide, 0.3), (1.0 * wide, 1.3), (1.45 * wide, 2.6), (1.5 * wide, 4.5))
    easel.fur(mirrored(*outer), fur)
    easel.fur(mirrored((0.4, 0.9), (0.6, 1.9), (0.3, 3.0)), easel.coat.pale)
    draw_head(easel.moved((0, 0), 1.0, pose.nod), pose.turn, face)


def _sitting(easel: Easel, pose: Pose, fur: Image.Image, face: Expression) -> None:
    coat, wide = easel.coat, easel.breed.thick
    _tail(easel, (-0.9 * wide, 3.3), pose.sway, low=pose.sway > -0.2)
    for side in (1, -1):
        easel.fur(ellipse((side * 0.85 * wide, 3.0), 0.62 * wide, 0.78), fur)
        easel.fur(ellipse((side * 1.0 * wide, 3.6), 0.46, 0.2), at_tips(coat).main)
    torso = mirrored((0.6 * wide, 0.4), (0.92 * wide, 1.6), (1.05 * wide, 2.8), (0.7 * wide, 3.55))
    easel.fur(torso, fur)
    easel.fur(mirrored((0.4 * wide, 0.8), (0.52 * wide, 1.7), (0.0, 2.7)), coat.pale)
    for side in (1, -1):
        leg = ((side * 0.5 * wide, 1.7), (side * 0.44 * wide, 2.7), (side * 0.42, 3.55))
        easel.fur(limb(leg, (0.38 * wide, 0.28 * wide, 0.23 * wide)), fur)
        easel.fur(ellipse((side * 0.44, 3.62), 0.34, 0.2), coat.pale)
    _head(easel, (0, 0), pose, face)


def _aside(easel: Easel, pose: Pose, fur: Image.Image, face: Expression) -> None:
    coat, wide = easel.coat, easel.breed.thick
    _tail(easel, (-1.25 * wide, 3.3), pose.sway, low=pose.sway > -0.2)
    easel.fur(limb(((0.75, 1.7), (0.95, 2.7), (1.0, 3.5)), (0.34, 0.25, 0.2)), coat.deep)
    torso = smooth(
        (-0.25 * wide, 0.4), (-0.75 * wide, 1.5), (-1.35 * wide, 2.7), (-1.2 * wide, 3.5),
        (0.3, 3.55), (0.6, 2.7), (0.95 * wide, 1.7), (0.75 * wide, 0.5),
    )  # fmt: skip
    easel.fur(torso, fur)
    bib = smooth((0.5, 0.8), (0.8 * wide, 0.9), (0.93 * wide, 1.7), (0.72, 2.4), (0.45, 1.7))
    easel.fur(bib, coat.pale)
    easel.fur(ellipse((-0.5 * wide, 2.85), 0.85 * wide, 0.78), fur)
    easel.fur(ellipse((0.15, 3.5), 0.5, 0.18), at_tips(coat).main)
    leg = limb(((0.55, 1.8), (0.62, 2.7), (0.66, 3.5)), (0.38 * wide, 0.28 * wide, 0.23 * wide))
    easel.fur(leg, fur)
    easel.fur(ellipse((0.78, 3.54), 0.34, 0.18), coat.pale)
    _head(easel, (0.35, -0.05), pose, face)


def _standing(easel: Easel, pose: Pose, fur: Image.Image, face: Expression) -> None:
    breed, coat = easel.breed, easel.coat
    half, thick, leg, width = 1.5 * breed.long, 0.64 * breed.thick, breed.leg, breed.thick
    ground, step = 2.3, 0.22 * pose.sway
    y = ground - leg - 0.35  # the middle line of the torso
    _tail(easel, (-half - 0.1, y - 0.3), pose.sway)
    for x in (half - 0.15 + step, -half + 0.55 - step):
        far_leg = limb(((x, y), (x + 0.05, y + 0.6 * leg), (x, ground - 0.1)), (0.36, 0.24, 0.18))
        easel.fur(far_leg, coat.deep)
    neck = ((half - 0.2, y - 0.1), (half + 0.3, y - 0.7), (half + 0.55, y - 1.2))
    easel.fur(limb(neck, (0.75 * width, 0.64 * width, 0.62 * width)), fur)
    torso = smooth(
        (-half - 0.1, y - 0.6 * thick), (-0.5 * half, y - thick), (0.5 * half, y - 0.95 * thick),
        (half + 0.1, y - 1.1 * thick), (half + 0.35, y), (half - 0.1, y + 1.05 * thick),
        (0, y + 0.9 * thick), (-0.7 * half, y + 0.6 * thick), (-half - 0.2, y + 0.2),
    )  # fmt: skip
    easel.fur(torso, fur)
    bib = smooth(
        (half - 0.1, y - 0.3), (half + 0.3, y - 0.3), (half + 0.3, y + 0.3),
        (half - 0.2, y + 0.9 * thick), (half - 0.35, y + 0.3),
    )  # fmt: skip
    easel.fur(bib, coat.pale)
    easel.fur(ellipse((-half + 0.35, y + 0.15), 0.55, 0.7 * width), fur)
    back, front = -half + 0.15 + step, half - 0.3 - step
    hind = (
        (-half + 0.25, y + 0.3), (-half + 0.15, y + 0.55 * leg), (back - 0.15, y + 0.75 * leg),
        (back, ground - 0.1),
    )  # fmt: skip
    fore = ((half - 0.3, y + 0.1), (half - 0.3, y + 0.6 * leg), (front, ground - 0.1))
    for spine, x in ((hind, back), (fore, front)):
        easel.fur(limb(spine, (0.42 * width, 0.28 * width, 0.2 * width)), fur)
        easel.fur(ellipse((x + 0.12, ground - 0.1), 0.3, 0.16), coat.pale)
    _head(easel, (half + 0.7, y - 1.5), pose, face)


def _lying(easel: Easel, pose: Pose, fur: Image.Image, face: Expression) -> None:
    breed, coat = easel.breed, easel.coat
    high, long = breed.thick, breed.long
    reach = 1.2 + 0.6 * breed.leg
    _tail(easel, (-1.75 * long, 0.65), pose.sway, low=True)
    easel.fur(limb(((1.2, 0.5), (1.7, 0.75), (reach + 0.3, 0.72)), (0.3, 0.22, 0.2)), coat.deep)
    torso = smooth(
        (-1.85 * long, 0.7), (-1.5 * long, -0.35 * high), (-0.2, -0.62 * high), (0.9, -0.7 * high),
        (1.5, -0.4), (1.65, 0.6), (1.0, 1.0), (-1.5 * long, 1.0),
    )  # fmt: skip
    easel.fur(torso, fur)
    bib = smooth((1.1, -0.3), (1.55, -0.3), (1.65, 0.5), (1.2, 0.8), (0.95, 0.3))
    easel.fur(bib, coat.pale)
    easel.fur(ellipse((-1.05 * long, 0.35), 0.85, 0.66 * high), fur)
    easel.fur(ellipse((-0.35, 0.88), 0.52, 0.17), at_tips(coat).main)
    easel.fur(limb(((1.0, 0.5), (1.3, 0.85), (reach, 0.86)), (0.32, 0.24, 0.2)), fur)
    easel.fur(ellipse((reach + 0.1, 0.88), 0.3, 0.18), coat.pale)
    _head(easel, (1.85, 0.1) if face.asleep else (1.45, -1.05), pose, face)


def _curled(easel: Easel, pose: Pose, fur: Image.Image, face: Expression) -> None:
    breed = easel.breed
    easel.fur(ellipse((0, 0.1), 1.75 * breed.long, 1.1 * breed.thick), fur)
    easel.fur(ellipse((-0.75, 0.35), 0.95, 0.75 * breed.thick), fur)
    tucked = easel.moved((0.95, 0.25), 0.85 * breed.head, 0.35 + pose.nod)
    draw_head(tucked, pose.turn, face)
    if breed.tail in ("long", "curled"):
        around = ((-1.5, 0.75), (-0.8, 1.1), (0.1, 1.15), (0.9, 1.0))
        _paint_tail(easel, around, (1.0, 1.15, 1.1, 0.7))
    else:  # a paw instead
        easel.fur(ellipse((0.1, 1.0), 0.5, 0.18), easel.coat.pale)


def _behind(easel: Easel, pose: Pose, fur: Image.Image, _: Expression) -> None:
    wide = easel.breed.thick
    _head(easel, (0, 0), pose, None)
    torso = mirrored((0.55 * wide, 0.5), (0.95 * wide, 1.6), (1.45 * wide, 2.9), (1.2 * wide, 3.65))
    easel.fur(torso, fur)
    _tail(easel, (-0.2, 3.4), pose.sway, low=True)


@dataclass(frozen=True)
class Stance:
    """One way to sit, stand or lie."""

    share: float  # of all animals
    extent: tuple[float, float, float, float]  # left, top, right and bottom (the ground), in units
    draw: Callable[[Easel, Pose, Image.Image, Expression], None]


STANCES: dict[PoseName, Stance] = {
    "portrait": Stance(0.38, (-1.5, -1.7, 1.5, 1.9), _portrait),
    "sitting": Stance(0.22, (-1.9, -1.7, 1.9, 3.8), _sitting),
    "aside": Stance(0.14, (-2.1, -1.7, 2.2, 3.65), _aside),
    "standing": Stance(0.13, (-2.7, -2.9, 3.9, 2.3), _standing),
    "lying": Stance(0.1, (-2.3, -2.4, 3.1, 1.05), _lying),
    "curled": Stance(0.02, (-2.0, -1.3, 2.0, 1.2), _curled),
    "behind": Stance(0.01, (-1.9, -1.7, 1.9, 3.8), _behind),
}


def draw_animal(easel: Easel, pose: Pose, fur: Image.Image, face: Expression) -> None:
    """Draw the animal; ``fur`` is its coat, laid along the frame."""
    STANCES[pose.name].draw(easel, pose, fur, face)
