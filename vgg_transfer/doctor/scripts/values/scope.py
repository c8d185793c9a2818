"""What a script defines itself: names, functions, classes and their objects."""

import ast
from dataclasses import dataclass, field
from typing import Any

from vgg_transfer.doctor.scripts.values.calling import Named


@dataclass(eq=False)
class Function:
    """A function of the script, with the names that it sees."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: "Scope"
    calls: int = 0
    bound: Any = None
    within: "Class | None" = None

    @property
    def is_property(self) -> bool:
        """Whether it is called without brackets."""
        return bool(self._decorators & {"property", "cached_property"})

    @property
    def _decorators(self) -> set[str]:
        found = getattr(self.node, "decorator_list", [])
        return {getattr(one, "attr", getattr(one, "id", "")) for one in found}

    def of(self, instance: Any, of: "Class") -> "Function":
        """Return it as the method of an object, or of a class where there is no object."""
        bound = instance
        if "staticmethod" in self._decorators:
            bound = None
        elif "classmethod" in self._decorators:
            bound = of
        return Function(self.node, self.scope, bound=bound, within=self.within)


@dataclass(eq=False)
class Class:
    """A class of the script."""

    node: ast.ClassDef
    scope: "Scope"
    bases: tuple[Any, ...] = ()
    methods: dict[str, Any] = field(default_factory=dict)
    made: int = 0

    @property
    def annotated(self) -> list[str]:
        """The names of a dataclass or a NamedTuple, in the order of its arguments."""
        above = [name for one in self.bases if isinstance(one, Class) for name in one.annotated]
        mine = [one.target for one in self.node.body if isinstance(one, ast.AnnAssign)]
        return [*above, *(one.id for one in mine if isinstance(one, ast.Name))]

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


@dataclass(frozen=True, eq=False)
class Super:
    """What ``super()`` gives in a method: an object as one of the classes above."""

    instance: Any
    below: Class

    def method(self, name: str) -> Any:
        """Return a method of the classes above; None where they are not of the script."""
        above = (one.method(name) for one in self.below.bases if isinstance(one, Class))
        found = next((one for one in above if one is not None), None)
        return found.of(self.instance, self.below) if isinstance(found, Function) else found


@dataclass(eq=False)
class Instance:
    """An object of a class of the script."""

    of: Class
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Scope:
    """Names and what they stand for; those that are not here are looked for outside.

    Args:
        names: what each stands for.
        outer: where others are looked for.
        outside: names that were declared ``global`` or ``nonlocal``.
        maybe: what a function may have returned where nobody knows whether it did.
    """

    names: dict[str, Any] = field(default_factory=dict)
    outer: "Scope | None" = None
    outside: frozenset[str] = frozenset()
    maybe: list[Any] = field(default_factory=list)

    def let(self, name: str, value: Any) -> None:
        """Let a name stand for a value; one that was declared global or nonlocal does so there."""
        scope = self
        if name in self.outside and self.outer is not None:
            scope = self.outer
            while name not in scope.names and scope.outer is not None:
                scope = scope.outer
        scope.names[name] = value

    def find(self, name: str) -> Any:
        """Return what a name stands for, or None where nothing was said."""
        scope = self._where(name)
        return None if scope is None else scope.names[name]

    def holds(self, name: str) -> bool:
        """Return whether a name stands for anything, be it None."""
        return self._where(name) is not None

    def _where(self, name: str) -> "Scope | None":
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope
