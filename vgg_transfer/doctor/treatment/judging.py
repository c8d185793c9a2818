"""On which images remedies are judged, and how sure it is that one helps."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.comparison.table import in_order
from vgg_transfer.doctor.treatment.remedies import Remedy
from vgg_transfer.errors import ComparisonError
from vgg_transfer.evaluation import Interval
from vgg_transfer.evaluation.crossed import analyse, difference_interval, p_value
from vgg_transfer.evaluation.holm import holm
from vgg_transfer.evaluation.intervals import in_points
from vgg_transfer.evaluation.pairs import FEWEST_IMAGES
from vgg_transfer.images import ImageRecord, ImageSet
from vgg_transfer.run import Run

Measure = Literal["accuracy", "balanced accuracy"]

_ONE_IN = 5  # of the training images chooses, while the validation images judge
_LEVEL = 0.05


@dataclass(frozen=True)
class Tried:
    """How a remedy did beside the unchanged recipe, on the same images and seeds.

    Args:
        remedy: what was changed.
        score: its accuracy, or balanced accuracy, from 0 to 1: the mean over the seeds.
        gain: that less the unchanged recipe's.
        interval: of the gain, for other seeds and other images: 95 %, for this remedy alone.
        adjusted_p: the probability that so large a gain comes by chance, corrected for the number
            of remedies tried (Holm, 1979).
        failed: how many of its trainings came to no end; they count as if no answer was right.
        seconds: the mean of a training.
    """

    remedy: Remedy
    score: float
    gain: float
    interval: Interval
    adjusted_p: float
    failed: int
    seconds: float

    @property
    def helps(self) -> bool:
        """Whether it is shown to be better than the unchanged recipe."""
        return self.gain > 0 and self.adjusted_p < _LEVEL

    @property
    def harms(self) -> bool:
        """Whether it is shown to be worse."""
        return self.gain < 0 and self.adjusted_p < _LEVEL

    @property
    def sentence(self) -> str:
        """Return ``dropout 0.5 + L2 1e-3: +2.1 points [0.9, 3.3], helps``."""
        said = "helps" if self.helps else "worse" if self.harms else "no effect shown"
        if said == "no effect shown" and (self.interval.low > 0 or self.interval.high < 0):
            said = "no effect shown: one of several remedies differs so much by chance"
        if self.failed:
            said += f" ({self.failed} of its trainings failed)"
        sign = "+" if self.gain >= 0 else ""
        return f"{self.remedy.change}: {sign}{in_points(self.gain)} points {self.interval}, {said}"


def images_for_trials(image_set: ImageSet) -> ImageSet:
    """Return the images without those of test: the validation images judge in their place.

    Since a recipe may choose by validation images, every fifth picture of each class in train is
    set aside for that. Copies of a picture stay together.

    Raises:
        ComparisonError: there are too few validation images to judge by.
    """
    judges = image_set.split("val")
    if len(judges) < FEWEST_IMAGES:
        raise ComparisonError(
            f"remedies are judged on validation images, and {image_set.source} has {len(judges)}: "
            f"at least {FEWEST_IMAGES} are needed. Put more into its folder val, or train with "
            "--val 0.3 and treat the run"
        )
    chooses = _every_fifth(image_set.split("train"))
    records = (
        replace(one, split="test")
        if one.split == "val"
        else replace(one, split="val" if (one.label, one.digest) in chooses else "train")
        for one in image_set.records
        if one.split != "test"
    )
    return replace(image_set, records=tuple(records), findings=())


def _every_fifth(records: Sequence[ImageRecord]) -> set[tuple[int, str]]:
    """Return label and digest of every fifth picture of each class, in the order of digests."""
    pictures: dict[int, set[str]] = defaultdict(set)
    for record in records:
        pictures[record.label].add(record.digest)
    return {
        (label, digest)
        for label, digests in pictures.items()
        for digest in sorted(digests)[_ONE_IN - 1 :: _ONE_IN]
    }


def judge(
    unchanged: Mapping[int, Run | None],
    trained: Mapping[str, Mapping[int, Run | None]],
    remedies: Sequence[Remedy],
    measure: Measure,
    images: ImageSet,
) -> tuple[float, tuple[Tried, ...]]:
    """Return the unchanged recipe's score, and how each remedy did beside it.

    Args:
        unchanged: the run of each seed; None where its training came to no end.
        trained: the same of remedies, by their names.
        remedies: those that were tried.
        measure: what counts: all images alike, or all classes.
        images: as ``images_for_trials`` returns them.
    """
    weights = _weights(images, measure)
    before = np.array([_right(run, weights) for run in unchanged.values()])
    after = {
        one.name: np.array([_right(trained[one.name][seed], weights) for seed in unchanged])
        for one in remedies
    }
    heaviest = float(weights.max())  # scaled by it, no difference is above that of one image
    found = {name: analyse((right - before) / heaviest) for name, right in after.items()}
    adjusted = holm([p_value(one) for one in found.values()])
    tried = []
    for remedy, corrected in zip(remedies, adjusted, strict=True):
        mean, runs = found[remedy.name], trained[remedy.name].values()
        ends = difference_interval(mean)
        there = [run for run in runs if run is not None]
        tried.append(
            Tried(
                remedy=remedy,
                score=float(after[remedy.name].mean()),
                gain=heaviest * mean.mean,
                interval=Interval(heaviest * ends.low, heaviest * ends.high),
                adjusted_p=corrected,
                failed=len(runs) - len(there),
                seconds=float(np.mean([run.seconds for run in there])) if there else 0.0,
            )
        )
    return float(before.mean()), tuple(tried)


def _weights(images: ImageSet, measure: Measure) -> NDArray[np.float64]:
    """Return what each judging image counts for, 1 on average, in the order of ``in_order``."""
    names = images.class_names
    labels = [
        label for _, label in sorted((one.digest, names[one.label]) for one in images.split("test"))
    ]
    if measure == "accuracy":
        return np.ones(len(labels))
    count = {name: labels.count(name) for name in set(labels)}
    return np.array([len(labels) / (len(count) * count[label]) for label in labels])


def _right(run: Run | None, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each answer of a run counts for: 0 where it is wrong."""
    if run is None:
        return np.zeros(len(weights))
    right = [
        run.class_names[int(np.argmax(answer))] == label for (_, label), answer in in_order(run)
    ]
    return np.asarray(right, np.float64) * weights
