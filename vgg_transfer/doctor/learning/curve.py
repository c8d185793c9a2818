"""Accuracy at a quarter, a half and all of the training images, and what is foretold from it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from vgg_transfer.doctor.images.likeness import Floats
from vgg_transfer.doctor.images.telling import Labels
from vgg_transfer.evaluation.learning_curve import Forecast, Measured, foretell
from vgg_transfer.images.image_set import ImageRecord

FEWEST_HELD_OUT = 30
"""Validation images without which nothing is measured."""
FEWEST_OF_A_CLASS = 8
"""Training images of each class without which nothing is measured."""
_SHARES = (0.25, 0.5)
_SUBSETS = 4
_STRENGTHS = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
_MOST_WORK = 6e7  # images x features x classes: about a minute


@dataclass(frozen=True)
class LearningCurve:
    """What an exact head on the pooled output of the base reaches, on the validation images.

    Args:
        points: at a quarter, a half and all of the training images.
        doubled: what twice as many would bring.
        fourfold: what four times as many would bring.
    """

    points: tuple[Measured, ...]
    doubled: Forecast
    fourfold: Forecast

    @property
    def reached(self) -> float:
        """The accuracy with all training images."""
        return self.points[-1].accuracy

    @property
    def held_out(self) -> int:
        """The number of validation images."""
        return int(self.points[-1].right.shape[1])


def measure_curve(records: Sequence[ImageRecord], features: Floats) -> LearningCurve | None:
    """Return the learning curve; None where the images are too few for one, or too many.

    Args:
        records: of all pictures; those of test play no part.
        features: the network's, one row for each.
    """
    train, validation = (
        [place for place, record in enumerate(records) if record.split == split]
        for split in ("train", "val")
    )
    labels = np.array([record.label for record in records])
    count = Counter(labels[train].tolist())
    validation = [place for place in validation if labels[place] in count]
    work = len(train) * features.shape[1] * (1 if len(count) == 2 else len(count))
    few = len(validation) < FEWEST_HELD_OUT or min(count.values(), default=0) < FEWEST_OF_A_CLASS
    if few or len(count) < 2 or work > _MOST_WORK:
        return None
    sets = {
        round(share * len(train)): [_part(train, labels, share, seed) for seed in range(_SUBSETS)]
        for share in _SHARES
    }
    held_out = (features[validation].astype(np.float64), labels[validation])

    def right(places: Sequence[int], strength: float) -> NDArray[np.bool_]:
        known = (features[places].astype(np.float64), labels[places])
        return np.asarray(_probabilities(known, held_out[0], strength)[1] == held_out[1])

    with threadpool_limits(1):  # matrices this small gain nothing from threads
        half = [*sets.values()][-1][0]
        strength = _strength((features[half].astype(np.float64), labels[half]), held_out)
        points = tuple(
            Measured(images, np.array([right(places, strength) for places in parts]))
            for images, parts in (*sets.items(), (len(train), [train]))
        )
    return LearningCurve(points, foretell(points, 2 * len(train)), foretell(points, 4 * len(train)))


def _part(places: Sequence[int], labels: Labels, share: float, seed: int) -> list[int]:
    """Return a random part of some places, with its share of every class."""
    mixed = np.random.default_rng(seed).permutation(places)
    return [
        int(place)
        for label in np.unique(labels[places])
        for of_class in [mixed[labels[mixed] == label]]
        for place in of_class[: round(share * len(of_class))]
    ]


def _strength(known: tuple[Floats, Labels], held_out: tuple[Floats, Labels]) -> float:
    """Return the inverse strength of the penalty with the least loss, the same for all parts."""
    from sklearn.metrics import log_loss

    losses = []
    for strength in _STRENGTHS:
        probabilities, _ = _probabilities(known, held_out[0], strength)
        losses.append(float(log_loss(held_out[1], probabilities, labels=np.unique(known[1]))))
    return _STRENGTHS[int(np.argmin(losses))]


def _probabilities(
    known: tuple[Floats, Labels], unseen: Floats, strength: float
) -> tuple[Floats, Labels]:
    """Return what a head makes of unseen features: probabilities, and the likeliest labels."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(known[0])
    head = LogisticRegression(C=strength, max_iter=1000).fit(scaler.transform(known[0]), known[1])
    found: Floats = head.predict_proba(scaler.transform(unseen))
    return found, head.classes_[found.argmax(axis=1)]
