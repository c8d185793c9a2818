"""Confidence intervals: how far a measured share can be trusted."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """A confidence interval; the ends are shares between 0 and 1, not percent."""

    low: float
    high: float
    level: float = 0.95


def wilson(successes: int, trials: int, level: float = 0.95) -> Interval:
    """Return the Wilson score interval of the share ``successes / trials``.

    Wilson and not the textbook ``p ± 1.96 · sqrt(p (1 - p) / n)``, because that one has width zero
    at 0 and 100 % and leaves the range from 0 to 1 near them, which is where a good classifier is.

    Raises:
        ValueError: no trials, successes outside 0..trials, or a level that is not between 0 and 1.
    """
    if trials < 1:
        raise ValueError(
            f"An interval needs at least one trial, received {trials}. "
            "Is the set of images that was evaluated empty?"
        )
    if not 0 <= successes <= trials:
        raise ValueError(
            f"The number of successes must be between 0 and the {trials} trials, "
            f"received {successes}."
        )
    if not 0.0 < level < 1.0:
        raise ValueError(
            f"The level of an interval must be between 0 and 1, received {level}. "
            "For 95 % write 0.95."
        )
    # Imported here: scipy.stats takes ten times longer to load than this room.
    from scipy.stats import binomtest

    found = binomtest(successes, trials).proportion_ci(confidence_level=level, method="wilson")
    return Interval(low=float(found.low), high=float(found.high), level=level)


def mean_of_shares(counts: Sequence[tuple[int, int]], level: float = 0.95) -> Interval:
    """Return an interval of the plain mean of independent shares, each (successes, trials).

    The distances from each share to the ends of its Wilson interval are added as squares (MOVER:
    Zou and Donner, 2008). So it is Wilson's for one share, stays between 0 and 1, and has a width
    at 0 and 100 %, where a bootstrap would have none.

    Raises:
        ValueError: there are no shares, or one of them has no interval.
    """
    if not counts:
        raise ValueError("A mean needs at least one share, received none.")
    shares = [successes / trials if trials else 0.0 for successes, trials in counts]
    intervals = [wilson(successes, trials, level) for successes, trials in counts]
    mean = math.fsum(shares) / len(shares)
    below = math.hypot(*(p - one.low for p, one in zip(shares, intervals, strict=True)))
    above = math.hypot(*(one.high - p for p, one in zip(shares, intervals, strict=True)))
    return Interval(
        low=max(0.0, mean - below / len(shares)),
        high=min(1.0, mean + above / len(shares)),
        level=level,
    )
