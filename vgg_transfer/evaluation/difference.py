"""The difference of two shares that were measured on different images, with its interval."""

import math

from vgg_transfer.evaluation.intervals import Interval, wilson


def difference_of_shares(
    first: tuple[int, int], second: tuple[int, int], level: float = 0.95
) -> Interval:
    """Return an interval of first minus second, each (successes, trials); ends from -1 to 1.

    Newcombe's hybrid score interval (1998, method 10): the distances from each share to the ends
    of its Wilson interval are added as squares. It stays between -1 and 1 and has a width where
    both shares are 0 or 100 %.

    Raises:
        ValueError: one of the shares has no trials, or more successes than trials.
    """
    one, other = wilson(*first, level=level), wilson(*second, level=level)
    share, other_share = first[0] / first[1], second[0] / second[1]
    difference = share - other_share
    return Interval(
        low=difference - math.hypot(share - one.low, other.high - other_share),
        high=difference + math.hypot(one.high - share, other_share - other.low),
        level=level,
    )
