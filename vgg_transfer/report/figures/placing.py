"""Where names stand beside points, so that nothing covers anything else."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_BESIDE = 0.1  # from a point to its name, in inches
_FARTHER = (0.3, 0.5, 0.8, 1.1, 1.5, 2.0)
_DIRECTIONS = (0, 180, 30, 330, 150, 210, 60, 300, 120, 240, 90, 270)


@dataclass(frozen=True)
class Box:
    """A rectangle in inches, upwards and to the right."""

    left: float
    low: float
    right: float
    high: float

    def cut(self, other: "Box") -> float:
        """Return how much of the area two rectangles share."""
        across = min(self.right, other.right) - max(self.left, other.left)
        up = min(self.high, other.high) - max(self.low, other.low)
        return max(across, 0.0) * max(up, 0.0)

    def area(self) -> float:
        """Return its area."""
        return (self.right - self.left) * (self.high - self.low)


@dataclass(frozen=True)
class Bar:
    """A point with an interval, in inches."""

    across: float
    point: float
    low: float
    high: float


def place_names(
    bars: Sequence[Bar],
    sizes: Sequence[tuple[float, float]],
    obstacles: Sequence[Box],
    within: Box,
) -> list[Box]:
    """Return a place for the name of each bar, the nearest that is free.

    ``sizes`` are width and height of the names. They cover no obstacle and stay ``within``; a name
    that finds no free place takes the least bad one.
    """
    taken = list(obstacles)
    placed = []
    for bar, size in zip(bars, sizes, strict=True):
        best = min(_candidates(bar, size), key=lambda box: _covered(box, taken, within))
        placed.append(best)
        taken.append(best)
    return placed


def _candidates(bar: Bar, size: tuple[float, float]) -> list[Box]:
    """Return the places of a name, the best first: beside the point, at the bar's ends, farther."""
    width, height = size

    def box(left: float, low: float) -> Box:
        return Box(left, low, left + width, low + height)

    middle, left = bar.point - height / 2, bar.across - width / 2
    near = [
        box(bar.across + _BESIDE, middle),
        box(bar.across - _BESIDE - width, middle),
        box(left, bar.high + 0.02),
        box(left, bar.low - 0.02 - height),
    ]
    for step in _FARTHER:
        for degrees in _DIRECTIONS:
            across, up = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
            # The name's own edge or corner has the distance, not its middle.
            near.append(
                box(
                    bar.across + step * across + width * (_sign(across) - 1) / 2,
                    bar.point + step * up + height * (_sign(up) - 1) / 2,
                )
            )
    return near


def _sign(value: float) -> int:
    return 0 if abs(value) < 1e-9 else int(math.copysign(1, value))


def _covered(box: Box, taken: Sequence[Box], within: Box) -> float:
    """Return how much of it stands on something or outside; what rounding makes is nothing."""
    outside = box.area() - box.cut(within)
    return round(sum(box.cut(other) for other in taken) + outside, 6)
