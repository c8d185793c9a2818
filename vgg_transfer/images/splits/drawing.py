"""Which picture goes to train, val or test: the rule for one class.

Each digest and seed give a place. The pictures of a class that are new are put in the order of
their places: the first ones are test, the next ones val, the others train, as many as bring val and
test nearest to their shares of the whole class, those included that have their split already. So:

- A class that is drawn for the first time has the nearest whole number to each share. What is drawn
  depends on the seed and on the contents of the class, and on no name and no order.
- A picture that has its split keeps it, and each one that is added goes where the class lacks one.
- Every split that has a share gets a picture of each class of three or more, where the share is
  less than half a picture too. Of two, one stays train; a single picture is always train.

Byte-identical copies are one picture here. Groups are drawn like pictures, from the group's name:
the numbers are then those of groups.

A fold is a fixed part of the places, so folds are disjoint, cover every class and never change, but
hold the same number of pictures only up to chance. Only where all pictures of a class fall into
one fold, one of them stays train there, since a class has to be learnt.
"""

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from vgg_transfer.images.image_set import Split

_PLACES = 2**48  # places are whole numbers below it, so that folds meet exactly
_NONE: Mapping[Split, int] = {}


@dataclass(frozen=True)
class DrawingPlan:
    """The shares of each class for val and test; the rest is train.

    With `folds`, the split `fold_is` takes the part of that `fold`, counted from 1.
    """

    validation: float = 0.0
    test: float = 0.0
    fold: int = 0
    folds: int = 0
    fold_is: Split | None = None

    @property
    def shares(self) -> dict[Split, float]:
        """The shares of val and test, without those that are 0."""
        shares: dict[Split, float] = {"val": self.validation, "test": self.test}
        return {split: share for split, share in shares.items() if share > 0}

    @property
    def drawn(self) -> frozenset[Split]:
        """The splits besides train into which pictures are drawn."""
        return frozenset(self.shares) | ({self.fold_is} if self.fold_is else set())

    @property
    def start(self) -> int:
        """The place that comes first: where the fold begins."""
        return _fold_start(self.fold, self.folds) if self.folds else 0

    @property
    def fold_width(self) -> int:
        """How many places from the start on are the fold."""
        return _fold_start(self.fold + 1, self.folds) - self.start if self.folds else 0


def is_in_fold(key: str, seed: int, plan: DrawingPlan) -> bool:
    """Return whether a key's place is in the fold, if there is one."""
    return plan.folds > 0 and _place(key, seed, plan) < plan.fold_width


def draw_class(
    keys: Iterable[str],
    seed: int,
    plan: DrawingPlan,
    settled: Mapping[Split, int] = _NONE,
    present: Collection[Split] = (),
) -> dict[str, Split]:
    """Return the split of every different key of one class: a picture's digest, or a group.

    Args:
        keys: those that have no split yet.
        seed: decides their order.
        plan: the shares, or the fold.
        settled: how many others of the class have their split, and count for the shares.
        present: the splits in which the class has pictures, these or any.
    """
    ordered = sorted((_place(key, seed, plan), key) for key in set(keys))
    free = max(len(ordered) - ("train" not in present), 0)  # without one, the last, for train
    in_fold = min(bisect_left(ordered, (plan.fold_width, "")), free)
    test, val = _numbers(free - in_fold, len(ordered), plan, settled, present)
    train = len(ordered) - in_fold - test - val
    numbers: list[tuple[Split, int]] = [("test", test), ("val", val), ("train", train)]
    if plan.fold_is:
        numbers.insert(0, (plan.fold_is, in_fold))
    splits = [split for split, number in numbers for _ in range(number)]
    return {key: split for (_, key), split in zip(ordered, splits, strict=True)}


def _numbers(
    free: int,
    new: int,
    plan: DrawingPlan,
    settled: Mapping[Split, int],
    present: Collection[Split],
) -> tuple[int, int]:
    """Return how many of the free keys are test, and how many val."""
    whole = new + sum(settled.values())
    lacking = {
        split: max(_nearest(share * whole) - settled.get(split, 0), 0)
        for split, share in plan.shares.items()
    }
    absent = set(plan.shares) - set(present)
    needed = {split: int(split in absent and free >= len(absent)) for split in ("test", "val")}
    test = min(max(lacking.get("test", 0), needed["test"]), free - needed["val"])
    val = min(max(lacking.get("val", 0), needed["val"]), free - test)
    return test, val


def _nearest(number: float) -> int:
    return math.floor(number + 0.5 + 1e-9)  # a half goes up, also where 0.15 is no exact number


def _fold_start(fold: int, folds: int) -> int:
    return -(-(fold - 1) * _PLACES // folds)  # rounded up


def _place(key: str, seed: int, plan: DrawingPlan) -> int:
    """Return where a key stands, counted from the plan's start, even over keys and seeds."""
    drawn = sha256(f"{seed} {key}".encode(errors="surrogateescape")).digest()
    return (int.from_bytes(drawn[:6]) - plan.start) % _PLACES
