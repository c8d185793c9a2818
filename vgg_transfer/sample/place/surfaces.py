"""Colours and surfaces that all places share."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from vgg_transfer.sample.animal.outline import Random, Size
from vgg_transfer.sample.paint import Colour, mix, noise, shifted

WALLS: tuple[Colour, ...] = (
    (232, 214, 186), (206, 190, 168), (182, 196, 184), (222, 186, 160), (176, 186, 200),
    (238, 226, 204), (168, 146, 132), (120, 132, 122),
)  # fmt: skip
FABRICS: tuple[Colour, ...] = (
    (178, 92, 72), (92, 122, 118), (214, 172, 104), (116, 94, 122), (88, 98, 128), (196, 150, 132),
    (148, 160, 126), (226, 214, 196), (84, 72, 70),
)  # fmt: skip
WOODS: tuple[Colour, ...] = ((176, 126, 82), (142, 98, 66), (206, 168, 122), (108, 78, 60))


@dataclass(frozen=True)
class Place:
    """An empty place: its picture, and between which heights (shares) feet may stand."""

    image: Image.Image
    far: float
    near: float


def pick(colours: tuple[Colour, ...], rng: Random) -> Colour:
    """One of the colours, never twice quite the same."""
    return shifted(colours[rng.integers(len(colours))], rng)


def gradient(size: Size, *colours: Colour) -> Image.Image:
    """From the top colour to the bottom one."""
    column = Image.fromarray(np.array(colours, np.uint8)[:, None])
    return column.resize(size, Image.Resampling.BILINEAR)


def roughen(image: Image.Image, top: float, strength: float, grain: Size, rng: Random) -> None:
    """Paint light and dark grains (width, height in pixels) over what lies below ``top``."""
    box = (0, round(top), image.width, image.height)
    part = image.crop(box)
    half = (part.width // 2 + 1, part.height // 2 + 1)
    rough = noise(half, grain[0] / 2, grain[1] / 2, rng) * strength
    veil = Image.fromarray(np.clip(np.abs(rough) * 255, 0, 200).astype(np.uint8))
    sign = Image.fromarray(np.where(rough > 0, 255, 0).astype(np.uint8))
    tint = Image.merge("RGB", (sign, sign, sign)).resize(part.size, Image.Resampling.BILINEAR)
    part.paste(tint, (0, 0), veil.resize(part.size, Image.Resampling.BILINEAR))
    image.paste(part, box)


def grow_grass(
    image: Image.Image, top: float, colour: Colour, rng: Random, count: int = 130
) -> None:
    """Blades below ``top``, the nearer the taller."""
    draw = ImageDraw.Draw(image)
    width, height = image.size
    roots = rng.uniform((0, top), (width, height * 1.03), (count, 2))
    roots = roots[np.argsort(roots[:, 1])]
    leans, tones = rng.normal(0, 0.3, count), rng.uniform(-0.35, 0.35, count)
    for (x, y), lean, tone in zip(roots.tolist(), leans.tolist(), tones.tolist(), strict=True):
        tall = height * (0.015 + 0.06 * (y - top) / max(height - top, 1))
        tint = mix(colour, (250, 240, 170) if tone > 0 else (30, 50, 30), abs(tone))
        blade = [(x - 0.12 * tall, y), (x + lean * tall, y - tall), (x + 0.12 * tall, y)]
        draw.polygon(blade, fill=tint)
