"""Cross-validation of a regularised logistic regression, over folds that the pictures decide."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDS = 5

Row = NDArray[np.float64]


def folds_of(labels: Sequence[int], digests: Sequence[str]) -> NDArray[np.intp]:
    """Return the fold of each image, 0 to 4: each class is spread as evenly as its pictures allow.

    Pictures are dealt out in the order of class and digest, so that neither a seed nor their order
    counts, and copies of one picture share a fold. Two to four pictures of a class lie in as many
    folds, so that every class is among what is fitted, whichever fold is held out.
    """
    pictures = list(zip(labels, digests, strict=True))
    place = {picture: number for number, picture in enumerate(sorted(set(pictures)))}
    return np.array([place[picture] % FOLDS for picture in pictures])


def held_out_probabilities(
    features: Row,
    labels: NDArray[np.integer[Any]],
    folds: NDArray[np.intp],
    strengths: Sequence[float],
    class_weights: dict[int, float] | None,
) -> list[Row]:
    """Return, for each strength, the probabilities of each image by a fit without its fold.

    Args:
        features: one row for each image; every fit scales them by what it has seen.
        labels: the class of each image; every fit sees every class.
        folds: the fold of each image.
        strengths: inverse strengths of the penalty, strongest first.
        class_weights: the weight of each class in the loss; None: all the same.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    found = [np.zeros((len(labels), len(np.unique(labels)))) for _ in strengths]
    for fold in np.unique(folds):
        out = folds == fold
        scaler = StandardScaler().fit(features[~out])
        seen, unseen = scaler.transform(features[~out]), scaler.transform(features[out])
        for strength, probabilities in zip(strengths, found, strict=True):
            model = LogisticRegression(C=strength, max_iter=1000, class_weight=class_weights)
            probabilities[out] = model.fit(seen, labels[~out]).predict_proba(unseen)
    return found
