"""Words for people: findings, lists of faults, and what means a split."""

from collections.abc import Sequence

from vgg_transfer.errors import ImageSetError
from vgg_transfer.finding import Finding, Severity
from vgg_transfer.images.image_set import Split

_SPLIT_NAMES: dict[str, Split] = {
    "train": "train",
    "training": "train",
    "training_set": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "validation_set": "val",
    "test": "test",
    "testing": "test",
    "test_set": "test",
}
_SHOWN_FAULTS = 20


def split_named(name: str) -> Split | None:
    """Return the split that a word means: ``Validation`` is val; None where it means none."""
    return _SPLIT_NAMES.get(name.lower())


def noted(code: str, seen: str, severity: Severity = "note") -> Finding:
    """Return a finding on images: what a source had to decide, or what cannot be measured."""
    return Finding(code, severity, "images", seen)


def unusable(what: str, faults: Sequence[str]) -> ImageSetError:
    """Return the error that says all that is wrong with, say, ``The table "a.csv"``."""
    start = f"{what} cannot be used: "
    if len(faults) == 1:
        return ImageSetError(start + faults[0])
    lines = [f"- {fault}" for fault in faults[:_SHOWN_FAULTS]]
    if len(faults) > _SHOWN_FAULTS:
        lines.append(f"- and {len(faults) - _SHOWN_FAULTS} more.")
    return ImageSetError("\n".join([f"{start}{len(faults)} faults.", *lines]))
