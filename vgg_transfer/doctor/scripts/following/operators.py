"""Operators of a script, on expressions that are read first."""

import ast
import operator
from collections.abc import Callable
from typing import Any

from vgg_transfer.doctor.scripts.python.arithmetic import combine, compare
from vgg_transfer.doctor.scripts.python.iteration import truth
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.alternatives import either
from vgg_transfer.doctor.scripts.values.scope import Scope
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN


def binary(scene: Scene, node: Any, scope: Scope) -> Any:
    """Return what an operator between two expressions gives."""
    left, right = scene.value(node.left, scope), scene.value(node.right, scope)
    return combine(node.op, left, right, node.lineno)


_UNARY: dict[type, Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}


def unary(scene: Scene, node: Any, scope: Scope) -> Any:
    """Return what an operator before an expression gives."""
    value = scene.value(node.operand, scope)
    if isinstance(node.op, ast.Not):
        known = truth(value)
        return UNKNOWN if known is None else not known
    if isinstance(value, int | float):
        try:
            return _UNARY[type(node.op)](value)
        except TypeError:
            return UNKNOWN
    return UNKNOWN


def boolean(scene: Scene, node: Any, scope: Scope) -> Any:
    """Return what ``and`` or ``or`` gives, as far as it is known."""
    value: Any = UNKNOWN
    for one in node.values:
        value = scene.value(one, scope)
        known = truth(value)
        if known is None:
            return UNKNOWN
        if known is isinstance(node.op, ast.Or):
            return value
    return value


def comparison(scene: Scene, node: Any, scope: Scope) -> Any:
    """Return what a comparison, or a chain of them, gives."""
    left = scene.value(node.left, scope)
    found: Any = True
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = scene.value(right_node, scope)
        found = compare(scene, op, left, right, node.lineno)
        if found is not True:
            return found
        left = right
    return found


def choice(scene: Scene, node: Any, scope: Scope) -> Any:
    """Return what ``a if test else b`` gives; unknown where it may be either."""
    known = truth(scene.value(node.test, scope))
    if known is not None:
        return scene.value(node.body if known else node.orelse, scope)
    first, second = scene.value(node.body, scope), scene.value(node.orelse, scope)
    return either([first, second])
