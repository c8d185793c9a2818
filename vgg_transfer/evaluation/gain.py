"""What a change gained: the same images, judged before and after."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Gain:
    """A difference of two accuracies on the same images, and its standard error, in points."""

    points: float
    error: float

    @property
    def margin(self) -> float:
        """Half of the 95% interval, in points."""
        return 1.96 * self.error


def paired_gain(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> Gain:
    """Return how much more is right after than before, of the same images in the same order.

    Only images whose answer changed count. Half an image is added to each of the four counts
    (Agresti and Min, 2005): else a handful of images that all stay as they are would be a proof.

    Raises:
        ValueError: no images, or not as many after as before.
    """
    if before.shape != after.shape or not before.size:
        raise ValueError(
            f"A gain needs the same images before and after, received {before.size} and "
            f"{after.size} answers."
        )
    better, worse = _count(after & ~before), _count(before & ~after)
    images = before.size + 2
    share = (better - worse) / images
    changed = (better + worse + 1) / images
    return Gain(100 * share, 100 * math.sqrt((changed - share**2) / images))


def _count(answers: NDArray[Any]) -> int:
    return int(np.count_nonzero(answers))
