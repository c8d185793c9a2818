"""The images that a run was judged on, those first that are worth a look."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vgg_transfer.evaluation.doubts import doubted
from vgg_transfer.report.html.thumbnails import Photo, Thumbnail
from vgg_transfer.run import Run
from vgg_transfer.words import printable


@dataclass(frozen=True)
class Answer:
    """One image, and what was answered; classes are places in the run's class names.

    Args:
        photo: where it lies.
        path: as the run's record has it.
        label: its class.
        answer: the class that was answered.
        sure: the probability of the answer.
        own: the probability of its own class.
        proposed: the class that it may be of instead, where its label is doubted; else None.
    """

    photo: Photo
    path: str
    label: int
    answer: int
    sure: float
    own: float
    proposed: int | None

    @property
    def is_right(self) -> bool:
        """Whether the answer is the class it has."""
        return self.answer == self.label

    def row(self, thumbnail: Thumbnail, heat: str) -> dict[str, Any]:
        """Return what the page keeps of it; ``heat`` is a shade to lay over the picture."""
        return {
            "path": printable(self.path),
            "digest": self.photo.digest,
            "label": self.label,
            "answer": self.answer,
            "sure": round(self.sure, 4),
            "own": round(self.own, 4),
            "proposed": self.proposed,
            "src": thumbnail.source,
            "missing": thumbnail.missing,
            "heat": heat,
        }


def answers_of(run: Run) -> list[Answer]:
    """Return the images that a run was judged on: wrong ones first, the surest of them ahead.

    Those that were answered rightly follow, the least sure ahead.

    Args:
        run: the record; none are returned where it was not judged.
    """
    if not run.judged:
        return []
    place = {name: number for number, name in enumerate(run.class_names)}
    labels = np.array([place[one.label] for one in run.judged])
    proposals = doubted(labels, np.array([one.probabilities for one in run.judged]))
    root = Path(run.image_set.root)
    found = [
        Answer(
            photo=Photo(root / row.path, row.digest),
            path=row.path,
            label=place[one.label],
            answer=place[one.predicted],
            sure=one.probabilities[place[one.predicted]],
            own=one.probabilities[place[one.label]],
            proposed=proposals.get(number),
        )
        for number, (row, one) in enumerate(zip(run.split(run.judged_on), run.judged, strict=True))
    ]
    return sorted(found, key=lambda one: one.sure if one.is_right else -1 - one.sure)
