"""How to split what a source leaves open: shares, a fold, groups, a split file; checked at once."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.image_set import Split
from vgg_transfer.images.splits.drawing import DrawingPlan

_USUAL_SHARE = 0.15


def _or_usual(share: float | None, usual: float = _USUAL_SHARE) -> float:
    return usual if share is None else share


@dataclass(frozen=True)
class Shares:
    """The shares of each class that go to val and test, 0 for no such split; the rest is train.

    None is what is usual: 0.15, and nothing where the source gives the split itself.
    """

    validation: float | None = None
    test: float | None = None

    def __post_init__(self) -> None:
        validation, test = _or_usual(self.validation), _or_usual(self.test)
        if not (validation >= 0 and test >= 0 and validation + test < 1):
            raise ImageSetError(
                f"The shares are {validation} for val and {test} for test. "
                "Give numbers from 0 on that leave a part for train: together less than 1."
            )


DEFAULT_SHARES = Shares()


@dataclass(frozen=True)
class Fold:
    """One of so many folds, counted from 1. It is the test split, or val beside a given test."""

    number: int
    folds: int

    def __post_init__(self) -> None:
        if self.folds < 2 or not 1 <= self.number <= self.folds:
            raise ImageSetError(
                f"Fold {self.number} of {self.folds} does not exist. Give at least 2 folds, and a "
                "number from 1 to that: 1/5 is the first of five."
            )


@dataclass(frozen=True)
class Splitting:
    """How to split what a source leaves open.

    Args:
        shares: of each class for val and test. [default: 0.15 each]
        fold: the part that is test, of several equal ones. [default: none]
        group: a regular expression over the path relative to the set's root; its first group, or
            the whole match, names what must stay in one split. [default: none]
        kept: the splits of a split file, by digest. [default: none]
        kept_paths: those of its rows without a digest, by path. [default: none]
    """

    shares: Shares = DEFAULT_SHARES
    fold: Fold | None = None
    group: str | None = None
    kept: Mapping[str, Split] = field(default_factory=dict)
    kept_paths: Mapping[str, Split] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.fold and self.is_kept:
            raise ImageSetError(
                "A fold and a split file both say which images are test. Give one of them."
            )
        if self.group is not None:
            try:
                re.compile(self.group)
            except re.error as error:
                raise ImageSetError(
                    f'The group "{self.group}" is not a regular expression: {error}.'
                ) from error

    @property
    def is_kept(self) -> bool:
        """Whether there is a split file."""
        return bool(self.kept or self.kept_paths)

    def group_of(self, path: str) -> str | None:
        """Return the group of a picture by its path relative to the root, None if it has none."""
        found = re.search(self.group, path) if self.group is not None else None
        if found is None:
            return None
        name: str | None = found[1] if found.re.groups else found[0]
        return name or None


DEFAULT_SPLITTING = Splitting()


def plan_drawing(
    given: Collection[Split], splitting: Splitting, all_given: bool = False
) -> DrawingPlan:
    """Return how to draw what a source leaves open that gives these splits itself.

    Raises `ImageSetError` for every share, fold or split file that can have no effect.
    """
    val_given, test_given, shares = "val" in given, "test" in given, splitting.shares
    _check_effects(val_given, test_given, all_given, splitting)
    usual_test = 0.0 if val_given else _USUAL_SHARE  # beside a val of its own, test is as well
    validation = 0.0 if val_given else _or_usual(shares.validation)
    test = 0.0 if test_given else _or_usual(shares.test, usual_test)
    if all_given:
        return DrawingPlan()
    if splitting.fold is None:
        return DrawingPlan(validation, test)
    fold, folds = splitting.fold.number, splitting.fold.folds
    if test_given:
        return DrawingPlan(fold=fold, folds=folds, fold_is="val")
    if 1 / folds + validation >= 1:
        raise ImageSetError(
            f"A fold of {folds} takes {1 / folds:.3g} for test, and {validation} is for val: "
            "nothing is left for train. Give a smaller share for val, or more folds."
        )
    return DrawingPlan(validation, fold=fold, folds=folds, fold_is="test")


def _check_effects(
    val_given: bool, test_given: bool, all_given: bool, splitting: Splitting
) -> None:
    """Raise for everything that was asked for and can have no effect."""
    shares = splitting.shares
    if (shares.validation, shares.test, splitting.fold) == (0, 0, None) and not splitting.is_kept:
        return  # draw nothing: that can always be done
    asked = {
        "val": f"share of {shares.validation} for val" if shares.validation is not None else "",
        "test": f"share of {shares.test} for test" if shares.test is not None else "",
        "fold": "fold" if splitting.fold else "",
        "file": "split file" if splitting.is_kept else "",
    }
    given = {"val": val_given, "test": test_given}
    faults = {split: f"the images have a {split} split already" for split in given if given[split]}
    if all_given or (val_given and test_given):
        faults = dict.fromkeys(asked, "the images have their splits already")
    elif splitting.fold:
        fold_is = "val" if test_given else "test"
        faults.setdefault(fold_is, f"the fold is the {fold_is} split")
    lines = [f"The {asked[key]} has no effect: {why}." for key, why in faults.items() if asked[key]]
    if lines:
        raise ImageSetError("\n".join([*lines, "Leave out what has no effect."]))
