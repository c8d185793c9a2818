"""Places under the sky: meadow, garden, beach and snow."""

import numpy as np
from PIL import Image, ImageDraw

from vgg_transfer.sample.animal.outline import Random, Size, ellipse
from vgg_transfer.sample.paint import Colour, Light, mix, paint, shifted, soft_blot
from vgg_transfer.sample.place.surfaces import Place, gradient, grow_grass, pick, roughen
from vgg_transfer.sample.place.things import corners, draw_plant

SKIES: tuple[tuple[Colour, Colour], ...] = (  # above, and at the horizon
    ((150, 192, 214), (244, 232, 206)), ((222, 178, 150), (250, 226, 182)),
    ((186, 200, 206), (226, 226, 216)), ((112, 160, 200), (206, 222, 224)),
)  # fmt: skip
FLOWERS: tuple[Colour, ...] = ((246, 236, 220), (236, 190, 90), (214, 120, 110))
BRICKS: tuple[Colour, ...] = ((176, 110, 84), (190, 160, 130), (150, 140, 132), (212, 196, 172))
PAVINGS: tuple[Colour, ...] = ((176, 164, 146), (146, 138, 130), (190, 176, 150))
CROWN = Light(-0.6, -0.8, 0.5, (240, 230, 160), (50, 60, 60))


def meadow(size: Size, rng: Random) -> Place:
    width, height = size
    above, low = SKIES[rng.integers(len(SKIES))]
    level = float(rng.uniform(0.3, 0.6))
    image = gradient(size, above, low, low)
    for _ in range(rng.integers(0, 4)):
        spot = (float(rng.uniform(0, width)), float(rng.uniform(0.05, level * 0.7)) * height)
        cloud = ellipse(spot, width * float(rng.uniform(0.1, 0.22)), height * 0.04)
        soft_blot(image, cloud, (252, 248, 238), 0.8, width * 0.05)
    green = shifted((136, 158, 84), rng, 16)
    _draw_hills(image, level - 0.06, mix(green, low, 0.55), rng)
    for _ in range(rng.integers(0, 4)):
        x, tall = float(rng.uniform(0, width)), height * float(rng.uniform(0.18, 0.4))
        _draw_tree(image, x, height * (level + 0.01), tall, rng)
    _draw_hills(image, level, green, rng)
    roughen(image, level * height, 0.09, (9, 5), rng)
    grow_grass(image, level * height, mix(green, (60, 80, 40), 0.25), rng)
    if rng.random() < 0.5:
        flower = pick(FLOWERS, rng)
        for _ in range(rng.integers(5, 22)):
            y = float(rng.uniform(level + 0.05, 1))
            radius = height * 0.012 * (0.3 + y)
            spot = (float(rng.uniform(0, width)), y * height)
            paint(image, ellipse(spot, radius, radius * 0.8), flower)
    return Place(image, level + 0.16, 0.97)


def garden(size: Size, rng: Random) -> Place:
    """A wall of bricks or stones over paving."""
    width, height = size
    wall = pick(BRICKS, rng)
    image = Image.new("RGB", size, mix(wall, (90, 76, 70), 0.3))
    edge = float(rng.uniform(0.55, 0.72)) * height
    draw = ImageDraw.Draw(image)
    rows = int(rng.integers(7, 13))
    tall = edge / rows
    joint = 0.05 * tall
    for row in range(rows):
        x = -(row % 2) * tall
        while x < width:
            brick = [x + joint, row * tall + joint, x + 2 * tall - joint, (row + 1) * tall - joint]
            draw.rectangle(brick, fill=shifted(wall, rng, 9))
            x += 2 * tall
    draw.rectangle([0, edge, width, height], fill=pick(PAVINGS, rng))
    foot = corners((0, edge), (width, edge), (width, edge + 14), (0, edge + 14))
    soft_blot(image, foot, (60, 46, 44), 0.5, 14)
    roughen(image, edge, 0.08, (12, 5), rng)
    for _ in range(rng.integers(0, 4)):
        tall = height * float(rng.uniform(0.15, 0.35))
        draw_plant(image, float(rng.uniform(0, width)), edge, tall, rng)
    return Place(image, edge / height + 0.1, 0.97)


def beach(size: Size, rng: Random) -> Place:
    width, height = size
    image = gradient(size, (170, 204, 216), (246, 226, 196), (246, 226, 196))
    sea = float(rng.uniform(0.28, 0.45))
    water = shifted((104, 156, 166), rng)
    ImageDraw.Draw(image).rectangle([0, sea * height, width, height], fill=water)
    _draw_hills(image, sea + 0.1, (240, 232, 216), rng)
    _draw_hills(image, sea + 0.12, shifted((222, 192, 142), rng), rng)
    roughen(image, (sea + 0.12) * height, 0.07, (5, 4), rng)
    return Place(image, sea + 0.25, 0.97)


def snow(size: Size, rng: Random) -> Place:
    width, height = size
    image = gradient(size, (150, 170, 196), (228, 220, 224))
    level = float(rng.uniform(0.35, 0.6))
    for _ in range(rng.integers(2, 6)):
        x, tall = float(rng.uniform(0, width)), height * float(rng.uniform(0.2, 0.4))
        for step in range(3):  # a fir in three layers
            y, wide = level * height - step * tall * 0.25, tall * (0.28 - 0.07 * step)
            layer = corners((x - wide, y), (x, y - tall * 0.5), (x + wide, y))
            paint(image, layer, mix((86, 112, 104), (190, 196, 204), 0.2 * step))
    _draw_hills(image, level, (236, 234, 236), rng)
    roughen(image, level * height, 0.05, (22, 8), rng)
    return Place(image, level + 0.14, 0.97)


def _draw_hills(image: Image.Image, level: float, colour: Colour, rng: Random) -> None:
    """A rolling edge at ``level`` (share of the height); everything below it has the colour."""
    width, height = image.size
    x = np.linspace(0, 1, 24)
    phase, waves = rng.uniform(0, 6, 2), rng.uniform(1, 4, 2)
    rise = 0.025 * np.sin(x * waves[0] * 3 + phase[0]) + 0.012 * np.sin(x * waves[1] * 7 + phase[1])
    edge = np.stack([x * width, height * (level + rise)], axis=1)
    paint(image, np.concatenate([edge, corners((width, height), (0, height))]), colour)


def _draw_tree(image: Image.Image, x: float, foot: float, tall: float, rng: Random) -> None:
    fork = foot - 0.6 * tall
    trunk = corners(
        (x - 0.05 * tall, foot), (x - 0.03 * tall, fork), (x + 0.03 * tall, fork),
        (x + 0.05 * tall, foot),
    )  # fmt: skip
    paint(image, trunk, (116, 84, 62))
    green = shifted((104, 132, 78), rng, 18)
    for _ in range(4):
        across, up = float(rng.normal(0, 0.16)), float(rng.uniform(0.55, 0.95))
        crown = ellipse((x + across * tall, foot - up * tall), 0.27 * tall, 0.22 * tall)
        paint(image, crown, green, CROWN)
