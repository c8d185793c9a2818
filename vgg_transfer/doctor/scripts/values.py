"""What a name of a script may stand for: what is unknown is a value too, and says so.

Numbers, texts, lists, tuples and dicts of the script are Python's own. All else is one of these.
"""

import ast
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Named:
    """Something of a library, by its whole path: ``tensorflow.keras.layers.Dense``."""

    path: str


@dataclass(eq=False)
class Function:
    """A function of the script, with the names that it sees."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: "Scope"
    calls: int = 0
    bound: Any = None


@dataclass(eq=False)
class Class:
    """A class of the script."""

    node: ast.ClassDef
    scope: "Scope"
    bases: tuple[Any, ...] = ()
    methods: dict[str, Any] = field(default_factory=dict)
    made: int = 0

    def method(self, name: str) -> Any:
        """Return a method or a value of the class, or of the script's classes that it extends."""
        if name in self.methods:
            return self.methods[name]
        above = (one.method(name) for one in self.bases if isinstance(one, Class))
        return next((one for one in above if one is not None), None)

    @property
    def library_base(self) -> str:
        """The last part of the path of a library's class that it extends; empty for none."""
        for base in self.bases:
            if isinstance(base, Named):
                return base.path.rpartition(".")[2]
            if isinstance(base, Class) and base.library_base:
                return base.library_base
        return ""


@dataclass(eq=False)
class Instance:
    """An object of a class of the script."""

    of: Class
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Several:
    """Nobody knows how many of a thing."""

    of: Any


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


@dataclass(eq=False)
class Scope:
    """Names and what they stand for; those that are not here are looked for outside."""

    names: dict[str, Any] = field(default_factory=dict)
    outer: "Scope | None" = None

    def find(self, name: str) -> Any:
        """Return what a name stands for, or None where nothing was said."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None


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
