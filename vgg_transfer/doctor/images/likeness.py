"""Which pictures show the same: those of a like hash are looked at pixel by pixel.

The hash is our own and not the library ImageHash, which wants the pictures of Pillow once more and
brings PyWavelets: of the small pictures that are measured anyway it is three lines.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.doctor.images.facts import GRAY, SIDE, PictureFacts

_NEAR = 10  # bits of 64 that may differ: what is compressed or resized again differs in 0 to 5
# Of the contrast, the most that small pictures of the same may differ by. Copies that are
# compressed or cut again differ by 0.02 to 0.23; the most alike of 4,500 other photographs by 0.46.
_DIFFERENT = 0.25
# The cosine of two rows of features, less the mean of all: copies have 0.99, small ones in other
# colours or mirrored 0.6 to 0.9.
_ALIKE = 0.5
_FLAT = 6.0  # gray levels: pictures with less contrast all look the same
_ROWS = 512  # compared at once with all others: bounds memory

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Pair:
    """Two pictures that show the same, by their places; the first comes before the second.

    Args:
        first: the place of one picture.
        second: the place of the other.
        difference: of the small pictures, as a share of their contrast; 0 where they are the same.
        mirrored: whether one is the mirror image of the other.
    """

    first: int
    second: int
    difference: float
    mirrored: bool = False


def like_pairs(facts: Sequence[PictureFacts | None], features: Floats | None = None) -> list[Pair]:
    """Return the pairs of pictures that show the same, most alike first.

    Args:
        facts: of each picture; None is left out.
        features: the network's, one row for each picture: they have to agree. [default: not asked]
    """
    there = [(place, each.small) for place, each in enumerate(facts) if each and not is_flat(each)]
    if not there:
        return []
    places = [place for place, _ in there]
    smalls = np.array([small for _, small in there])
    if features is not None:
        features = features[places] - features[places].mean(axis=0)
        features = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-9)
    found: dict[tuple[int, int], Pair] = {}
    for mirrored in (False, True):
        others = smalls[:, :, ::-1] if mirrored else smalls
        for one, other in _near(_hashes(smalls), _hashes(others)):
            if features is not None and features[one] @ features[other] < _ALIKE:
                continue
            difference = _difference(smalls[one], others[other])
            if difference <= _DIFFERENT:
                pair = Pair(places[one], places[other], difference, mirrored)
                found.setdefault((one, other), pair)
    return sorted(found.values(), key=lambda pair: (pair.difference, pair.first, pair.second))


def is_flat(facts: PictureFacts) -> bool:
    """Return whether a picture has next to no contrast."""
    return bool(facts.gray.std() < _FLAT)


def _hashes(smalls: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return 64 bits for each picture: whether its gray levels rise, at 8 places in each of 8 rows.

    Nine columns have eight steps; the mirror image has the same columns, in the other order.
    """
    rows = (smalls @ GRAY).reshape(len(smalls), 8, SIDE // 8, SIDE).mean(2)
    edges = [round(step * SIDE / 9) for step in range(10)]
    columns = [rows[..., start:end].mean(2) for start, end in pairwise(edges)]
    rises = np.diff(np.stack(columns, axis=2), axis=2) > 0
    hashes: NDArray[np.uint64] = np.packbits(rises.reshape(-1, 64), axis=1).view(np.uint64)[:, 0]
    return hashes


def _near(hashes: NDArray[np.uint64], others: NDArray[np.uint64]) -> Iterator[tuple[int, int]]:
    """Yield the places of the pairs whose hashes differ in few bits, the lower place first."""
    for start in range(0, len(hashes), _ROWS):
        bits = np.bitwise_count(hashes[start : start + _ROWS, np.newaxis] ^ others[np.newaxis])
        for one, other in np.argwhere(bits <= _NEAR):
            if one + start < other:
                yield int(one) + start, int(other)


def _difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Return how far gray levels differ, beside a shift of all, as a share of their contrast."""
    first, second = (picture @ GRAY for picture in (one, other))
    contrast = np.sqrt(first.std() * second.std())  # flat pictures never come here
    return float((first - second).std() / contrast)
