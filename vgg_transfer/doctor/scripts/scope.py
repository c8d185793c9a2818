"""What a script defines itself: names, functions, classes and their objects."""

import ast
from dataclasses import dataclass, field
from typing import Any

from vgg_transfer.doctor.scripts.values import Named


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
