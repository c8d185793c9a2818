"""Which picture goes to train, val or test: drawn from the picture's own bytes.

Each digest and seed give a place from 0 to 1. In every class, places below the test share are
test, the next ones up to the validation share are val, and the others train. So a picture keeps
its split when it is renamed or when others join it, byte-identical copies within a class share
a split, and the shares hold in every class up to chance.

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
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.image_set import Split


@dataclass(frozen=True)
class Shares:
    """The shares of each class that go to val and test, 0 for no such split; the rest is train."""

    validation: float = 0.15
    test: float = 0.15

    def __post_init__(self) -> None:
        possible = self.validation >= 0 and self.test >= 0 and self.validation + self.test < 1
        if not possible:
            raise ImageSetError(
                f"The shares are {self.validation} for val and {self.test} for test. "
                "Give numbers from 0 on that leave a part for train: together less than 1."
            )


DEFAULT_SHARES = Shares()


def own_split(digest: str, seed: int, shares: Shares = DEFAULT_SHARES) -> Split:
    """Return the split of the picture's own place, whatever else there is in its class."""
    return _split_of(_place(digest, seed), shares.test, shares.test + shares.validation)


def split_class(
    digests: Iterable[str], seed: int, shares: Shares = DEFAULT_SHARES
) -> dict[str, Split]:
    """Return the split of every different picture of one class, by digest."""
    ordered = sorted(set(digests), key=lambda digest: (_place(digest, seed), digest))
    places = [_place(digest, seed) for digest in ordered]
    test_end, val_end = _borders(places, shares)
    return {digest: _split_of(index, test_end, val_end) for index, digest in enumerate(ordered)}


def _place(digest: str, seed: int) -> float:
    """Return where a picture stands: from 0 to below 1, spread evenly over digests and seeds."""
    drawn = sha256(f"{seed} {digest}".encode()).digest()
    return int.from_bytes(drawn[:6]) / 2**48


def _split_of(position: float, test_end: float, val_end: float) -> Split:
    if position < test_end:
        return "test"
    return "val" if position < val_end else "train"


def _borders(places: list[float], shares: Shares) -> tuple[int, int]:
    """Return how many of the ordered places are test, and how many are test or val."""
    test_end = bisect_left(places, shares.test)
    val_end = bisect_left(places, shares.test + shares.validation)
    last = max(len(places) - 1, 0)  # the last place is always train
    test_needs, val_needs = int(shares.test > 0), int(shares.validation > 0)
    if len(places) > test_needs + val_needs:
        test_end = min(max(test_end, test_needs), last - val_needs)
        val_end = max(val_end, test_end + val_needs)
    return min(test_end, last), min(val_end, last)
