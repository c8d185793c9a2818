"""Which split a name speaks of: ``train``, ``val`` or ``test``."""

import re
from typing import Any

from vgg_transfer.doctor.scripts.values.calling import Call
from vgg_transfer.doctor.scripts.values.origins import key_of
from vgg_transfer.doctor.scripts.values.unknown import Unknown

_WORDS = {
    "test": ("test", "testing"),
    "val": ("val", "valid", "validation", "dev"),
    "train": ("train", "training"),
}
_PIECES = re.compile(r"[_.\- ]")
_ANY = re.compile(r"(?<![a-z])(?:train(?:ing)?|val(?:id|idation)?|dev|test(?:ing)?)(?![a-z])", re.I)


def split_of(path: Any) -> str:
    """Return which split a path or a name speaks of; empty for none, or several."""
    if isinstance(path, Unknown):
        path = path.text
    if not isinstance(path, str):
        return ""
    for part in reversed([one for one in path.lower().split("/") if one]):
        pieces = _PIECES.split(part)
        found = {
            split for split, names in _WORDS.items() if any(piece in names for piece in pieces)
        }
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def read_alike(function: Any, call: Call) -> Any:
    """Return what a reading of a split has in common with those of the others.

    Args:
        function: what reads: its path, or what tells it from others.
        call: the call, with the split in one of its arguments: ``np.load("train.npy")``.

    Returns:
        A key that is the same for the same call of another split; None where no argument names one.
    """
    given = [*enumerate(call.given), *sorted(call.named.items())]
    if call.open or not any(split_of(value) for _, value in given):
        return None
    return (function, tuple((place, _whichever(value)) for place, value in given))


def _whichever(value: Any) -> Any:
    text = value.text if isinstance(value, Unknown) else value
    return _ANY.sub("*", text) if split_of(value) else key_of(value)
