"""What a second opinion would add: how many more of the same images it would get right."""

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
    """Return the gain in accuracy from before to after, on the same images in the same order.

    Only images whose answer changed count. Half an image is added to each of the four counts
    (Agresti and Min, 2005): otherwise a handful of unchanged images would count as proof.

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
    """Return what a second opinion adds to one's own, as the gain in accuracy.

    The two are added with weights. The weights for each fifth of the images are fitted on the other
    four, so an opinion without new information gains nothing.

    Args:
        own: log probabilities of shape (image, class).
        second: the other opinion, of the same shape.
        labels: the true class of each image.
        seed: decides which images are a fifth.

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
    """Return the weights of both opinions, 0 or more, that minimise their log loss together."""
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    images = np.arange(len(labels))

    def loss(weights: NDArray[np.float64]) -> float:
        mixed = log_softmax(weights[0] * own + weights[1] * second, axis=1)
        return -float(mixed[images, labels].mean())

    bounds = [(0.0, _HEAVIEST)] * 2
    found: NDArray[np.float64] = minimize(loss, (1.0, 0.0), bounds=bounds, method="L-BFGS-B").x
    return found
