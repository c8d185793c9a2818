"""Which recipe to take: the cheapest of those that are not shown worse than the best."""

from collections.abc import Sequence

from vgg_transfer.comparison.record import Standing
from vgg_transfer.evaluation import Pair

_PARTS = {2: "half", 3: "a third of", 4: "a quarter of", 5: "a fifth of", 6: "a sixth of",
          7: "a seventh of", 8: "an eighth of", 9: "a ninth of", 10: "a tenth of"}  # fmt: skip
_NEAR = 0.1  # how far, of itself, a share of time may be from the part it is called


def recommend(standings: Sequence[Standing], pairs: Sequence[Pair]) -> tuple[str, str]:
    """Return the name of the recipe to take and a sentence why; two empty texts without pairs.

    ``standings`` go from the most to the least accurate.
    """
    if not pairs:
        return "", ""
    best = standings[0]
    worse = {pair.second for pair in pairs if pair.first == best.name and pair.distinguishable}
    equals = [one for one in standings if one.name not in worse]
    chosen = min(equals, key=lambda one: one.seconds)
    return chosen.name, f"recommended: {chosen.name} - {_why(chosen, best, equals, pairs)}"


def _why(
    chosen: Standing, best: Standing, equals: Sequence[Standing], pairs: Sequence[Pair]
) -> str:
    if len(equals) == 1:
        return f"shown better than every other ({best.accuracy:.1%})"
    if chosen is best:
        return (
            f"the most accurate ({best.accuracy:.1%}), and the cheapest of those that are not "
            "shown worse"
        )
    return (
        f"not shown worse than {best.name} ({chosen.accuracy:.1%} against {best.accuracy:.1%}), "
        f"{_share(chosen.seconds / best.seconds)}; {_what_it_may_cost(chosen, best, pairs)}"
    )


def _what_it_may_cost(chosen: Standing, best: Standing, pairs: Sequence[Pair]) -> str:
    """Say how much better the best may be all the same: not shown worse is not as good."""
    names = {best.name, chosen.name}
    (pair,) = (one for one in pairs if {one.first, one.second} == names)
    # On the seeds that both have, the other one may be ahead.
    most = pair.interval.high if pair.first == best.name else -pair.interval.low
    return f"{best.name} may still be up to {100 * most:.1f} points better"


def _share(ratio: float) -> str:
    """Return ``at a sixth of its time`` for a ratio of two times, which is below 1."""
    part = round(1 / ratio) if ratio > 0 else 0
    if part in _PARTS and abs(ratio * part - 1) <= _NEAR:
        return f"at {_PARTS[part]} its time"
    return f"at {ratio:.0%} of its time" if ratio >= 0.01 else "at less than 1% of its time"
