"""Can one thing be told from another: a classifier on held-out folds, with an interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.doctor.images.likeness import Floats
from vgg_transfer.evaluation.intervals import Interval, in_points, mean_of_shares

Labels = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Told:
    """How well a label is told.

    Args:
        share: told rightly, as the mean over the labels: rare ones count as much as common ones.
        interval: of the share.
        chance: the share of one who sees nothing: 1 / the number of labels.
    """

    share: float
    interval: Interval
    chance: float

    @property
    def gain(self) -> float:
        """The lower end, from 0 (chance) to 1 (all of it); below 0 nothing is shown."""
        return (self.interval.low - self.chance) / (1 - self.chance)

    def __str__(self) -> str:
        """Return ``83.5% [74.8, 88.8] of the time, where guessing gives 50.0%``."""
        share, chance = in_points(self.share), in_points(self.chance)
        return f"{share}% {self.interval} of the time, where guessing gives {chance}%"


def tell(model: Any, values: Floats, labels: Labels, digests: Sequence[str], level: float) -> Told:
    """Return how well a classifier tells labels from values, each by a fit without its fold.

    Args:
        model: a classifier of scikit-learn that weighs labels as balanced.
        values: a row for each picture.
        labels: of each picture; of every label there are several.
        digests: of each picture: copies of one share a fold.
        level: of the interval. Where several questions are asked, 1 - 0.01 / their number makes
            all of their intervals hold together in 99 of 100 cases (Bonferroni).
    """
    # Imported here: the room of training loads Keras.
    from vgg_transfer.training.stages.cross_validation import folds_of

    found, folds = np.empty_like(labels), folds_of(labels.tolist(), digests)
    for fold in np.unique(folds):
        out = folds == fold
        found[out] = model.fit(values[~out], labels[~out]).predict(values[out])
    every = np.unique(labels)
    counts = [
        (int((found[labels == one] == one).sum()), int((labels == one).sum())) for one in every
    ]
    share = float(np.mean([right / number for right, number in counts]))
    return Told(share, mean_of_shares(counts, level), 1 / len(every))
