"""A head, seen from the front, turned aside or from behind."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw

from vgg_transfer.sample.animal.breeds import Breed, Expression
from vgg_transfer.sample.animal.coat import Coat, at_tips, weave
from vgg_transfer.sample.animal.outline import (
    Frame,
    Points,
    Random,
    Spot,
    ellipse,
    limb,
    mirrored,
    smooth,
    tufted,
)
from vgg_transfer.sample.paint import Colour, Light, mix, paint

INK: Colour = (44, 30, 32)
PINK: Colour = (222, 150, 142)
SHINE: Colour = (255, 252, 244)


@dataclass(frozen=True)
class Easel:
    """What every stroke of one animal needs."""

    image: Image.Image
    frame: Frame
    light: Light
    rng: Random
    breed: Breed
    coat: Coat

    def moved(self, spot: Spot, scale: float, tilt: float) -> "Easel":
        """The same easel for a part of the animal: see ``Frame.moved``."""
        return replace(self, frame=self.frame.moved(spot, scale, tilt))

    def fur(self, outline: Points, filling: Image.Image | Colour) -> None:
        """Paint a furry part, given in the frame's units."""
        tufts = max(self.breed.fluff * self.frame.scale, 0.8)
        paint(self.image, tufted(self.frame.pixels(outline), tufts, self.rng), filling, self.light)

    def flat(self, outline: Points, colour: Colour, opacity: float = 1.0) -> None:
        paint(self.image, self.frame.pixels(outline), colour, opacity=opacity)


def draw_head(easel: Easel, turn: float, face: Expression | None) -> None:
    """``turn``: 0 looks at us, 1 is a profile to the right; no face means seen from behind."""
    breed = easel.breed
    fur = weave(easel.coat, easel.frame, easel.image.size, easel.rng, head=True)
    if breed.ear in ("pointed", "half"):
        for side in (1, -1):
            _standing_ear(easel, turn, side, inside=face is not None)
    wide, high = breed.skull_width * (1 - 0.05 * turn), breed.skull_height
    cheek, jaw = breed.cheek * wide, breed.jaw * wide
    skull = mirrored(
        (0.0, -high), (0.52 * wide, -0.86 * high), (0.92 * wide, -0.36 * high), (cheek, 0.22),
        (0.5 * (cheek + jaw), 0.66), (jaw * 0.5, 0.9),
    )  # fmt: skip
    easel.fur(skull, fur)
    if face is not None:
        _draw_face(easel, turn, face)
    if breed.ear in ("floppy", "folded"):
        for side in (1, -1):
            if side < 0 or turn < 0.75:
                _soft_ear(easel, turn, side)


def _standing_ear(easel: Easel, turn: float, side: int, inside: bool) -> None:
    breed = easel.breed
    far = side > 0
    width = breed.ear_width * (1 - (0.5 if far else 0.1) * turn)
    middle = side * (0.3 + 0.42 * breed.ear_spread) * (1 - 0.4 * turn * far) - 0.22 * turn
    lean = side * 0.32 * breed.ear_spread - 0.12 * turn
    bottom = -0.5 * breed.skull_height
    halfway, tip = bottom - 0.45 * breed.ear_length, bottom - 0.25 - breed.ear_length
    ear = smooth(
        (middle - width, bottom + 0.1), (middle - 0.62 * width + 0.4 * lean, halfway),
        (middle + lean - 0.05, tip), (middle + lean + 0.05, tip),
        (middle + 0.62 * width + 0.4 * lean, halfway), (middle + width, bottom + 0.1),
    )  # fmt: skip
    colour = mix(at_tips(easel.coat).main, easel.coat.deep, 0.25 if far and turn > 0.3 else 0.05)
    easel.fur(ear, colour)
    if inside:
        centre = np.array([middle + 0.25 * lean, bottom - 0.15])
        shell = (ear - centre) * 0.62 + centre
        easel.flat(shell, mix(PINK, easel.coat.deep, 0.45))
    if breed.ear == "half":  # the tip hangs over
        x, wide = middle + lean, 0.75 * width
        drop = smooth(
            (x - wide, tip + 0.4), (x, tip + 0.1), (x + wide, tip + 0.4),
            (x + 0.4 * side * wide, tip + 1.0),
        )  # fmt: skip
        easel.fur(drop, mix(colour, easel.coat.deep, 0.4))


def _soft_ear(easel: Easel, turn: float, side: int) -> None:
    """An ear that hangs beside the face, or that is folded over the brow."""
    breed = easel.breed
    long, wide = breed.ear_length, breed.ear_width
    far = side > 0
    root = side * 0.72 * breed.skull_width * (1 - 0.3 * turn * far) + (0 if far else 0.06 * turn)
    colour = mix(at_tips(easel.coat).main, easel.coat.deep, 0.45)
    if breed.ear == "folded":
        x = side * breed.skull_width * (1 - 0.45 * turn * far) - 0.15 * turn
        flap = smooth(
            (0.2 * x, -0.84), (0.58 * x, -0.62 - 0.7 * long), (0.9 * x, -0.5),
            (0.5 * x, -0.64 + 0.7 * long),
        )  # fmt: skip
        easel.fur(flap, mix(colour, easel.coat.main, 0.5))
        return
    out = root + side * (0.16 + 0.22 * breed.ear_spread)
    hang = smooth(
        (root - side * 0.24, -0.74), ((root + out) / 2, -0.8), (out + side * 0.5 * wide, -0.3),
        (out + side * 0.6 * wide, -0.5 + 0.85 * long), (out, -0.42 + 1.15 * long),
        (out - side * 0.55 * wide, -0.5 + 0.8 * long), (root - side * 0.05, -0.2),
    )  # fmt: skip
    easel.fur(hang, colour)


