"""Words for people: findings, lists of faults, and what means a split."""

from collections.abc import Sequence

from vgg_transfer.errors import ImageSetError
from vgg_transfer.finding import Finding, Severity
from vgg_transfer.images.image_set import Split

_SPLIT_NAMES: dict[Split, tuple[str, ...]] = {
    "train": ("train", "training", "training_set"),
    "val": ("val", "valid", "validation", "validation_set"),
    "test": ("test", "testing", "test_set"),
}
_SHOWN_FAULTS = 20


def split_named(name: str) -> Split | None:
    """Return the split that a word means: ``Validation`` is val; None where it means none."""
    found = (split for split, names in _SPLIT_NAMES.items() if name.lower() in names)
    return next(found, None)


def noted(code: str, seen: str, severity: Severity = "note") -> Finding:
    """Return a finding on images: what a source had to decide, or what cannot be measured."""
    return Finding(code, severity, "images", seen)


def refuse_faulty(what: str, faults: Sequence[str]) -> None:
    """Raise the error of `unusable` where there are faults."""
    if faults:
        raise unusable(what, faults)


def unusable(what: str, faults: Sequence[str]) -> ImageSetError:
    """Return the error that says all that is wrong with, say, ``The table "a.csv"``."""
    start = f"{what} cannot be used: "
    if len(faults) == 1:
        return ImageSetError(start + faults[0])
    lines = [f"- {fault}" for fault in faults[:_SHOWN_FAULTS]]
    if len(faults) > _SHOWN_FAULTS:
        lines.append(f"- and {len(faults) - _SHOWN_FAULTS} more.")
    return ImageSetError("\n".join([f"{start}{len(faults)} faults.", *lines]))
