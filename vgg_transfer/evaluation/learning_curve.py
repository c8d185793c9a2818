"""How accuracy grows with the number of training images, and how far that may go on.

What lies beyond the images that there are is not measured but foretold, by two shapes that most
learning curves lie between: errors that fall to a floor with the inverse square root of the number
of images, and accuracy that gains as much with each doubling. Half of the draws behind an interval
follow the one, half the other, so that not knowing the shape is part of the interval.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.evaluation.intervals import Interval, wilson

_DRAWS = 2000
_DIGITS = 9
_ENDS = (2.5, 97.5)
_SHAPES: tuple[Callable[[float], float], ...] = (lambda n: 1 / math.sqrt(n), math.log)


@dataclass(frozen=True, eq=False)
class Measured:
    """Which held-out images were answered rightly after learning from so many others.

    Args:
        images: the number of training images.
        right: of shape (subset, held-out image), for each random subset of so many.
    """

    images: int
    right: NDArray[np.bool_]

    @property
    def accuracy(self) -> float:
        """The share of right answers, over all subsets."""
        return float(self.right.mean())


@dataclass(frozen=True)
class Forecast:
    """What to expect of more training images. Shares are between 0 and 1, intervals of 95 %.

    Args:
        images: the number of training images.
        accuracy: the share of right answers.
        interval: of the accuracy that a training on so many images would have.
        gain: by how much the curve rises from the images there are to so many.
        gain_interval: of the gain. It is that of the curve, so a single training may gain more or
            less: what that varies by is in ``interval``.
    """

    images: int
    accuracy: float
    interval: Interval
    gain: float
    gain_interval: Interval


def foretell(measured: Sequence[Measured], images: int, seed: int = 0) -> Forecast:
    """Return what to expect of so many training images.

    The interval allows for other held-out images and other subsets (both drawn again), for other
    training images (subsets of half of them say how much those matter), and for the shape of the
    curve. It is never narrower than the held-out images alone allow.

    Args:
        measured: at three numbers of training images or more, rising, on the same held-out images;
            there are several subsets of each but the last, which is all images.
        images: the number to foretell, above the last one measured.
        seed: decides what is drawn. [default: 0]
    """
    rng = np.random.default_rng(seed)
    held_out, there = measured[-1].right.shape[1], measured[-1].images
    # The Bayesian bootstrap (Rubin, 1981): random weights instead of images drawn with repetition.
    shares = rng.standard_exponential((_DRAWS, held_out))
    shares /= shares.sum(axis=1, keepdims=True)
    drawn = np.stack([_redrawn(one.right, shares, rng) for one in measured], axis=1)
    # Halves of one set overlap: their spread is too small by the root of two, which is what twice
    # as many images make it smaller. So it stands for that of the whole as it is.
    spread = float(measured[-2].right.mean(axis=1).std(ddof=1))
    drawn[:, -1] += spread * rng.standard_normal(_DRAWS)
    # What equal accuracies differ by in floating point is no rise.
    drawn = drawn.round(_DIGITS)
    then, now = (_weights(measured, number) for number in (images, there))
    shape = rng.integers(len(_SHAPES), size=_DRAWS)
    levels = (drawn * then[shape]).sum(axis=1)
    gains = (levels - (drawn * now[shape]).sum(axis=1)).round(_DIGITS)
    levels += spread * math.sqrt(there / images) * rng.standard_normal(_DRAWS)
    means = np.array([one.accuracy for one in measured])
    accuracy = float(np.clip((then @ means).mean(), 0, 1))
    low, high = np.percentile(np.clip(levels, 0, 1), _ENDS)
    alone = wilson(round(accuracy * held_out), held_out)
    return Forecast(
        images=images,
        accuracy=accuracy,
        interval=Interval(min(float(low), alone.low), max(float(high), alone.high)),
        gain=round(float(((then - now) @ means).mean()), _DIGITS),
        gain_interval=Interval(*map(float, np.percentile(gains, _ENDS))),
    )


def _redrawn(
    right: NDArray[np.bool_], shares: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the accuracy of each draw of held-out images, over subsets drawn again."""
    by_subset = shares @ right.T
    again = rng.integers(len(right), size=by_subset.shape)
    mean: NDArray[np.float64] = np.take_along_axis(by_subset, again, axis=1).mean(axis=1)
    return mean


def _weights(measured: Sequence[Measured], images: int) -> NDArray[np.float64]:
    """Return, for each shape, what every accuracy measured counts for in the one foretold.

    A line is fitted by least squares to accuracy against the shape of the number of images.
    """
    found = []
    for shape in _SHAPES:
        line = np.array([[1.0, shape(one.images)] for one in measured])
        found.append(np.array([1.0, shape(images)]) @ np.linalg.pinv(line))
    return np.array(found)
