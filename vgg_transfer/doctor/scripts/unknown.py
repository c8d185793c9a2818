"""What cannot be known is a value too; and numbers that remember how they came about."""

from typing import Any

LARGEST = 1000
"""How many parts a value may have, and how many letters a text, to be followed."""


class Unknown:
    """A value that cannot be known; two uses of one name have the same one.

    Args:
        text: what it is called in the script; empty for what has no name.
        whole: the unknown array that it is a part of.
        together: the line at which it got its name, with others or in a function that is called
            again: those of one line are alike; 0 where it has none.
    """

    def __init__(self, text: str = "", together: int = 0, whole: "Unknown | None" = None) -> None:
        self.text = text
        self.together = together
        self.whole = whole

    def __repr__(self) -> str:
        return f"Unknown({self.text!r})"


class Floored(Unknown):
    """An unknown number divided and rounded down, as ``images // batch_size``.

    Args:
        text: what is divided.
        by: what it is divided by, where it is a number.
    """

    def __init__(self, text: str, by: float | None) -> None:
        super().__init__(text)
        self.by = by


class Quotient(int):
    """A known number divided and rounded down, with what was left.

    Args:
        number: the result.
        whole: what was divided.
        by: what it was divided by.
    """

    whole: int
    by: int

    def __new__(cls, whole: int, by: int) -> "Quotient":
        """Divide and round down."""
        made = super().__new__(cls, whole // by)
        made.whole, made.by = whole, by
        return made


UNKNOWN = Unknown()


def is_known(value: Any) -> bool:
    """Return whether a value is known in all its parts; of too many parts nobody looks."""
    waiting, seen = [value], 0
    while waiting:
        one = waiting.pop()
        seen += 1
        if isinstance(one, Unknown) or seen > LARGEST:
            return False
        if isinstance(one, list | tuple | dict):
            if len(one) > LARGEST:
                return False
            waiting += one.values() if isinstance(one, dict) else one
    return True


def number(value: Any) -> float | None:
    """Return a number that is known, else None."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else None
