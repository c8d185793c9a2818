"""Where images come from: whether two sets are the same, and whether one holds the other."""

import math
from dataclasses import dataclass
from typing import Any

from vgg_transfer.doctor.scripts.values.calling import Named
from vgg_transfer.doctor.scripts.values.unknown import LARGEST, UNKNOWN, Unknown


@dataclass(frozen=True)
class Part:
    """A part of images: those at a key, of a subset, of a side of a split.

    Args:
        of: the origin of them all.
        key: which part it is; equal keys are the same part.
    """

    of: Any
    key: Any


@dataclass(frozen=True)
class Joined:
    """Images of several origins, one behind the other."""

    of: tuple[Any, ...]


def key_of(value: Any) -> Any:
    """Return what tells the places that a value means from others; equal keys are the same places.

    Args:
        value: an index, a slice, a mask, a number of images or a name, known or not.
    """
    if value is None or isinstance(value, str | int | float | Named):
        return (type(value).__name__, value)
    if value is ...:
        return "..."
    if isinstance(value, slice):
        return ("slice", key_of(value.start), key_of(value.stop), key_of(value.step))
    if isinstance(value, list | tuple) and len(value) <= LARGEST:
        return tuple(key_of(one) for one in value)
    if isinstance(value, Unknown) and value is not UNKNOWN:
        return value
    return object()


def origin_of(value: Unknown) -> Any:
    """Return where an unknown array comes from: another when nobody knows."""
    if value is UNKNOWN:
        return object()
    return value if value.whole is None else Part(origin_of(value.whole), value.key)


def holds(whole: Any, part: Any) -> bool:
    """Return whether all images of one origin are among those of another."""
    if whole == part:
        return True
    if isinstance(whole, Joined):
        return any(holds(one, part) for one in whole.of)
    return isinstance(part, Part) and holds(whole, part.of)


def shares(first: Any, second: Any) -> bool:
    """Return whether two parts of the same images have some in common, as far as numbers say so."""
    if not (isinstance(first, Part) and isinstance(second, Part) and first.of == second.of):
        return False
    one, other = _bounds(first.key), _bounds(second.key)
    if one is None or other is None:
        return False
    return max(one[0], other[0]) < min(one[1], other[1])


def _bounds(key: Any) -> tuple[float, float] | None:
    """Return the first place of a slice and the one behind its last, where both are counted."""
    if not (isinstance(key, tuple) and len(key) == 4 and key[0] == "slice"):
        return None
    if key[3] != key_of(None):
        return None
    start, stop = (
        _counted(one, absent) for one, absent in zip(key[1:3], (0, math.inf), strict=True)
    )
    return None if start is None or stop is None else (start, stop)


def _counted(key: Any, absent: float) -> float | None:
    """Return a place that is counted from the beginning; None for others."""
    if key == key_of(None):
        return absent
    plain = isinstance(key, tuple) and key[0] == "int" and key[1] >= 0
    return float(key[1]) if plain else None
