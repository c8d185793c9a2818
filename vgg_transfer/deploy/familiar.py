"""Whether a picture is like those that a run was trained on, by what its model makes of it.

The outputs of the two upper blocks, averaged over space, are compared with those of training images
by their cosine. How like them a picture has to be follows from validation images.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.deploy.judge import judge
from vgg_transfer.disk import is_file
from vgg_transfer.errors import RunError
from vgg_transfer.evaluation.certainty import furthest_familiar
from vgg_transfer.events import Listener
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import Given
from vgg_transfer.run import Run
from vgg_transfer.run.features import Features, keep_features, read_features
from vgg_transfer.words import printable

Rows = NDArray[np.floating[Any]]

FALSE_ALARMS = 0.05
_MOST = 2000  # training images, and at most half as many for validation: bounds time and file
_FEWEST = 20  # of each
_NEAREST = 5


@dataclass(frozen=True)
class Familiarity:
    """What is like the images that a run was trained on.

    Args:
        train: features of training images, one row for each.
        least: how like them a picture has to be.
    """

    train: Rows
    least: float

    def familiar(self, features: Rows) -> NDArray[np.bool_]:
        """Return for each row of features whether its picture is like those trained on."""
        return np.asarray(_nearest(_directions(features) @ self._directions.T) >= self.least)

    @cached_property
    def _directions(self) -> Rows:
        return _directions(self.train)


def blocks_of(run: Run) -> tuple[str, ...]:
    """Return the blocks whose outputs are compared, lowest first."""
    return run.recipe.base.block_names[-2:]


def familiarity_of(run: Run, listen: Listener) -> Familiarity:
    """Return what is like the images of a run.

    Raises:
        RunError: too few of its images are there.
    """
    kept = features_of(run, listen)
    splits = np.array([row.split for row in run.manifest])[kept.places]
    train, validation = kept.rows[splits == "train"], kept.rows[splits == "val"]
    if min(len(train), len(validation)) < _FEWEST:
        raise RunError(
            f'the run "{printable(run.folder)}" has {len(train)} training and {len(validation)} '
            f"validation images that can be read, and {_FEWEST} of each are needed to tell what is "
            "unlike them"
        )
    alike = _nearest(likeness(validation, train))
    return Familiarity(train, -furthest_familiar(-alike, FALSE_ALARMS))


def features_of(run: Run, listen: Listener) -> Features:
    """Return what a run's model makes of its training and validation images.

    When that is first asked, the images are looked at, at most 2,000 and 1,000 of them, evenly
    over the list; the answer is kept in the run folder, where that can be written to.

    Raises:
        RunError: the images do not lie where they were.
    """
    kept = read_features(run.folder, len(run.manifest))
    if kept is not None:
        return kept
    places = [*_some(run, "train", _MOST), *_some(run, "val", _MOST // 2)]
    root = Path(run.image_set.root)
    there = [place for place in places if is_file(root / run.manifest[place].path)]
    if 2 * len(there) <= len(places):
        raise RunError(
            f'most images of the run "{printable(run.folder)}" are not in "{printable(root)}" any '
            "more, and what its model makes of them was never kept: put them back, and ask again"
        )
    blocks = blocks_of(run)
    pictures = [Given(root / run.manifest[place].path) for place in there]
    answers = judge(run, pictures, run.recipe.tta, listen, blocks)
    rows = {
        place: row[len(run.class_names) :]
        for place, row in zip(there, answers, strict=True)
        if not isinstance(row, Undecodable)
    }
    found = Features(np.array(list(rows), np.int64), np.stack(list(rows.values())))
    try:
        keep_features(run.folder, found)
    except OSError:
        return found  # a folder that may only be read: it is computed again next time
    return found


def likeness(features: Rows, others: Rows) -> Rows:
    """Return the cosine between each row of features and each of the others."""
    return np.asarray(_directions(features) @ _directions(others).T)


def _some(run: Run, split: str, most: int) -> list[int]:
    """Return the places of some images of a split in the manifest, evenly over all."""
    places = [place for place, row in enumerate(run.manifest) if row.split == split]
    number = min(most, len(places))
    return [places[place * len(places) // number] for place in range(number)]


def _directions(features: Rows) -> Rows:
    """Return rows of length 1."""
    rows = np.asarray(features, np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def _nearest(alike: Rows) -> Rows:
    """Return how like its fifth nearest training image each picture is."""
    number = min(_NEAREST, alike.shape[1])
    return np.asarray(np.sort(alike, axis=1)[:, -number])
