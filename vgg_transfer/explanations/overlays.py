"""A heatmap over its picture, to be looked at."""

from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image

from vgg_transfer.explanations.heatmaps import Heatmap
from vgg_transfer.images.decode import decode
from vgg_transfer.writing import whole_file

_LONGEST = 480  # pixels of the longer side
_COLOURS = "inferno"  # from black to yellow: light says heat to eyes that see no colours too
_STRONGEST = 0.65  # the picture stays to be seen below


def draw_overlay(heatmap: Heatmap, file: Path) -> Path:
    """Write a picture as PNG, gray where it is cold, coloured where it speaks for the class.

    Args:
        heatmap: of a picture that is a file.
        file: where it is written; a file of that name is replaced.

    Raises:
        Undecodable: the picture cannot be read.
    """
    picture = Image.fromarray(decode(Path(heatmap.path), _LONGEST))
    picture.thumbnail((_LONGEST, _LONGEST))
    pixels = np.asarray(picture, np.float32)
    heat = Image.fromarray(heatmap.values).resize(picture.size, Image.Resampling.BICUBIC)
    hot = np.clip(np.asarray(heat, np.float32), 0, 1)[..., np.newaxis]
    gray = np.repeat(pixels.mean(axis=2, keepdims=True), 3, axis=2)
    colours = matplotlib.colormaps[_COLOURS](hot[..., 0])[..., :3] * 255
    below = gray + (pixels - gray) * hot**0.5
    share = _STRONGEST * hot
    blended = np.clip(below * (1 - share) + colours * share, 0, 255).astype(np.uint8)
    with whole_file(file) as unfinished:
        Image.fromarray(blended).save(unfinished, "PNG")
    return file
