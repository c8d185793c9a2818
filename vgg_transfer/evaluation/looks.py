"""Differences that are looked at several times, while seeds are added, and still hold.

Who looks again after each further seed, and stops when a difference shows, finds one between equal
recipes far more often than in 5 of 100 comparisons. So the 5 % are spent: there are at most four
looks, after 3, 5, 8 and 12 seeds, and each is judged at 1.25 %. By Bonferroni's inequality all of
them together err in 5 % at most, however much one look resembles the next and whatever makes a
comparison stop; and for the same reason the intervals of all looks, each of 98.75 %, hold together
in 95 of 100 comparisons. What a look may spend depends on nothing that was found before, so a
comparison that was broken off looks again at the same answers and says the same.

Why these looks: of fifteen plans in simulated comparisons (90 % against 90 to 95 % right, 100 to
1,000 images, seeds that differ by 0.3 to 1.5 points) this one needs the fewest rounds or nearly so
everywhere. A look after every seed from 3 to 12 finds up to 12 in 100 differences fewer, since it
spends ten times; first looking after 5 costs a round where a difference is clear. Equal recipes
were told apart in 3.4 %, at most 4.9 %, and in fewer since no interval is narrower than images
alone allow (tests/evaluation/test_looks_simulation.py). Lan and DeMets' spending by information is
narrower on paper, but it takes variances as known that three seeds estimate.

More seeds leave what the images cause as it is. Where that alone is too much, going on is pointless
and is not done: ``out_of_reach``. This only ever stops, so it makes no error more frequent; in the
simulations it halves the rounds of equal recipes and misses 2 in 100 differences.
"""

import math
from dataclasses import dataclass

from vgg_transfer.evaluation.crossed import CrossedMean, difference_interval
from vgg_transfer.evaluation.intervals import Interval

LOOKS = (3, 5, 8, 12)
"""After how many seeds the differences are looked at."""
_ALL_LOOKS = 0.05
# How many standard errors a difference may still move by when seeds are added.
_MOVES = 2.0


@dataclass(frozen=True)
class Look:
    """How strictly differences are judged.

    Args:
        false_positives: how often equal recipes may be told apart at this look. Defaults to 0.05,
            for a comparison that is looked at once.
        margin: a difference below this share counts as none, so that recipes can be shown equal.
            Default: None, they cannot.
        most_seeds: how many seeds each recipe may come to have. Default: None, it has them.
    """

    false_positives: float = _ALL_LOOKS
    margin: float | None = None
    most_seeds: int | None = None

    @property
    def level(self) -> float:
        """How often an interval of this look holds the truth."""
        return 1 - self.false_positives


def one_of_several(margin: float | None = None, most_seeds: int = LOOKS[-1]) -> Look:
    """Return a look that holds although all of ``LOOKS`` may be taken.

    Args:
        margin: see ``Look``. Default: None.
        most_seeds: see ``Look``. Fewer looks leave what each may spend as it is, so that seeds may
            be added later. Default: 12.
    """
    return Look(_ALL_LOOKS / len(LOOKS), margin, most_seeds)


def shown_equal(interval: Interval, margin: float | None) -> bool:
    """Return whether an interval of a difference lies within the margin on both sides."""
    return margin is not None and -margin <= interval.low and interval.high <= margin


def out_of_reach(found: CrossedMean, look: Look) -> bool:
    """Return whether more seeds would most likely neither tell two recipes apart nor equal.

    Foretold for the most seeds, with a difference that moves by two standard errors towards either.
    """
    # What fewer seeds than the first look has say of the variance is no ground to give up.
    if look.most_seeds is None or not LOOKS[0] <= found.seeds < look.most_seeds:
        return False
    planned = found.with_seeds(look.most_seeds)
    interval = difference_interval(planned, look.level)
    half = max(interval.high - found.mean, found.mean - interval.low)
    moves = _MOVES * math.sqrt(max(found.from_seeds - planned.from_seeds, 0.0))
    apart = abs(found.mean) + moves > half
    equal = look.margin is not None and max(abs(found.mean) - moves, 0.0) + half <= look.margin
    return not apart and not equal