def _draw_face(easel: Easel, turn: float, face: Expression) -> None:
    breed, coat = easel.breed, easel.coat
    middle = 0.4 * turn
    masked = coat.pattern == "points"
    soft = mix(coat.main, (58, 40, 36), 0.55) if masked else coat.pale
    if not masked:  # a blaze up the forehead
        blaze = smooth(
            (middle - 0.1, -0.55), (middle + 0.1, -0.55), (middle + 0.25, 0.4), (middle - 0.25, 0.4)
        )
        easel.flat(blaze, soft, 0.45)
    for side in (1, -1):
        if side < 0 or turn < 0.7:
            spot = (middle + side * breed.eye_gap * (1 - 0.4 * turn), -0.1)
            _draw_eye(easel, spot, side, turn, face)
    tip = (
        middle + breed.muzzle * turn * (0.2 + 0.95 * turn),
        breed.muzzle_drop + breed.muzzle * (0.26 - 0.12 * turn),
    )
    _draw_muzzle(easel, tip, turn, soft, face.tongue)
    _draw_nose(easel, tip, turn)
    _draw_whiskers(easel, tip, turn)


def _draw_muzzle(easel: Easel, tip: Spot, turn: float, soft: Colour, tongue: bool) -> None:
    breed = easel.breed
    x, y = tip
    width = breed.muzzle_width
    if tongue:
        easel.flat(ellipse((x - 0.1 * turn, y + 0.6), 0.19, 0.4), (204, 88, 98))
        easel.flat(ellipse((x - 0.1 * turn, y + 0.6), 0.15, 0.37), (232, 122, 126))
    easel.fur(ellipse((x - 0.12 * turn, y + 0.3), width * 0.62, 0.24), mix(soft, INK, 0.14))
    if breed.muzzle > 0.3:  # the bridge of a long nose starts between the eyes
        root = (0.36 * turn, breed.muzzle_drop - 0.42 * breed.muzzle)
        easel.fur(limb((root, tip), (width * 0.6, width * 0.8)), soft)
    for side in (1, -1):
        pad = (x + side * 0.5 * width * (1 - 0.5 * turn), y + 0.12)
        easel.fur(ellipse(pad, width * 0.62, width * 0.55), soft)


def _draw_eye(easel: Easel, spot: Spot, side: int, turn: float, face: Expression) -> None:
    size, tilt = easel.breed.eye, -side * easel.breed.eye_slant
    x, y = spot
    wide = size * (1 - (0.5 if side > 0 else 0.22) * turn)
    if face.asleep:
        lid = limb(((x - size, y), (x, y + 0.4 * size), (x + size, y)), (0.03, 0.05, 0.03))
        easel.flat(lid, INK)
        return
    glow = mix(face.iris, (255, 246, 214), 0.4)
    easel.flat(ellipse(spot, 1.18 * wide, 1.08 * size, tilt), INK)
    easel.flat(ellipse(spot, wide, 0.92 * size, tilt), face.iris)
    easel.flat(ellipse((x, y + 0.3 * size), 0.7 * wide, 0.5 * size), glow, 0.7)
    pupil = ellipse((x + 0.15 * size * turn, y), easel.breed.pupil * wide, 0.8 * size)
    easel.flat(pupil, (18, 14, 18))
    easel.flat(ellipse((x - 0.3 * size, y - 0.34 * size), 0.2 * size, 0.2 * size), SHINE)


def _draw_nose(easel: Easel, tip: Spot, turn: float) -> None:
    size = easel.breed.nose
    colour = INK if size > 0.165 else mix(PINK, easel.coat.deep, 0.25)
    x, y = tip[0] + 0.35 * size * turn, tip[1] - 0.1
    nose = smooth(
        (x - size, y - 0.5 * size), (x, y - 0.75 * size), (x + size, y - 0.5 * size),
        (x + 0.5 * size, y + 0.5 * size), (x, y + 0.8 * size), (x - 0.5 * size, y + 0.5 * size),
    )  # fmt: skip
    easel.flat(nose, colour)
    gleam = ellipse((x - 0.2 * size, y - 0.35 * size), 0.4 * size, 0.16 * size)
    easel.flat(gleam, mix(colour, SHINE, 0.45), 0.8)
    for side in (1, -1):
        mouth = (
            (x, y + 0.6 * size), (x, y + 0.28), (x + side * 0.16, y + 0.36),
            (x + side * 0.3, y + 0.3),
        )  # fmt: skip
        easel.flat(limb(mouth, (0.022, 0.03, 0.012)), INK, 0.85)


def _draw_whiskers(easel: Easel, tip: Spot, turn: float) -> None:
    length = easel.breed.whiskers
    if length < 0.15:
        return
    pale_fur = sum(easel.coat.pale) > 480
    colour = mix(easel.coat.pale, (70, 56, 56) if pale_fur else SHINE, 0.6)
    draw = ImageDraw.Draw(easel.image)
    for side in (1, -1):
        for lift in (-0.22, 0.0, 0.2):
            reach = length * float(easel.rng.uniform(0.8, 1.2)) * (1 - 0.4 * turn * (side > 0))
            x, y = tip[0] + side * 0.24, tip[1] + 0.12 + lift * 0.25
            bend = (x + side * reach * 0.6, y + lift * 0.8 - 0.06)
            line = np.array([(x, y), bend, (x + side * reach, y + lift + 0.06)])
            width = max(1, round(0.025 * easel.frame.scale))
            draw.line(easel.frame.pixels(line).ravel().tolist(), fill=colour, width=width)
