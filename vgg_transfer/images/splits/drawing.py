"""Which picture goes to train, val or test: drawn from the picture's own bytes.

Each digest and seed give a place from 0 to 1. In every class, places below the test share are
test, the next ones up to the validation share are val, and the others train. So a picture keeps
its split when it is renamed or when others join it, byte-identical copies share a split, and the
shares hold in every class up to chance.

Chance may leave a split of a small class empty: no test picture happens to one in five classes of
10 different pictures, and to three in 10,000 classes of 50. A class of three or more different
pictures then gets stand-ins: its pictures are put in the order of their places, and the borders
between test, val and train are moved just so far that each has a picture. What holds exactly:

- Once every split of a class has a picture by its own place, no picture of this class is ever
  moved by added pictures, however many.
- Before that, added pictures may move those beside a moved border, most often back to the split
  of their own place: 4 moves for 10 added below 10 pictures, 1 for 100 added between 20 and 30.
  No rule could avoid it: one that never moves a picture must look at that picture alone, and
  then three pictures of one split can meet in a class.

In a class of two different pictures at least one is train; a single picture is always train.

A fold is a fixed part of the places: the places are turned back so that it comes first. Folds are
exact and take no stand-ins, so they are disjoint and cover every class. Only where all pictures of
a class fall into one fold, one of them stays train there, since a class has to be learnt.

Groups are drawn like pictures, from the group's name.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256

from vgg_transfer.images.image_set import Split

_PLACES = 2**48  # places are whole numbers below it, so that folds meet exactly


@dataclass(frozen=True)
class DrawingPlan:
    """How the places are divided: test first, then val, then train, as shares of all of them.

    With `folds`, the split `fold_is` takes the part of that `fold`, counted from 1.
    """

    validation: float = 0.0
    test: float = 0.0
    fold: int = 0
    folds: int = 0
    fold_is: Split | None = None

    @property
    def drawn(self) -> frozenset[Split]:
        """The splits besides train into which pictures are drawn."""
        test_end, val_end = self.ends
        parts: dict[Split, bool] = {"test": test_end > 0, "val": val_end > test_end}
        return frozenset(split for split, is_drawn in parts.items() if is_drawn)

    @property
    def start(self) -> int:
        """The place that comes first."""
        return _fold_start(self.fold, self.folds) if self.folds else 0

    @property
    def ends(self) -> tuple[float, float]:
        """Where test ends, and where val ends, counted from `start`."""
        if not self.folds:
            return self.test * _PLACES, (self.test + self.validation) * _PLACES
        width = _fold_start(self.fold + 1, self.folds) - self.start
        if self.fold_is == "val":
            return 0, width
        return width, width + self.validation * _PLACES


def own_split(key: str, seed: int, plan: DrawingPlan) -> Split:
    """Return the split of the key's own place, whatever else there is in its class."""
    return _split_of(_place(key, seed, plan), *plan.ends)


def draw_class(
    keys: Iterable[str], seed: int, plan: DrawingPlan, present: Collection[Split] = ()
) -> dict[str, Split]:
    """Return the split of every different key of one class: a picture's digest, or a group.

    `present` are the splits in which the class has pictures without those to be drawn.
    """
    ordered = sorted((_place(key, seed, plan), key) for key in set(keys))
    test_end, val_end = _borders([place for place, _ in ordered], plan, present)
    return {key: _split_of(index, test_end, val_end) for index, (_, key) in enumerate(ordered)}


def _fold_start(fold: int, folds: int) -> int:
    return -(-(fold - 1) * _PLACES // folds)  # rounded up


def _place(key: str, seed: int, plan: DrawingPlan) -> int:
    """Return where a key stands, counted from the plan's start, even over keys and seeds."""
    drawn = sha256(f"{seed} {key}".encode(errors="surrogateescape")).digest()
    return (int.from_bytes(drawn[:6]) - plan.start) % _PLACES


def _split_of(position: float, test_end: float, val_end: float) -> Split:
    return "test" if position < test_end else "val" if position < val_end else "train"


def _borders(places: list[int], plan: DrawingPlan, present: Collection[Split]) -> tuple[int, int]:
    """Return how many of the ordered places are test, and how many are test or val."""
    test_end, val_end = (bisect_left(places, end) for end in plan.ends)
    free = max(len(places) - ("train" not in present), 0)  # without one, the last, for train
    wanted = plan.drawn - set(present) - {plan.fold_is}
    test_needs, val_needs = int("test" in wanted), int("val" in wanted)
    if plan.fold_is == "test":  # what the fold takes is not there for a stand-in
        val_needs = min(val_needs, max(free - test_end, 0))
    if free >= test_needs + val_needs:
        test_end = min(max(test_end, test_needs), free - val_needs)
        val_end = max(val_end, test_end + val_needs)
    return min(test_end, free), min(val_end, free)
