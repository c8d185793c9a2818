"""Places under a roof: room, sofa, rug, studio, evening lights and blanket."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from vgg_transfer.sample.animal.outline import Random, Size, ellipse, smooth
from vgg_transfer.sample.paint import Colour, mix, noise, paint, shifted
from vgg_transfer.sample.place.surfaces import (
    FABRICS,
    WALLS,
    WOODS,
    Place,
    gradient,
    pick,
    roughen,
)
from vgg_transfer.sample.place.things import SOFT, draw_cushion, draw_plant

NIGHTS: tuple[Colour, ...] = ((58, 52, 70), (70, 56, 52), (48, 62, 70), (94, 74, 66))
LAMPS: tuple[Colour, ...] = ((250, 206, 130), (240, 160, 110), (180, 206, 220), (250, 236, 200))


def room(size: Size, rng: Random) -> Place:
    """A wall with something on it, over floor boards."""
    width, height = size
    wall, wood = pick(WALLS, rng), pick(WOODS, rng)
    image = gradient(size, mix(wall, (255, 246, 226), 0.2), mix(wall, (70, 50, 50), 0.1))
    draw = ImageDraw.Draw(image)
    level = float(rng.uniform(0.52, 0.72))
    edge = level * height
    if rng.random() < 0.4:  # striped wallpaper
        stripes = int(rng.integers(8, 18))
        for x in (np.arange(stripes) * width / stripes).tolist():
            stripe = [x, 0, x + 0.45 * width / stripes, height]
            draw.rectangle(stripe, fill=mix(wall, (255, 250, 240), 0.18))
    _furnish(image, rng)
    draw.rectangle([0, edge, width, height], fill=wood)
    boards = int(rng.integers(5, 11))
    for number in range(-boards, boards + 1):  # they run away from us
        x = number * width / boards
        line = [(width / 2 + x, edge), (width / 2 + 2.2 * x, height)]
        draw.line(line, fill=mix(wood, (50, 30, 26), 0.35), width=2)
    roughen(image, edge, 0.06, (40, 6), rng)
    draw.rectangle([0, edge - 0.035 * height, width, edge], fill=mix(wall, (255, 252, 244), 0.6))
    if rng.random() < 0.4:
        middle = (width * float(rng.uniform(0.3, 0.7)), height * 0.9)
        paint(image, ellipse(middle, width * 0.5, height * 0.13), pick(FABRICS, rng))
    if rng.random() < 0.4:
        x = float(rng.choice([0.1, 0.9])) * width
        draw_plant(image, x, edge + 0.05 * height, height * 0.4, rng)
    return Place(image, level + 0.12, 0.97)


def _furnish(image: Image.Image, rng: Random) -> None:
    """A window, pictures, a shelf of books or nothing."""
    width, height = image.size
    kind = rng.integers(4)
    if kind == 0:
        _draw_window(image, float(rng.uniform(0.1, 0.6)) * width, rng)
    elif kind == 1:
        for _ in range(rng.integers(1, 4)):
            _draw_painting(image, rng)
    elif kind == 2:
        draw = ImageDraw.Draw(image)
        x, y = 0.05 * width, float(rng.uniform(0.2, 0.38)) * height
        while x < 0.9 * width:
            wide, tall = rng.uniform(0.02, 0.05) * width, rng.uniform(0.09, 0.16) * height
            if rng.random() < 0.8:
                draw.rectangle([x, y - tall, x + wide - 1, y], fill=pick(FABRICS, rng))
            x += wide
        draw.rectangle([0, y, width, y + 0.025 * height], fill=pick(WOODS, rng))


def _draw_window(image: Image.Image, left: float, rng: Random) -> None:
    width, height = image.size
    right, top, bottom = left + 0.32 * width, 0.06 * height, 0.42 * height
    draw = ImageDraw.Draw(image)
    draw.rectangle([left, top, right, bottom], fill=(246, 240, 228))
    bar = max(1, round(0.014 * width))
    inside = (max(1, round(right - left) - 2 * bar), max(1, round(bottom - top) - 2 * bar))
    view = gradient(inside, (176, 206, 220), (236, 232, 206), shifted((150, 170, 110), rng))
    image.paste(view, (round(left) + bar, round(top) + bar))
    middle = (left + right) / 2
    draw.line([(middle, top), (middle, bottom)], fill=(246, 240, 228), width=bar)


def _draw_painting(image: Image.Image, rng: Random) -> None:
    width, height = image.size
    x, y = float(rng.uniform(0.02, 0.8)) * width, float(rng.uniform(0.04, 0.25)) * height
    wide, tall = (rng.uniform(0.1, 0.22, 2) * width).tolist()
    bar = 0.012 * width
    draw = ImageDraw.Draw(image)
    draw.rectangle([x, y, x + wide, y + tall], fill=pick(WOODS, rng))
    inside = [x + bar, y + bar, x + wide - bar, y + tall - bar]
    draw.rectangle(inside, fill=(244, 236, 220))
    motif = ellipse((x + wide / 2, y + tall / 2), wide * 0.22, tall * 0.24)
    paint(image, motif, pick(FABRICS, rng))


def sofa(size: Size, rng: Random) -> Place:
    width, height = size
    wall, fabric = pick(WALLS, rng), pick(FABRICS, rng)
    image = gradient(size, wall, mix(wall, (80, 60, 50), 0.15))
    seat, back = float(rng.uniform(0.66, 0.8)) * height, float(rng.uniform(0.15, 0.32)) * height
    count = int(rng.integers(2, 4))
    for number in range(count):
        left, right = width * number / count, width * (number + 1) / count
        cushion = smooth((left + 4, back), (right - 4, back), (right + 2, seat), (left - 2, seat))
        paint(image, cushion, fabric, SOFT)
    bench = smooth(
        (-0.1 * width, seat), (1.1 * width, seat), (1.15 * width, 1.3 * height),
        (-0.15 * width, 1.3 * height),
    )  # fmt: skip
    paint(image, bench, mix(fabric, (255, 240, 220), 0.12), SOFT)
    for side in (0.08, 0.9):
        if rng.random() < 0.55:
            draw_cushion(image, (width * side, seat - 0.06 * height), 0.17 * width, rng)
    roughen(image, back, 0.05, (4, 4), rng)
    return Place(image, seat / height + 0.06, 0.94)


def rug(size: Size, rng: Random) -> Place:
    """A patterned carpet that fills the picture."""
    width, height = size
    second = pick(FABRICS, rng)
    image = Image.new("RGB", size, pick(FABRICS, rng))
    draw = ImageDraw.Draw(image)
    gap = width / int(rng.integers(4, 9))
    style, r = rng.integers(3), gap * 0.32
    for row in range(int(height / gap) + 2):
        y = row * gap
        if style == 0:
            draw.rectangle([0, y - r / 2, width, y + r / 2], fill=second)
            continue
        for column in range(int(width / gap) + 2):
            x = column * gap
            if style == 1:
                draw.polygon([(x - r, y), (x, y - r), (x + r, y), (x, y + r)], fill=second)
            else:
                draw.ellipse([x - r, y - r, x + r, y + r], fill=second)
    roughen(image, 0, 0.1, (4, 4), rng)
    return Place(image, 0.62, 0.96)


def studio(size: Size, rng: Random) -> Place:
    """A plain backdrop."""
    wall = pick(WALLS + FABRICS, rng)
    image = gradient(size, mix(wall, (40, 30, 40), 0.25), wall, mix(wall, (255, 250, 240), 0.35))
    return Place(image, 0.7, 0.96)


def lights(size: Size, rng: Random) -> Place:
    """Evening: blurred lamps over a dark floor."""
    width, height = size
    night = pick(NIGHTS, rng)
    image = gradient(size, night, mix(night, (220, 150, 100), 0.35), mix(night, (20, 14, 20), 0.3))
    for _ in range(rng.integers(8, 20)):
        radius = width * float(rng.uniform(0.02, 0.07))
        spot = (float(rng.uniform(0, width)), float(rng.uniform(0, 0.6)) * height)
        lamp = mix(pick(LAMPS, rng), night, float(rng.uniform(0.1, 0.6)))
        paint(image, ellipse(spot, radius, radius), lamp)
    return Place(image.filter(ImageFilter.BoxBlur(2)), 0.75, 0.96)


def blanket(size: Size, rng: Random) -> Place:
    """Folds of one cloth."""
    base = np.asarray(pick(FABRICS + WALLS, rng))
    quarter = (size[0] // 4 + 1, size[1] // 4 + 1)
    across, down = rng.uniform(10, 40, 2).tolist()
    folds = noise(quarter, across, down, rng) * 0.12 + noise(quarter, 2, 2, rng) * 0.03
    tones = np.clip(base * (1 + folds)[..., None], 0, 255).astype(np.uint8)
    return Place(Image.fromarray(tones).resize(size, Image.Resampling.BICUBIC), 0.6, 0.96)
