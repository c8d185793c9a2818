"""Whether a probability of 90% is right in 90 of 100."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vgg_transfer.evaluation.intervals import Interval, wilson


@dataclass(frozen=True)
class Confidence:
    """How sure the answers were, against how often they were right.

    Args:
        mean: the mean probability of the answers that were given.
        right: the share of them that were right.
        excess: an interval of the first less the second: above 0 is overconfident.
    """

    mean: float
    right: float
    excess: Interval


def confidence(
    probabilities: Sequence[float], right: Sequence[bool], level: float = 0.95
) -> Confidence:
    """Compare the probabilities of answers with how often they were right.

    The interval is Wilson's of the share that was right, moved by what the answers were sure of.

    Args:
        probabilities: of the answer that was given, one for each image.
        right: whether it was.
        level: of the interval. Default: 0.95.

    Raises:
        ValueError: there are no answers.
    """
    share = wilson(sum(right), len(right), level)
    mean = math.fsum(probabilities) / len(probabilities)
    excess = Interval(mean - share.high, mean - share.low, level)
    return Confidence(mean, sum(right) / len(right), excess)
