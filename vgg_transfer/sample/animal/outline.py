"""Outlines: smooth shapes in an animal's own units, and where they lie on the picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # one row (x, y) for each corner
Spot = tuple[float, float]
Size = tuple[int, int]  # of a picture: width, height in pixels
Random = np.random.Generator


@dataclass(frozen=True)
class Frame:
    """Where units (y down) lie on the picture: ``pixel = matrix @ unit + origin``."""

    matrix: Points
    origin: Points

    def pixels(self, points: Points) -> Points:
        return points @ self.matrix.T + self.origin

    def units(self, pixels: Points) -> Points:
        return (pixels - self.origin) @ np.asarray(np.linalg.inv(self.matrix), np.float64).T

    def moved(self, spot: Spot, scale: float, tilt: float) -> "Frame":
        """A frame inside this one: at ``spot``, ``scale`` times as large, turned by ``tilt``."""
        cosine, sine = np.cos(tilt) * scale, np.sin(tilt) * scale
        turned = self.matrix @ np.array([[cosine, -sine], [sine, cosine]])
        return Frame(turned, self.pixels(np.asarray(spot, dtype=np.float64)))

    @property
    def scale(self) -> float:
        """Pixels in one unit."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix))))


def ellipse(spot: Spot, across: float, down: float, tilt: float = 0.0) -> Points:
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    x, y = across * np.cos(angles), down * np.sin(angles)
    turned = (x * np.cos(tilt) - y * np.sin(tilt), x * np.sin(tilt) + y * np.cos(tilt))
    return np.asarray(np.stack(turned, axis=1) + np.asarray(spot), np.float64)


def smooth(*spots: Spot) -> Points:
    """A closed curve through the spots (Catmull-Rom)."""
    start = np.asarray(spots, dtype=np.float64)[:, None]
    before, end, after = (np.roll(start, shift, axis=0) for shift in (1, -1, -2))
    return _between(before, start, end, after, 7).reshape(-1, 2)


def mirrored(*right: Spot) -> Points:
    """A smooth outline that is the same on both sides of x = 0, from its right half, top first."""
    return smooth(*right, *((-x, y) for x, y in reversed(right) if x != 0))


def limb(spine: tuple[Spot, ...], widths: tuple[float, ...]) -> Points:
    """A tube with round ends along a smooth spine; ``widths`` are half widths from start to end."""
    path = np.asarray(spine, dtype=np.float64)
    padded = np.concatenate([path[:1], path, path[-1:]])[:, None]
    curve = _between(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], 9).reshape(-1, 2)
    curve = np.concatenate([curve, path[-1:]])
    along = np.linspace(0, 1, len(curve))
    half = np.interp(along, np.linspace(0, 1, len(widths)), widths)[:, None]
    ahead = _directions(np.asarray(np.gradient(curve, axis=0), np.float64))
    aside = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    turn = np.linspace(np.pi / 2, -np.pi / 2, 9)[1:-1, None]
    cap = curve[-1] + half[-1] * (np.cos(turn) * ahead[-1] + np.sin(turn) * aside[-1])
    foot = curve[0] - half[0] * (np.cos(turn) * ahead[0] + np.sin(turn) * aside[0])
    return np.concatenate([curve + aside * half, cap, (curve - aside * half)[::-1], foot])


def _between(before: Points, start: Points, end: Points, after: Points, steps: int) -> Points:
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    straight = (end - before) * t
    bend = (2 * before - 5 * start + 4 * end - after) * t**2
    twist = (3 * start - before - 3 * end + after) * t**3
    return (2 * start + straight + bend + twist) / 2


def tufted(outline: Points, length: float, rng: Random) -> Points:
    """The outline (in pixels) with tufts of fur about ``length`` pixels long."""
    closed = np.concatenate([outline, outline[:1]])
    travelled = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))])
    count = int(np.clip(travelled[-1] / max(length * 1.3, 2.5), 16, 240))
    at = np.linspace(0, travelled[-1], count * 2, endpoint=False)
    even = np.stack([np.interp(at, travelled, closed[:, axis]) for axis in (0, 1)], axis=1)
    ahead = _directions(np.roll(even, -1, axis=0) - np.roll(even, 1, axis=0))
    outward = np.stack([ahead[:, 1], -ahead[:, 0]], axis=1) * _winding(even)
    reach = np.zeros((count * 2, 1))
    reach[::2, 0] = rng.uniform(0.2, 1.0, count) * length
    return even + outward * reach + np.array([0.0, 0.5]) * reach  # fur hangs down a little


def _directions(steps: Points) -> Points:
    """The steps, each of length 1."""
    lengths = np.hypot(steps[:, :1], steps[:, 1:])
    return np.asarray(steps / np.maximum(lengths, 1e-9), np.float64)


def _winding(outline: Points) -> float:
    x, y = outline[:, 0], outline[:, 1]
    return 1.0 if float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) > 0 else -1.0
