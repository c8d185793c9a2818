"""What cannot be known is a value too; so is a thing of which there are nobody knows how many."""

from dataclasses import dataclass
from typing import Any

LARGEST = 1000
"""How many parts a value may have, and how many letters a text, to be followed."""


class Unknown:
    """A value that cannot be known; two uses of one name have the same one.

    Args:
        text: what it is called in the script; empty for what has no name.
        together: what it has in common with others that are alike: they got their names at one
            line, or were read from files in the same way; None where nobody knows.
        whole: the unknown array that it is a part of.
        key: which part of it.
    """

    def __init__(
        self,
        text: str = "",
        together: Any = None,
        whole: "Unknown | None" = None,
        key: Any = None,
    ) -> None:
        self.text = text
        self.together = together
        self.whole = whole
        self.key = key

    def called(self, name: str, line: int) -> "Unknown":
        """Return the same unknown value under a name that it gets at a line."""
        return Unknown(name, self.together or line, self.whole, self.key)

    def __repr__(self) -> str:
        return f"Unknown({self.text!r})"


@dataclass(frozen=True, eq=False)
class Several:
    """Nobody knows how many of a thing."""

    of: Any


UNKNOWN = Unknown()
"""What nobody knows anything of."""


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
