"""Things that lie about, stand behind or hide an animal. The same for cats and dogs."""

import numpy as np
from PIL import Image, ImageDraw

from vgg_transfer.sample.animal.outline import Points, Random, Spot, ellipse, smooth
from vgg_transfer.sample.paint import Light, mix, paint, shifted, soft_blot
from vgg_transfer.sample.place.surfaces import FABRICS, WALLS, WOODS, Place, grow_grass, pick

SOFT = Light(-0.55, -0.8, 0.85, (255, 244, 220), (50, 36, 40))


def corners(*spots: Spot) -> Points:
    """A shape with straight edges."""
    return np.array(spots, dtype=np.float64)


def draw_cushion(image: Image.Image, spot: Spot, radius: float, rng: Random) -> None:
    x, y = spot
    far, near = radius, 0.75 * radius
    shape = smooth(
        (x - far, y - near), (x, y - 0.9 * near), (x + far, y - near), (x + 0.9 * far, y),
        (x + far, y + near), (x, y + 0.9 * near), (x - far, y + near), (x - 0.9 * far, y),
    )  # fmt: skip
    paint(image, shape, pick(FABRICS, rng), SOFT)


def draw_plant(image: Image.Image, x: float, foot: float, tall: float, rng: Random) -> None:
    """A plant in a pot that stands at ``foot``."""
    green = shifted((98, 128, 84), rng, 16)
    root = foot - 0.3 * tall
    for angle in (np.linspace(-1.1, 1.1, 7) + rng.normal(0, 0.1, 7)).tolist():
        across, up = float(np.sin(angle)), float(np.cos(angle))
        tip = (x + 0.5 * tall * across, root - 0.7 * tall * up)
        _draw_leaf(image, (x, root), tip, shifted(green, rng, 8))
    pot = corners(
        (x - 0.2 * tall, foot - 0.35 * tall), (x + 0.2 * tall, foot - 0.35 * tall),
        (x + 0.14 * tall, foot), (x - 0.14 * tall, foot),
    )  # fmt: skip
    paint(image, pot, pick(FABRICS, rng), SOFT)


def _draw_leaf(image: Image.Image, root: Spot, tip: Spot, colour: tuple[int, int, int]) -> None:
    (x, y), (along, down) = root, (tip[0] - root[0], tip[1] - root[1])
    leaf = smooth(
        root, (x + 0.5 * along - 0.13 * down, y + 0.5 * down + 0.13 * along), tip,
        (x + 0.5 * along + 0.13 * down, y + 0.5 * down - 0.13 * along),
    )  # fmt: skip
    paint(image, leaf, colour, SOFT)


def scatter(image: Image.Image, place: Place, unit: float, rng: Random) -> None:
    """Put up to three things on the ground beside where the animal will be."""
    for _ in range(rng.choice(4, p=(0.45, 0.3, 0.15, 0.1))):
        x = float(rng.uniform(0.03, 0.97)) * image.width
        y = float(rng.uniform(place.far, 1.0)) * image.height
        radius = unit * float(rng.uniform(0.25, 0.6))
        shadow = ellipse((x, y + 0.75 * radius), 1.2 * radius, 0.35 * radius)
        soft_blot(image, shadow, (40, 28, 30), 0.5, radius * 0.4)
        _draw_thing(image, (x, y), radius, rng)


def _draw_thing(image: Image.Image, spot: Spot, radius: float, rng: Random) -> None:
    x, y = spot
    colour = pick(FABRICS, rng)
    kind = rng.integers(5)
    if kind == 0:  # a ball with a stripe
        paint(image, ellipse(spot, radius, radius), colour, SOFT)
        stripe = ellipse(spot, 0.97 * radius, 0.22 * radius, 0.5)
        paint(image, stripe, mix(colour, (255, 255, 250), 0.7), opacity=0.8)
    elif kind == 1:  # a bowl
        bowl = smooth(
            (x - radius, y - 0.3 * radius), (x + radius, y - 0.3 * radius),
            (x + 0.75 * radius, y + 0.75 * radius), (x - 0.75 * radius, y + 0.75 * radius),
        )  # fmt: skip
        paint(image, bowl, colour, SOFT)
        inside = ellipse((x, y - 0.32 * radius), 0.95 * radius, 0.26 * radius)
        paint(image, inside, mix(colour, (40, 26, 26), 0.5))
    elif kind == 2:
        draw_cushion(image, spot, radius, rng)
    elif kind == 3:  # a ball of yarn
        paint(image, ellipse(spot, radius, radius), colour, SOFT)
        draw, thread = ImageDraw.Draw(image), mix(colour, (255, 250, 240), 0.35)
        for tilt in (0.2, 1.0, 1.9, 2.6):
            ring = ellipse(spot, 0.9 * radius, 0.35 * radius, tilt).ravel().tolist()
            draw.line(ring, fill=thread, width=max(1, round(radius * 0.05)))
    else:  # a cardboard box
        left, right, top = x - radius, x + radius, y - 0.5 * radius
        foot = y + 0.8 * radius
        card = shifted((196, 154, 108), rng, 8)
        paint(image, corners((left, top), (right, top), (right, foot), (left, foot)), card)
        back, aside = top - 0.4 * radius, 0.3 * radius
        lid = corners((left, top), (left + aside, back), (right + aside, back), (right, top))
        paint(image, lid, mix(card, (255, 244, 220), 0.25))


def hide(image: Image.Image, head: Spot, unit: float, rng: Random) -> None:
    """Put something in front of the animal, whose head of radius ``unit`` is at ``head``."""
    width, height = image.size
    x, y = head
    kind = rng.integers(5)
    if kind == 0:  # tall grass
        green = shifted((110, 134, 70), rng)
        grow_grass(image, min(y + 0.6 * unit, height * 0.9), green, rng, count=420)
    elif kind == 1:  # a curtain or the edge of a door
        side = 1 if rng.random() < 0.5 else -1
        edge = x + side * unit * float(rng.uniform(0.05, 0.6))
        out = -10 if side < 0 else width + 10
        drape = corners((edge, -5), (out, -5), (out, height + 5), (edge, height + 5))
        paint(image, drape, pick(FABRICS + WALLS + WOODS, rng), SOFT)
    elif kind == 2:  # a fence
        wood, first = pick(WOODS, rng), x + float(rng.uniform(-3, -2.1)) * unit
        top, wide = y - unit, 0.2 * unit
        for number in range(7):
            left = first + 0.95 * unit * number
            right = left + wide
            post = corners(
                (left, height), (left, top), (left + wide / 2, top - wide), (right, top),
                (right, height),
            )  # fmt: skip
            paint(image, post, wood, SOFT)
    elif kind == 3:  # a twig close to the camera
        lean = float(rng.uniform(-0.6, 0.6))
        green = shifted((96, 128, 74), rng, 18)
        for along in np.linspace(-1.6, 1.6, 7).tolist():
            root = (x + along * unit, y + (0.5 + lean * along) * unit)
            for side in (-1, 1):
                tip = (root[0] + 0.35 * unit, root[1] + side * 0.75 * unit)
                _draw_leaf(image, root, tip, shifted(green, rng, 9))
    else:  # a thing in front
        aside, below = float(rng.normal(0, 0.6)), float(rng.uniform(0.7, 1.6))
        spot = (x + aside * unit, y + below * unit)
        _draw_thing(image, spot, unit * float(rng.uniform(0.7, 1.1)), rng)
