"""Which labels may be wrong, by probabilities from a model that has not seen the images.

That is confident learning (Northcutt et al., 2021) in a few lines: the library for it, cleanlab, is
under the AGPL.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_SURE = 0.9  # a probability that is enough, whatever is usual


def doubted(labels: NDArray[np.integer[Any]], chances: NDArray[np.floating[Any]]) -> dict[int, int]:
    """Return the class that is proposed for each image whose label is doubted, the surest first.

    A label is doubted where another class is likelier, and as probable as that class's own images
    find it on average, or 90 %.

    Args:
        labels: the class of each image, as an index.
        chances: one row of probabilities for each image.
    """
    places = np.arange(len(labels))
    own = chances[places, labels]
    usual = np.array(
        [
            own[labels == one].mean() if (labels == one).any() else _SURE
            for one in range(chances.shape[1])
        ]
    )
    sure = np.where(chances >= np.minimum(usual, _SURE), chances, -1.0)
    proposed, most = sure.argmax(axis=1), sure.max(axis=1)
    found = [n for n in places.tolist() if most[n] > own[n] and proposed[n] != labels[n]]
    return {n: int(proposed[n]) for n in sorted(found, key=lambda n: float(own[n] - most[n]))}
