"""Labels that may be wrong: what a head is sure of that has not seen the picture."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.images.likeness import Floats
from vgg_transfer.doctor.images.naming import shown
from vgg_transfer.doctor.images.telling import Labels
from vgg_transfer.evaluation.doubts import doubted
from vgg_transfer.evaluation.intervals import in_points, wilson
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.words import counted

WRONG_LABELS = Entry(
    "wrong-labels",
    "warning",
    "Many labels may be wrong",
    "A wrong label is learnt like a right one; one in ten costs several points, and those of test "
    "are counted as errors of the network.",
    "The exact head on the network's features gives every picture of train and val probabilities, "
    "by a fit without its fold. A label is doubted where another class is as probable as its own "
    "pictures find it on average, or has 90%. Said of 200 pictures or more, where the head gives "
    "86% of the labels that it does not doubt, and the interval of the share of doubted labels "
    "begins at 3.5% or more. Measured: in five drawn sets with a tenth of the labels wrong, 87 of "
    "140 doubted ones were wrong, and 87 of 136 wrong ones doubted; of the 30 surest among 2,500 "
    "photographs of cats and dogs, whose labels are good, one was wrong. Of 37 sets with a tenth "
    "wrong, drawn or photographs, it is said of 22 (the weaker the head, the fewer), and of none "
    "of 32 as they were.",
)
DOUBTED_LABELS = Entry(
    "doubted-labels",
    "note",
    "Some labels are worth a look",
    "Among the pictures that a head is surest of against their label are the wrong labels, and "
    "those that are hard: only an eye tells which.",
    "As `wrong-labels`, below its lines, by a head that is right in half of the pictures at least.",
)
_STRENGTHS = (1e-3, 1e-2, 1e-1, 1.0)
_LEAST_SHARE, _LEAST_ASKED = 0.035, 200
_LEAST_RIGHT = 0.86  # of the labels that are not doubted
_LEAST_TO_DOUBT = 0.5  # of all labels
_FEWEST = 5  # pictures of a class
_TRIED = 2000  # pictures on which the strength of the penalty is chosen


@dataclass(frozen=True)
class Doubt:
    """A label that may be wrong.

    Args:
        place: of the picture.
        proposed: the label that the head would give.
        given_probability: of the label that it has.
        proposed_probability: of the label proposed.
    """

    place: int
    proposed: int
    given_probability: float
    proposed_probability: float


@dataclass(frozen=True)
class Doubts:
    """The labels that may be wrong, surest first, of so many that were asked for.

    Args:
        doubts: one for each such label.
        asked: the number of pictures.
        right: the share of them whose label the head would give.
    """

    doubts: tuple[Doubt, ...] = ()
    asked: int = 0
    right: float = 0.0


def doubted_labels(records: Sequence[ImageRecord], features: Floats) -> Doubts:
    """Return the labels of train and val that may be wrong; test labels are not looked at.

    Args:
        records: of all pictures.
        features: the network's, one row for each.
    """
    # Imported here: the room of training loads Keras.
    from vgg_transfer.training.stages.cross_validation import folds_of

    places = _asked(records)
    classes, given = np.unique([records[n].label for n in places], return_inverse=True)
    if len(classes) < 2:
        return Doubts()
    chances = _probabilities(
        features[places],
        given,
        folds_of(given.tolist(), [records[place].digest for place in places]),
    )
    right = float((chances.argmax(axis=1) == given).mean())
    if right < _LEAST_TO_DOUBT:  # whoever is wrong most of the time is no judge
        return Doubts((), len(given), right)
    own = chances[np.arange(len(given)), given]
    doubts = (
        Doubt(places[n], int(classes[proposed]), float(own[n]), float(chances[n, proposed]))
        for n, proposed in doubted(given, chances).items()
    )
    return Doubts(tuple(doubts), len(given), right)


def find_wrong_labels(
    records: Sequence[ImageRecord], class_names: Sequence[str], found: Doubts
) -> Iterator[Finding]:
    """Yield what there is to say of labels that may be wrong.

    Args:
        records: of all pictures.
        class_names: by label.
        found: the labels doubted.
    """
    number = len(found.doubts)
    if not number:
        return
    interval = wilson(number, found.asked)
    is_good_judge = found.right * found.asked >= _LEAST_RIGHT * (found.asked - number)
    many = interval.low >= _LEAST_SHARE and is_good_judge and found.asked >= _LEAST_ASKED
    share, be = in_points(number / found.asked), "is" if number == 1 else "are"
    seen = (
        f"{counted(number, 'label')} of {found.asked} ({share}% {interval}) {be} doubted by a head "
        f"that gives {in_points(found.right)}% of the labels itself: "
        f"{shown([records[one.place] for one in found.doubts], class_names)}"
    )
    remedy = (
        "look at them, surest first (some are wrong, others only hard), and leave out or relabel "
        "those that are: `doctor DATA --sheet FILE.png` shows them"
    )
    yield (WRONG_LABELS if many else DOUBTED_LABELS).found("images", seen, remedy)


def _asked(records: Sequence[ImageRecord]) -> list[int]:
    """Return the places of the pictures of train and val, by class and digest, copies once.

    In this order neighbours lie in different folds. Classes of few pictures are left out.
    """
    one_of = {
        (record.label, record.digest): place
        for place, record in enumerate(records)
        if record.split != "test"
    }
    number = Counter(label for label, _ in one_of)
    return [place for (label, _), place in sorted(one_of.items()) if number[label] >= _FEWEST]


def _probabilities(features: Floats, given: Labels, folds: NDArray[np.intp]) -> Floats:
    """Return the held-out probabilities of the strength with the least loss on some pictures."""
    from sklearn.metrics import log_loss

    from vgg_transfer.training.stages.cross_validation import held_out_probabilities

    rows = features.astype(np.float64)
    some = _spread(given)
    with threadpool_limits(1):  # matrices this small gain nothing from threads
        tried = held_out_probabilities(rows[some], given[some], folds[some], _STRENGTHS, None)
        losses = [float(log_loss(given[some], chances)) for chances in tried]
        best = _STRENGTHS[int(np.argmin(losses))]
        (chances,) = held_out_probabilities(rows, given, folds, (best,), None)
    return chances


def _spread(given: Labels) -> NDArray[np.intp]:
    """Return the places of the first pictures of every class, about 2,000 in all."""
    each = max(_FEWEST, _TRIED // len(np.unique(given)))
    return np.concatenate([np.flatnonzero(given == one)[:each] for one in np.unique(given)])
