"""Functions of a script: their arguments, and how they are left."""

import ast
from typing import Any

from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.scope import Function, Scope
from vgg_transfer.doctor.scripts.values.unknown import Unknown


class Left(Exception):  # noqa: N818 - what happened, and no fault
    """A loop is left, or begins again."""


class Returned(Exception):  # noqa: N818 - what happened, and no fault
    """A function is left, with what it returns."""

    def __init__(self, value: Any) -> None:
        self.value = value


def yields(scene: Scene, function: Function) -> bool:
    """Return whether a function is a generator of Python's."""
    known = scene.yields.get(id(function.node))
    if known is None:
        known = any(isinstance(one, ast.Yield) for one in ast.walk(function.node))
        scene.yields[id(function.node)] = known
    return known


def bind_arguments(
    scene: Scene, function: Function, given: list[Any], named: dict[str, Any], scope: Scope
) -> None:
    """Let a function's names stand for its arguments, or for its defaults."""
    arguments = function.node.args
    places = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    values = dict(zip(places, given, strict=False))
    defaults = dict(zip(reversed(places), reversed(arguments.defaults), strict=False))
    defaults |= {
        one.arg: default
        for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    }
    for name in (*places, *(one.arg for one in arguments.kwonlyargs)):
        if name in named:
            scope.names[name] = named[name]
        elif name in values:
            scope.names[name] = values[name]
        elif name in defaults:
            scope.names[name] = scene.value(defaults[name], function.scope)
        else:
            scope.names[name] = Unknown(name)
    if arguments.vararg:
        scope.names[arguments.vararg.arg] = tuple(given[len(places) :])
    if arguments.kwarg:
        known = {*places, *(one.arg for one in arguments.kwonlyargs)}
        scope.names[arguments.kwarg.arg] = {k: v for k, v in named.items() if k not in known}
