"""Paint: colours, rough textures, and outlines filled with soft light."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from vgg_transfer.sample.animal.outline import Points, Random, Size

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Light:
    """Where the light comes from (towards it: x, y) and how strongly it models shapes."""

    x: float
    y: float
    strength: float
    bright: Colour
    dark: Colour


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """``first`` with ``share`` of ``second`` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def shifted(colour: Colour, rng: Random, amount: float = 14) -> Colour:
    """The colour, a little lighter or darker and a little off in hue."""
    change = rng.normal(0, amount) + rng.normal(0, amount * 0.4, 3)
    red, green, blue = (int(v) for v in np.clip(np.asarray(colour) + change, 0, 255))
    return red, green, blue


def noise(size: Size, across: float, down: float, rng: Random) -> NDArray[np.float32]:
    """Smooth random values of spread about 1; bumps are ``across`` x ``down`` pixels."""
    width, height = size
    coarse = (max(2, round(height / down) + 1), max(2, round(width / across) + 1))
    grid = Image.fromarray(rng.standard_normal(coarse).astype(np.float32))
    grown = grid.resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(grown, dtype=np.float32) * np.float32(1.3)


def paint(
    image: Image.Image,
    outline: Points,
    filling: Image.Image | Colour,
    light: Light | None = None,
    opacity: float = 1.0,
) -> None:
    """Fill the outline (in pixels) with a colour, or with what lies there in ``filling``.

    With a light the shape looks round: bright towards the light, dark away from it and at its rim.
    """
    left, top = np.maximum(np.floor(outline.min(axis=0)).astype(int) - 1, 0).tolist()
    right, bottom = np.minimum(np.ceil(outline.max(axis=0)).astype(int) + 2, image.size).tolist()
    if right <= left or bottom <= top:
        return
    mask = Image.new("L", (right - left, bottom - top))
    flat = (outline - [left, top]).ravel().tolist()
    ImageDraw.Draw(mask).polygon(flat, fill=round(255 * opacity))
    if isinstance(filling, Image.Image):
        patch = filling.crop((left, top, right, bottom))
    else:
        patch = Image.new("RGB", mask.size, filling)
    if light is not None and min(mask.size) > 6:
        _model(patch, mask, light)
    image.paste(patch, (left, top), mask)


def _model(patch: Image.Image, mask: Image.Image, light: Light) -> None:
    """Paint bright and dark over the patch, from the slope of the mask's blurred height."""
    radius = max(1, round(0.2 * min(mask.size) / 4))
    small = ImageOps.expand(mask.reduce(4), radius + 1)
    blurred = small.filter(ImageFilter.BoxBlur(radius)).filter(ImageFilter.BoxBlur(radius / 2))
    height = np.asarray(blurred, dtype=np.float32) / 255
    down, across = np.gradient(height)
    slope = np.asarray((across * light.x + down * light.y) * radius * 1.5)
    inside = slice(radius + 1, -radius - 1)
    shade = (np.clip(slope, 0, 1) + np.clip(0.72 - height, 0, 1) * 0.55)[inside, inside]
    shine = np.clip(-slope, 0, 1)[inside, inside]
    for amount, colour in ((shade * 0.95, light.dark), (shine * 0.55, light.bright)):
        strength = np.clip(amount * light.strength * 255, 0, 235).astype(np.uint8)
        grown = (4 * (small.width - 2 * radius - 2), 4 * (small.height - 2 * radius - 2))
        veil = Image.fromarray(strength).resize(grown, Image.Resampling.BILINEAR)
        patch.paste(colour, (0, 0, *patch.size), veil.crop((0, 0, *patch.size)))


def soft_blot(
    image: Image.Image, outline: Points, colour: Colour, opacity: float, blur: float
) -> None:
    """A blurred stain, such as the shadow under an animal; worked out at a quarter of the size."""
    mask = Image.new("L", (image.width // 4 + 1, image.height // 4 + 1))
    ImageDraw.Draw(mask).polygon((outline / 4).ravel().tolist(), fill=round(255 * opacity))
    mask = mask.filter(ImageFilter.BoxBlur(blur / 4)).filter(ImageFilter.BoxBlur(blur / 6))
    grown = mask.resize((mask.width * 4, mask.height * 4), Image.Resampling.BILINEAR)
    image.paste(colour, (0, 0, *image.size), grown.crop((0, 0, *image.size)))
