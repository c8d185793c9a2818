"""How often answers of each confidence are right: the bars of a reliability diagram."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vgg_transfer.evaluation.intervals import Interval, wilson


@dataclass(frozen=True)
class Bin:
    """Answers that were about equally sure.

    Args:
        low: the least probability that belongs here.
        high: the first that does not, or 1.
        images: how many answers there are, at least one.
        mean: their mean probability.
        right: the share of them that is right.
        interval: Wilson's of that share, at 95 %.
    """

    low: float
    high: float
    images: int
    mean: float
    right: float
    interval: Interval


def by_confidence(
    probabilities: Sequence[float], right: Sequence[bool], levels: int = 10
) -> tuple[Bin, ...]:
    """Group answers by their probability; groups of equal width, those without answers left out.

    Args:
        probabilities: of the answer that was given, one for each image.
        right: whether it was.
        levels: into how many groups 0 to 1 is divided. Default: 10.
    """
    groups: dict[int, list[tuple[float, bool]]] = {}
    for probability, was_right in zip(probabilities, right, strict=True):
        place = min(int(probability * levels), levels - 1)
        groups.setdefault(place, []).append((probability, was_right))
    return tuple(_bin(place, levels, groups[place]) for place in sorted(groups))


def _bin(place: int, levels: int, answers: Sequence[tuple[float, bool]]) -> Bin:
    images, correct = len(answers), sum(was_right for _, was_right in answers)
    return Bin(
        low=place / levels,
        high=(place + 1) / levels,
        images=images,
        mean=math.fsum(probability for probability, _ in answers) / images,
        right=correct / images,
        interval=wilson(correct, images),
    )
