"""Confidence intervals of shares: of one, of a mean of several, and of a difference of two."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """A confidence interval of a share, or of a difference of two."""

    low: float
    """The lower end, as a share: 0.904, not 90.4."""
    high: float
    """The upper end, as a share."""
    level: float = 0.95
    """How often such an interval holds the true value, between 0 and 1."""

    def __str__(self) -> str:
        """Return the ends in percent or points: ``[90.4, 96.9]``."""
        return f"[{in_points(self.low)}, {in_points(self.high)}]"


def in_points(share: float) -> str:
    """Return a share in percent with one decimal: ``94.5`` for 0.945."""
    # Adding 0 makes a zero of what would be written -0.0.
    return f"{round(100 * share, 1) + 0.0:.1f}"


def wilson(successes: int, trials: int, level: float = 0.95) -> Interval:
    """Return the Wilson score interval of the share ``successes / trials``.

    Wilson and not the textbook ``p ± 1.96 · sqrt(p (1 - p) / n)``, because that one has width zero
    at 0 and 100 % and leaves the range from 0 to 1 near them, which is where a good classifier is.

    Args:
        successes: the number of successes, from 0 to ``trials``.
        trials: the number of trials, at least 1.
        level: how often such an interval holds the true share, between 0 and 1. Default: 0.95.

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
    """Return an interval of the unweighted mean of independent shares, each (successes, trials).

    The distances from each share to the ends of its Wilson interval are added as squares (MOVER:
    Zou and Donner, 2008). For one share that is Wilson's interval; it stays between 0 and 1 and has
    a width at 0 and 100 %, where a bootstrap would have none.

    Raises:
        ValueError: there are no shares, or one of them has no interval.
    """
    if not counts:
        raise ValueError("A mean needs at least one share, received none.")
    shares = [successes / trials if trials else 0.0 for successes, trials in counts]
    intervals = [wilson(successes, trials, level) for successes, trials in counts]
    mean = math.fsum(shares) / len(shares)
    both = list(zip(shares, intervals, strict=True))
    below = math.hypot(*(share - one.low for share, one in both)) / len(both)
    above = math.hypot(*(one.high - share for share, one in both)) / len(both)
    return Interval(max(0.0, mean - below), min(1.0, mean + above), level)


def difference_of_shares(
    first: tuple[int, int], second: tuple[int, int], level: float = 0.95
) -> Interval:
    """Return an interval of the first share minus the second, each (successes, trials).

    Newcombe's hybrid score interval (1998, method 10): the distances from each share to the ends
    of its Wilson interval are added as squares. It stays between -1 and 1 and has a width even
    where both shares are 0 or 100 %.

    Raises:
        ValueError: one of the shares has no trials, or more successes than trials.
    """
    one, other = wilson(*first, level=level), wilson(*second, level=level)
    share, other_share = first[0] / first[1], second[0] / second[1]
    difference = share - other_share
    low = difference - math.hypot(share - one.low, other.high - other_share)
    high = difference + math.hypot(one.high - share, other_share - other.low)
    return Interval(low, high, level)


def mean_interval(values: Sequence[float], level: float = 0.95) -> Interval:
    """Return Student's interval of a mean; of a single value it is everything from -1 to 1.

    Args:
        values: shares, or differences of shares.
        level: how often such an interval holds the true mean, between 0 and 1. Default: 0.95.
    """
    mean = math.fsum(values) / len(values)
    if len(values) < 2:
        return Interval(-1.0, 1.0, level)
    from scipy.stats import t

    spread = math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
    margin = float(t.ppf((1 + level) / 2, len(values) - 1)) * math.sqrt(spread / len(values))
    return Interval(mean - margin, mean + margin, level)
