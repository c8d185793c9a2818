"""Which recipe is better: the accuracy of each, and the differences between pairs.

``levels`` says how good each recipe is by itself, ``compare_pairs`` which of two is better, on the
same test images and seeds. Intervals and p-values hold for other seeds and other images of the same
kind; ``crossed`` says how they are computed and where they can be trusted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.errors import ComparisonError
from vgg_transfer.evaluation.crossed import (
    CrossedMean,
    analyse,
    difference_interval,
    images_needed,
    p_value,
    share_interval,
)
from vgg_transfer.evaluation.holm import holm
from vgg_transfer.evaluation.intervals import Interval
from vgg_transfer.evaluation.looks import Look, out_of_reach, shown_equal
from vgg_transfer.words import counted

FEWEST_IMAGES = 30
_ONCE = Look()


@dataclass(frozen=True)
class Answers:
    """What one recipe answered for the test images, in one training per seed."""

    name: str
    probabilities: NDArray[np.floating]
    """Of shape (seed, image, class)."""
    seeds: tuple[int, ...] | None = None
    """The seed of each training, where recipes may have different ones. Default: None, the seeds
    of the other recipes in the same order."""


@dataclass(frozen=True)
class Level:
    """How good one recipe is by itself. Shares are between 0 and 1."""

    name: str
    accuracy: float
    """The mean over its seeds."""
    interval: Interval
    by_seed: tuple[float, ...]
    deviation: float | None
    """Standard deviation of the accuracies of its seeds; None with one seed."""


@dataclass(frozen=True)
class Pair:
    """How two recipes differ; ``first`` is the one with the higher accuracy."""

    first: str
    second: str
    difference: float
    """Accuracy of the first minus that of the second, as a share."""
    interval: Interval
    """The interval of this difference, for this pair alone: of 95 %, or of more (its ``level``)
    where the differences are looked at several times."""
    p_value: float
    """The probability that two equal recipes differ as much."""
    adjusted_p: float
    """The p-value, corrected for the number of pairs (Holm, 1979)."""
    mcnemar_p: float
    """McNemar's exact test of one answer per image, by the mean probabilities over the seeds. It
    ignores that seeds differ, and is here for comparison with other reports."""
    images_needed: int | None
    """How many test images it takes to find such a difference in 8 of 10 comparisons with as many
    seeds and pairs; None where no number suffices: the seeds differ too much, or there is no
    difference."""
    distinguishable: bool
    """Whether ``adjusted_p`` is below 0.05, or below what one of several looks may spend of it."""
    equal_within: float | None = None
    """The margin, as a share, within which the two are shown equal: the whole interval lies in it.
    None where that is not shown, or no margin was named."""
    out_of_reach: bool = False
    """Whether more seeds would most likely not decide this pair; only said where some may come."""

    @property
    def is_decided(self) -> bool:
        """True where the two are told apart, or shown equal."""
        return self.distinguishable or self.equal_within is not None


@dataclass(frozen=True)
class _Judged:
    name: str
    right: NDArray[np.bool_]  # (seed, image)
    pooled: NDArray[np.bool_]  # (image), of the mean of the probabilities over the seeds
    seeds: tuple[int, ...]


def levels(
    answers: Sequence[Answers], labels: NDArray[np.integer], look: Look = _ONCE
) -> tuple[Level, ...]:
    """Return accuracy, interval and spread over seeds of each recipe, in the order given.

    Args:
        answers: of one or more recipes.
        labels: the true class of each image, as an index into the last axis of the probabilities.
        look: has the level of the intervals. Defaults to the only look, of 95 %.

    Raises:
        ValueError: labels and answers do not fit each other; names every fault at once.
    """
    return tuple(_level(one, look.level) for one in _judge(answers, labels))


def compare_pairs(
    answers: Sequence[Answers], labels: NDArray[np.integer], look: Look = _ONCE
) -> tuple[Pair, ...]:
    """Compare every two recipes on the seeds that both have.

    Where two have no seed in common, they are compared in the order of their seeds: trainings of
    the same seed have little more in common than others.

    Args:
        answers: of two or more recipes; one alone makes no pair.
        labels: the true class of each image, as an index into the last axis of the probabilities.
        look: how strictly they are judged. Defaults to the only look, at 5 %.

    Raises:
        ComparisonError: there are fewer than 30 images.
        ValueError: labels and answers do not fit each other; names every fault at once.
    """
    judged = _judge(answers, labels)
    if judged and len(labels) < FEWEST_IMAGES:
        raise ComparisonError(
            f"No verdict on {counted(len(labels), 'test image')}: with fewer than "
            f"{FEWEST_IMAGES} only the largest differences could be told from chance, and their "
            "size not at all. Put more images into the test split."
        )
    both = [
        sorted(_on_common_seeds(*pair), key=lambda one: -one.right.mean())
        for pair in combinations(judged, 2)
    ]
    found = [analyse(first.right.astype(np.int8) - second.right) for first, second in both]
    p_values = [p_value(one) for one in found]
    adjusted = holm(p_values)
    intervals = [difference_interval(one, look.level) for one in found]
    return tuple(
        Pair(
            first=first.name,
            second=second.name,
            difference=one.mean,
            interval=intervals[index],
            p_value=p_values[index],
            adjusted_p=adjusted[index],
            mcnemar_p=_mcnemar(first.pooled, second.pooled),
            images_needed=_images_needed(one, len(both), adjusted[index], look),
            distinguishable=adjusted[index] < look.false_positives,
            equal_within=look.margin if shown_equal(intervals[index], look.margin) else None,
            out_of_reach=out_of_reach(one, look),
        )
        for index, ((first, second), one) in enumerate(zip(both, found, strict=True))
    )


def _judge(answers: Sequence[Answers], labels: NDArray[np.integer]) -> list[_Judged]:
    labels = np.asarray(labels)
    if faults := _faults(answers, labels):
        raise ValueError("\n- ".join(["These answers cannot be compared:", *faults]))
    judged = []
    for one in answers:
        probabilities = np.asarray(one.probabilities)
        # In float64, as ``evaluate`` does; the first of equal classes counts as the answer.
        pooled = probabilities.mean(axis=0, dtype=np.float64).argmax(axis=1)
        seeds = tuple(range(len(probabilities))) if one.seeds is None else one.seeds
        right = probabilities.argmax(axis=2) == labels
        judged.append(_Judged(one.name, right, pooled == labels, seeds))
    return judged


def _on_common_seeds(first: _Judged, second: _Judged) -> tuple[_Judged, _Judged]:
    """Return both recipes with equally many seeds: those they share, or else the first ones."""
    common = [seed for seed in first.seeds if seed in second.seeds]
    fewest = min(len(first.seeds), len(second.seeds))

    def cut(one: _Judged) -> _Judged:
        rows = [one.seeds.index(seed) for seed in common or one.seeds[:fewest]]
        return replace(one, right=one.right[rows])

    return cut(first), cut(second)


def _level(judged: _Judged, level: float) -> Level:
    by_seed = judged.right.mean(axis=1)
    return Level(
        name=judged.name,
        accuracy=float(by_seed.mean()),
        interval=share_interval(analyse(judged.right), level),
        by_seed=tuple(by_seed.tolist()),
        deviation=float(by_seed.std(ddof=1)) if len(by_seed) > 1 else None,
    )


def _images_needed(found: CrossedMean, pairs: int, adjusted_p: float, look: Look) -> int | None:
    # The smallest p-value of several has to pass the level divided by their number. What was not
    # found with these images needs more of them.
    fewest = FEWEST_IMAGES if adjusted_p < look.false_positives else found.images + 1
    return images_needed(found, look.false_positives / pairs, fewest)


def _mcnemar(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    if not only_first + only_second:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(only_first, only_first + only_second).pvalue)


def _faults(answers: Sequence[Answers], labels: NDArray[np.integer]) -> list[str]:
    names = [one.name for one in answers]
    faults = [
        f"names must differ, received {name!r} {names.count(name)} times"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        return [
            *faults,
            "labels must be one whole class index per image, received shape "
            f"{labels.shape} of {labels.dtype}",
        ]
    for one in answers:
        faults += [f'"{one.name}": {fault}' for fault in _answer_faults(one, labels)]
    shapes = [_comparable_shape(one) for one in answers]
    faults += [
        f'"{names[0]}" and "{name}" must have answered the same images with the same seeds, '
        f"received the shapes (seed, image, class) {shapes[0]} and {shape}"
        for name, shape in zip(names[1:], shapes[1:], strict=True)
        if shape != shapes[0]
    ]
    return faults


def _comparable_shape(one: Answers) -> tuple[int | str, ...]:
    """Return the shape that recipes must share; where seeds are named, their number may differ."""
    shape: tuple[int | str, ...] = np.shape(one.probabilities)
    return shape if one.seeds is None else ("seeds", *shape[1:])


def _answer_faults(one: Answers, labels: NDArray[np.integer]) -> list[str]:
    probabilities = np.asarray(one.probabilities)
    if probabilities.ndim != 3 or 0 in probabilities.shape or probabilities.shape[2] < 2:
        return [
            "probabilities must be of shape (seed, image, class), with at least one seed, one "
            f"image and two classes; received {probabilities.shape}"
        ]
    seeds, images, classes = probabilities.shape
    faults = []
    if one.seeds is not None and len(one.seeds) != seeds:
        faults.append(f"{len(one.seeds)} seeds are named, and there are answers of {seeds}")
    if images != len(labels):
        faults.append(f"there are answers for {images} images and {len(labels)} labels")
    outside = np.flatnonzero((labels < 0) | (labels >= classes))
    if len(outside):
        faults.append(
            f"labels must be between 0 and {classes - 1} for its {classes} classes; "
            f"{len(outside)} are not, the first is {labels[outside[0]]} at position {outside[0]}"
        )
    faults += [
        f"the probabilities of seed number {seed + 1} of {seeds} hold NaN, infinity or numbers "
        "outside 0..1; did that training diverge, or are these logits?"
        for seed in range(seeds)
        if not ((probabilities[seed] >= 0) & (probabilities[seed] <= 1.001)).all()
    ]
    return faults
