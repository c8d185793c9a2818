"""What a second opinion would add: how many more of the same images would be told right with it."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PARTS = 5
_HEAVIEST = 10.0


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
    better, worse = int((after & ~before).sum()), int((before & ~after).sum())
    images = before.size + 2
    share = (better - worse) / images
    changed = (better + worse + 1) / images
    return Gain(100 * share, 100 * math.sqrt((changed - share**2) / images))


def gain_by_second_opinion(
    own: NDArray[np.float64],
    second: NDArray[np.float64],
    labels: NDArray[np.integer[Any]],
    seed: int,
) -> Gain:
    """Return what a second opinion adds to the own one; both are log probabilities (image, class).

    They are added with two weights. The weights for a fifth of the images come from the other four,
    so that an opinion that knows nothing more gains nothing.

    Raises:
        ValueError: fewer than two images.
    """
    if len(labels) < 2:
        raise ValueError(f"A gain needs at least two images, received {len(labels)}.")
    part = np.random.default_rng(seed).permutation(len(labels)) % min(_PARTS, len(labels))
    answers = np.zeros(len(labels), np.int64)
    for number in np.unique(part):
        here, others = part == number, part != number
        first_weight, second_weight = _weights(own[others], second[others], labels[others])
        answers[here] = (first_weight * own[here] + second_weight * second[here]).argmax(axis=1)
    return paired_gain(own.argmax(axis=1) == labels, answers == labels)


def _weights(
    own: NDArray[np.float64], second: NDArray[np.float64], labels: NDArray[np.integer[Any]]
) -> NDArray[np.float64]:
    """Return the weights of both opinions, 0 or more, that give the least log loss together."""
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    images = np.arange(len(labels))

    def loss(weights: NDArray[np.float64]) -> float:
        mixed = log_softmax(weights[0] * own + weights[1] * second, axis=1)
        return -float(mixed[images, labels].mean())

    bounds = [(0.0, _HEAVIEST)] * 2
    found: NDArray[np.float64] = minimize(loss, (1.0, 0.0), bounds=bounds, method="L-BFGS-B").x
    return found
