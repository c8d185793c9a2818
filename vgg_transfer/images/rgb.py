"""From a picture of any mode to RGB, and large ones in bands: little is held beside the picture."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

_BAND_PIXELS = 2**22  # converted at once: at most 16 MiB for each copy that a conversion makes


def value_range(image: Image.Image) -> tuple[float, float]:
    """Return the lowest and the highest value of a picture of 32 bit values; NaN where one is."""
    ranges = [(values.min(), values.max()) for values in map(np.asarray, _bands(image, 1))]
    lowest, highest = zip(*ranges, strict=True)
    return float(np.min(lowest)), float(np.max(highest))  # unlike min(), these keep a NaN


def to_rgb(image: Image.Image, white: float, factor: int = 1) -> Image.Image:
    """Return the picture as RGB over white, averaged over `factor` x `factor` pixels.

    `white` is the value of white where values have 32 bit. A side of n pixels becomes
    ceil(n / factor).
    """
    size = (-(-image.width // factor), -(-image.height // factor))
    whole = Image.new("RGB", size)
    top = 0
    for band in _bands(image, factor):
        part = _converted(band, white)
        part = part.reduce(factor) if factor > 1 else part
        whole.paste(part, (0, top))
        top += part.height
    return whole


def _bands(image: Image.Image, factor: int) -> Iterator[Image.Image]:
    """Yield the picture from top to bottom, each band but the last a multiple of factor high."""
    height = factor * max(1, _BAND_PIXELS // (image.width * factor))
    if height >= image.height:
        yield image
    else:
        for top in range(0, image.height, height):
            yield image.crop((0, top, image.width, min(top + height, image.height)))


def _converted(image: Image.Image, white: float) -> Image.Image:
    if image.mode.startswith("I"):  # 32 bit integers count as 16 bit values
        values = (np.asarray(image).astype(np.uint32) + 128) // 257  # 257 = 65535 / 255
        return Image.fromarray(values.astype(np.uint8)).convert("RGB")
    if image.mode == "F":
        scaled = np.rint(np.asarray(image, np.float64) * (255 / white))
        return Image.fromarray(scaled.astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        background = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(background, coloured).convert("RGB")
    return image.convert("RGB")
