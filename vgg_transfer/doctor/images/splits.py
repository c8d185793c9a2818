"""Splits that are of different kinds, or share what was taken at once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.images.facts import PictureFacts
from vgg_transfer.doctor.images.likeness import Floats
from vgg_transfer.doctor.images.naming import shown
from vgg_transfer.doctor.images.telling import Told, tell
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import ImageRecord, Split
from vgg_transfer.words import counted

DIFFERENT_SPLITS = Entry(
    "splits-differ",
    "warning",
    "The splits are of different kinds of pictures",
    "On another kind of pictures than was learnt from, the number is lower than on one's own; and "
    "where these are val, they choose for the wrong kind.",
    "A classifier two-sample test: logistic regression tells train from val, and train from test, "
    "from the network's features less the mean of each class, in five folds. Said where the "
    "interval of the mean recall (99%, Bonferroni) begins at 55% or more; guessing gives 50%.",
)
BURSTS = Entry(
    "bursts-across-splits",
    "warning",
    "Pictures taken at once are in two splits",
    "Pictures of one burst show the same thing in the same light: to know one is nearly to know "
    "the others, so a test on them flatters.",
    "EXIF: the same camera and the same minute, in train and in a split that is measured on.",
)
_LEAST = 0.1  # of the way from guessing to certainty: 55%
_FEWEST = 20  # pictures of a split
_MOST = 2000  # of train: more change the interval little
_HELD_OUT: tuple[Split, ...] = ("val", "test")


def find_different_splits(records: Sequence[ImageRecord], features: Floats) -> Iterator[Finding]:
    """Yield which splits can be told from train.

    Args:
        records: of all pictures.
        features: the network's, one row for each.
    """
    labels = np.array([record.label for record in records])
    centred = features.astype(np.float64)
    for label in np.unique(labels):  # so that more of a class in a split are no difference
        centred[labels == label] -= centred[labels == label].mean(axis=0)
    splits: tuple[Split, ...] = ("train", *_HELD_OUT)
    places = {split: _places(records, split) for split in splits}
    asked = [split for split in _HELD_OUT if len(places[split]) >= _FEWEST]
    if len(places["train"]) < _FEWEST:
        return
    for split in asked:
        told = _told(records, centred, places["train"], places[split], 1 - 0.01 / len(asked))
        if told.gain >= _LEAST:
            remedy = (
                "draw the splits from all pictures together, or, where test is to be of another "
                "kind, take val from that kind too"
            )
            seen = f"pictures of {split} are told from those of train {told}"
            yield DIFFERENT_SPLITS.found("images", seen, remedy)


def find_bursts(
    records: Sequence[ImageRecord],
    class_names: Sequence[str],
    facts: Sequence[PictureFacts | None],
) -> Iterator[Finding]:
    """Yield pictures of one camera and minute that are in train and in another split.

    Args:
        records: of all pictures.
        class_names: by label.
        facts: what was measured of each.
    """
    bursts: dict[tuple[str, str], list[ImageRecord]] = defaultdict(list)
    for record, measured in zip(records, facts, strict=True):
        if measured is not None and measured.header.camera and measured.header.taken:
            minute = measured.header.taken[: len("2024:05:17 14:03")]
            bursts[measured.header.camera, minute].append(record)
    torn = [
        burst
        for burst in bursts.values()
        if len(splits := {record.split for record in burst}) > 1 and "train" in splits
    ]
    if not torn:
        return
    leaked = [record for burst in torn for record in burst if record.split != "train"]
    seen = (
        f"{counted(len(leaked), 'picture')} of val and test and some of train are of the same "
        f"camera and minute ({shown(leaked, class_names)})"
    )
    remedy = "keep what belongs together in one split, with --group or a split file"
    yield BURSTS.found("images", seen, remedy)


def _places(records: Sequence[ImageRecord], split: Split) -> list[int]:
    """Return the places of different pictures of a split, drawn by their bytes."""
    one_of = {one.digest: place for place, one in enumerate(records) if one.split == split}
    return [place for _, place in sorted(one_of.items())][:_MOST]


def _told(
    records: Sequence[ImageRecord],
    features: Floats,
    train: Sequence[int],
    other: Sequence[int],
    level: float,
) -> Told:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    places = [*train, *other]
    is_other = np.array([0] * len(train) + [1] * len(other))
    model: Any = make_pipeline(
        StandardScaler(), LogisticRegression(C=1e-3, max_iter=1000, class_weight="balanced")
    )
    digests = [records[place].digest for place in places]
    with threadpool_limits(1):  # matrices this small gain nothing from threads
        return tell(model, features[places], is_other, digests, level)
