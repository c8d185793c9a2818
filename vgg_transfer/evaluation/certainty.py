"""When to say "I don't know": sets that hold the truth as often as wanted, and single answers.

Both follow from what the model said of images that it did not learn from, and hold for pictures
like those.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]

# The promise of an accuracy is kept in 95 of 100 cases; it is tried for from three places on.
_LEVEL = 0.05
_BEGINNINGS = (1.0, 1.5, 2.0)


@dataclass(frozen=True)
class Certainty:
    """From when on a model's probabilities can be relied on, at a wanted certainty.

    Args:
        least: how likely a class must be to be possible.
        sure_from: how likely the likeliest class must be for a single answer; None: no probability
            is enough, as far as these images tell.
    """

    least: float
    sure_from: float | None

    def is_sure(self, probability: float) -> bool:
        """Return whether a class that is so likely is a single answer to rely on."""
        return self.sure_from is not None and bool(probability >= self.sure_from)


def certainty(labels: Labels, probabilities: Floats, share: float) -> Certainty:
    """Return from when on a model can be relied on, by what it says of images it did not learn.

    Args:
        labels: the true class of each of these images.
        probabilities: one row per image and one column per class.
        share: of pictures whose true class is among the possible ones, and of single answers that
            are right; above 0 and below 1.
    """
    return Certainty(
        least_probability(labels, probabilities, share), sure_from(labels, probabilities, share)
    )


def least_probability(labels: Labels, probabilities: Floats, coverage: float) -> float:
    """Return how likely a class must be to belong to the set of what a picture may show.

    Split conformal prediction (Vovk et al., 2005): whatever the model is, sets of all classes that
    are so likely hold the true one in the wanted share of pictures, on average over the images
    that it was chosen by. A set may be empty: no class is likely enough.

    Args:
        labels: the true class of each of these images.
        probabilities: one row per image and one column per class.
        coverage: the wanted share, between 0 and 1.

    Returns:
        A probability; 0, which every class has, where there are too few images for the promise.
    """
    given = np.sort(np.asarray(probabilities)[np.arange(len(labels)), labels])[::-1]
    rank = math.ceil((len(given) + 1) * coverage)
    return float(given[rank - 1]) if rank <= len(given) else 0.0


def sure_from(labels: Labels, probabilities: Floats, accuracy: float) -> float | None:
    """Return from which probability on single answers are right in the wanted share of cases.

    Of the surest answers, more and more are taken in, as long as a binomial test says that
    accuracy is above what is wanted (fixed sequence testing: Angelopoulos et al., 2021).

    Args:
        labels: the true class of each image.
        probabilities: one row per image and one column per class.
        accuracy: the wanted share, between 0 and 1.

    Returns:
        A probability; None where these images promise it of no answers.
    """
    from scipy.stats import binom

    sure = np.asarray(probabilities, np.float64).max(axis=1)
    order = np.argsort(-sure, kind="stable")
    right = np.cumsum(np.argmax(probabilities, axis=1)[order] == np.asarray(labels)[order])
    answered = np.arange(1, len(order) + 1)
    level = _LEVEL / len(_BEGINNINGS)
    passes = binom.sf(right - 1, answered, accuracy) <= level
    # Equal probabilities are answered together or not at all.
    is_last = np.append(np.diff(sure[order]) != 0, True)
    fewest = _images_needed(accuracy)
    best = 0
    for beginning in _BEGINNINGS:
        for number in range(math.ceil(beginning * fewest), len(order) + 1):
            if is_last[number - 1]:
                if not passes[number - 1]:
                    break
                best = max(best, number)
    return float(sure[order][best - 1]) if best else None


def _images_needed(accuracy: float) -> int:
    """Return how many images without an error promise an accuracy."""
    return math.ceil(math.log(_LEVEL / len(_BEGINNINGS)) / math.log(accuracy))


def furthest_familiar(distances: Floats, false_alarms: float) -> float:
    """Return the distance up to which a picture counts as one like the images trained on.

    Args:
        distances: of images that were not trained on, and are known to be like them.
        false_alarms: the share of such images that may lie further, between 0 and 1.

    Returns:
        A distance; infinite where there are too few images to tell.
    """
    rank = math.ceil((len(distances) + 1) * (1 - false_alarms))
    return float(np.sort(distances)[rank - 1]) if rank <= len(distances) else math.inf
