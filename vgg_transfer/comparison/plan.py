"""How many rounds a comparison has, and after which of them the differences are looked at."""

import math
from dataclasses import dataclass

from vgg_transfer.evaluation import LOOKS, Look, one_of_several

_SEEDS = 3


@dataclass(frozen=True)
class Plan:
    """The rounds of a comparison; every round trains each recipe with one more seed.

    Args:
        rounds: after how many of them the differences are looked at. Where the number of seeds is
            fixed that is once.
        look: how strictly they are judged at each.
        has_open_end: True where it ends as soon as all is decided.
        minutes: no round is begun that would most likely not end within them. None: any.
    """

    rounds: tuple[int, ...]
    look: Look
    has_open_end: bool
    minutes: float | None


def make_plan(
    seeds: int | None, minutes: float | None, until: str | None, margin: float | None
) -> Plan:
    """Return the plan that these arguments of ``compare`` ask for; they have no faults."""
    if not _has_open_end(minutes, until):
        return Plan((_SEEDS if seeds is None else seeds,), Look(margin=margin), False, None)
    most = LOOKS[-1] if seeds is None else seeds
    rounds = tuple(look for look in LOOKS if look <= most)
    return Plan(rounds, one_of_several(margin, most), True, minutes)


def plan_faults(
    seeds: int | None, minutes: float | None, until: str | None, margin: float | None
) -> list[str]:
    """Return what is wrong with these arguments of ``compare``, in sentences."""
    faults = []
    if seeds is not None and seeds < 1:
        faults.append(f"each recipe needs at least 1 seed, received {seeds}: 3 are a good start")
    elif seeds is not None and _has_open_end(minutes, until) and seeds not in LOOKS:
        *first, last = map(str, LOOKS)
        faults.append(
            f"with minutes or until the differences are looked at after {', '.join(first)} and "
            f"{last} seeds, and seeds is the most of each recipe, received {seeds}: choose one of "
            "these numbers, or leave it out"
        )
    if minutes is not None and not 0 < minutes < math.inf:
        faults.append(f"a comparison needs a time of more than 0 minutes, received {minutes:g}")
    if until not in (None, "decided"):
        faults.append(f'a comparison goes on until "decided" or has no `until`, received "{until}"')
    if margin is not None and not 0 < margin < 1:
        faults.append(
            "the margin within which recipes are equal must be more than 0 and less than 100 "
            f"points (1 in Python), received {100 * margin:g} points: 1 point is a good start "
            "(--margin 1; margin=0.01)"
        )
    return faults


def _has_open_end(minutes: float | None, until: str | None) -> bool:
    return minutes is not None or until is not None
