"""Numbers of a script, and those that remember how they came about."""

from typing import Any

from vgg_transfer.doctor.scripts.values.unknown import Unknown


class Divided(Unknown):
    """An unknown number divided, as ``images / batch_size``.

    Args:
        text: what is divided.
        by: what it is divided by, where it is a number.
    """

    def __init__(self, text: str, by: float | None) -> None:
        super().__init__(text)
        self.by = by

    def floored(self) -> "Floored":
        """Return it rounded down."""
        return Floored(self.text, self.by)


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


def number(value: Any) -> float | None:
    """Return a number that is known, else None."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else None
