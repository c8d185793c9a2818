"""Fur: its colours, the same for cats and dogs, and its pattern."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vgg_transfer.sample.animal.breeds import Species
from vgg_transfer.sample.animal.outline import Frame, Random, Size
from vgg_transfer.sample.paint import Colour, mix, noise, shifted

Pattern = Literal["plain", "tabby", "patches", "saddle", "points", "brindle"]
PATTERNS: tuple[Pattern, ...] = ("plain", "tabby", "patches", "saddle", "points", "brindle")
# Deep and pale colours that sit well together; either may be the main one.
FURS: tuple[tuple[Colour, Colour], ...] = (
    ((214, 138, 66), (248, 222, 182)),  # ginger, cream
    ((72, 62, 60), (236, 228, 216)),  # black, white
    ((128, 88, 58), (232, 206, 168)),  # brown, sand
    ((118, 120, 128), (226, 226, 226)),  # grey, silver
    ((176, 128, 84), (246, 236, 218)),  # tan, milk
    ((92, 62, 46), (196, 142, 88)),  # chocolate, caramel
    ((54, 48, 50), (186, 124, 72)),  # black, tan
    ((150, 142, 140), (92, 84, 86)),  # ash, slate
    ((226, 194, 146), (250, 242, 228)),  # wheat, white
)


# How often each pattern is seen: stripes on cats above all, the rest on both alike.
ODDS: dict[Species, tuple[float, ...]] = {
    "cat": (0.24, 0.34, 0.18, 0.10, 0.10, 0.04),
    "dog": (0.33, 0.04, 0.24, 0.20, 0.10, 0.09),
}


@dataclass(frozen=True)
class Coat:
    """The colours of one animal."""

    main: Colour
    second: Colour
    pale: Colour  # muzzle, chest and paws
    pattern: Pattern

    @property
    def deep(self) -> Colour:
        """For ears' insides, far legs and lines."""
        return mix(self.main, (52, 34, 36), 0.45)


def choose_coat(species: Species, rng: Random) -> Coat:
    main, second = FURS[rng.integers(len(FURS))]
    if rng.random() < 0.35:
        main, second = second, main
    main, second = shifted(main, rng), shifted(second, rng, 9)
    white = rng.random() < 0.45
    pale = mix(second, (250, 246, 238), 0.75) if white else mix(main, (250, 240, 224), 0.28)
    pattern = PATTERNS[rng.choice(len(PATTERNS), p=ODDS[species])]
    if pattern == "tabby":  # stripes are a darker shade of the same fur
        second = mix(main, (48, 32, 28), float(rng.uniform(0.35, 0.6)))
    return Coat(main, second, pale, pattern)


def weave(coat: Coat, frame: Frame, size: Size, rng: Random, head: bool = False) -> Image.Image:
    """A picture full of this fur, its pattern laid along the animal that stands in ``frame``."""
    half, quarter = (size[0] // 2, size[1] // 2), (size[0] // 4 + 1, size[1] // 4 + 1)
    mask = _pattern(coat.pattern, frame, quarter, rng, head)
    strands = noise(half, 1.6, 5.0, rng)
    fur = np.asarray(Image.fromarray(mask).resize(half, Image.Resampling.BILINEAR))[..., None]
    main, second = np.asarray((coat.main, coat.second), np.float32)
    colours = (main + (second - main) * fur) * (1 + 0.055 * strands[..., None])
    cloth = Image.fromarray(np.clip(colours, 0, 255).astype(np.uint8))
    return cloth.resize(size, Image.Resampling.BILINEAR)


def _pattern(
    pattern: Pattern, frame: Frame, size: Size, rng: Random, head: bool
) -> NDArray[np.float32]:
    """How much of the second colour is where, 0..1, at a quarter of the picture's size."""
    width, height = size
    if pattern in ("plain", "points"):
        return np.zeros((height, width), np.float32)
    grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1) * 4
    units = frame.units(grid.reshape(-1, 2).astype(np.float64)).reshape(height, width, 2)
    x, y = units[..., 0], units[..., 1]
    bump = frame.scale / 4
    wobble = noise(size, bump * 0.9, bump * 0.9, rng)
    if pattern in ("tabby", "brindle"):
        if head:
            angle = np.arctan2(x, 0.25 - y)
            field = np.sin(angle * 11) * np.clip(np.hypot(x, y + 0.1) * 2 - 0.9, 0, 1)
        else:
            turns = 7.5 if pattern == "tabby" else 14
            field = np.sin((x + 0.25 * y) * turns + 1.1 * wobble)
        return _threshold(field, 0.25, 3.0)
    if pattern == "patches":
        return _threshold(noise(size, bump * 1.5, bump * 1.5, rng), 0.35, 7.0)
    return _threshold((0.1 if head else 0.4) - y + 0.25 * wobble, 0.15, 4.0)


def _threshold(
    field: NDArray[np.float64] | NDArray[np.float32], level: float, sharpness: float
) -> NDArray[np.float32]:
    return np.clip((field - level) * sharpness + 0.5, 0, 1).astype(np.float32)


def at_tips(coat: Coat) -> Coat:
    """The coat of ears, tail and paws: another colour where the pattern is "points"."""
    if coat.pattern != "points":
        return coat
    return replace(coat, main=mix(coat.main, (58, 40, 36), 0.7), pattern="plain")
