"""What a name of a script may stand for besides Python's own numbers, texts, lists and dicts."""

from dataclasses import dataclass, field
from typing import Any

from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN


@dataclass(frozen=True)
class Named:
    """Something of a library, by its whole path: ``tensorflow.keras.layers.Dense``."""

    path: str


@dataclass(frozen=True, eq=False)
class Partial:
    """A function with some of its arguments: ``functools.partial``."""

    function: Any
    given: tuple[Any, ...]
    named: dict[str, Any]


@dataclass(frozen=True)
class Method:
    """A method of a value, not called yet."""

    of: Any
    name: str


@dataclass(frozen=True)
class Call:
    """A call of a library's function, with its arguments known as far as they are.

    Args:
        path: the function.
        line: where it is called.
        given: the arguments by place.
        named: the arguments by name.
        lines: where the arguments by name stand.
        open: whether there are arguments that nobody can see: ``*args``, ``**options``.
    """

    path: str
    line: int
    given: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    open: bool = False

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition(".")[2]

    def get(self, name: str, place: int | None = None, default: Any = None) -> Any:
        """Return an argument by name or place; unknown where it may be among the unseen ones."""
        if name in self.named:
            return self.named[name]
        if place is not None and place < len(self.given):
            return self.given[place]
        return UNKNOWN if self.open else default

    def line_of(self, *names: str) -> int:
        """Return where one of the arguments stands, else where the call does."""
        return next((self.lines[name] for name in names if name in self.lines), self.line)
