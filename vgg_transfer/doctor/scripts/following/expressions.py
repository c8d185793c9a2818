"""Expressions of a script: what they stand for, as far as that is plain."""

import ast
from collections.abc import Callable
from typing import Any

from vgg_transfer.doctor.scripts.following.calls import call_value
from vgg_transfer.doctor.scripts.following.comprehensions import comprehension
from vgg_transfer.doctor.scripts.following.operators import (
    binary,
    boolean,
    choice,
    comparison,
    unary,
)
from vgg_transfer.doctor.scripts.keras.names import LOOSE, resolve
from vgg_transfer.doctor.scripts.python.attributes import attribute
from vgg_transfer.doctor.scripts.python.iteration import bind, known_items
from vgg_transfer.doctor.scripts.python.subscripts import item
from vgg_transfer.doctor.scripts.story.layers import Used
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.calling import Call, Named
from vgg_transfer.doctor.scripts.values.scope import Function, Scope
from vgg_transfer.doctor.scripts.values.unknown import LARGEST, UNKNOWN, Unknown

YIELDED = "what the function yields"
"""The name under which a function of the script keeps what it yields: no name of Python's."""

_BUILTINS = frozenset(
    [
        "range",
        "len",
        "print",
        "enumerate",
        "zip",
        "list",
        "tuple",
        "dict",
        "int",
        "float",
        "str",
        "sum",
        "max",
        "min",
        "sorted",
        "abs",
        "round",
        "set",
        "isinstance",
        "reversed",
        "slice",
        "map",
        "filter",
        "any",
        "all",
        "type",
        "getattr",
        "setattr",
        "hasattr",
        "open",
        "super",
        "bool",
        "next",
        "iter",
        "input",
        "repr",
        "id",
        "vars",
        "dir",
        "format",
        "pow",
        "divmod",
        "callable",
    ]
)


def evaluate(scene: Scene, node: ast.expr | None, scope: Scope) -> Any:
    """Return what an expression stands for; unknown where that cannot be said."""
    if node is None:
        return None
    scene.step()
    reader = _READERS.get(type(node))
    if reader is None:
        return UNKNOWN
    return reader(scene, node, scope)


def _constant(scene: Scene, node: Any, scope: Scope) -> Any:
    return node.value


def _name(scene: Scene, node: Any, scope: Scope) -> Any:
    found = scope.find(node.id)
    if found is not None or scope.holds(node.id):
        return found
    if node.id in _BUILTINS:
        return Named(f"builtins.{node.id}")
    if (star := resolve(node.id, scene.stars)) is not None:
        return star
    if node.id in LOOSE:
        return Named(LOOSE[node.id])
    return scene.loose.setdefault(node.id, Unknown(node.id))


def _attribute(scene: Scene, node: Any, scope: Scope) -> Any:
    scene.line = node.lineno
    of = evaluate(scene, node.value, scope)
    found = attribute(scene, of, node.attr, node.lineno)
    if isinstance(found, Named):
        scene.tell(Used(node.lineno, found.path))
    return found


def _call(scene: Scene, node: Any, scope: Scope) -> Any:
    function = evaluate(scene, node.func, scope)
    given: list[Any] = []
    is_open = False
    for one in node.args:
        value = evaluate(scene, one.value if isinstance(one, ast.Starred) else one, scope)
        if not isinstance(one, ast.Starred):
            given.append(value)
        elif isinstance(value, list | tuple):
            given += value
        else:
            is_open = True
    named: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for keyword in node.keywords:
        value = evaluate(scene, keyword.value, scope)
        if keyword.arg is not None:
            named[keyword.arg] = value
            lines[keyword.arg] = keyword.value.lineno
        elif isinstance(value, dict):
            named |= {name: each for name, each in value.items() if isinstance(name, str)}
            is_open = is_open or UNKNOWN in value
        else:
            is_open = True
    scene.line = node.lineno
    call = Call("", node.lineno, tuple(given), named, lines, is_open)
    return call_value(scene, function, call)


def _sequence(scene: Scene, node: Any, scope: Scope) -> Any:
    values: list[Any] = []
    for one in node.elts:
        if isinstance(one, ast.Starred):
            inner = known_items(evaluate(scene, one.value, scope))
            if inner is None:
                return UNKNOWN
            values += inner
            if len(values) > LARGEST:
                return UNKNOWN
        else:
            values.append(evaluate(scene, one, scope))
    return tuple(values) if isinstance(node, ast.Tuple) else values


def _dictionary(scene: Scene, node: Any, scope: Scope) -> Any:
    found: dict[Any, Any] = {}
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = evaluate(scene, value_node, scope)
        if key_node is None:
            if not isinstance(value, dict):
                return UNKNOWN
            found |= value
            continue
        key = evaluate(scene, key_node, scope)
        if not isinstance(key, str | int | float | bool | type(None)):
            return UNKNOWN
        found[key] = value
    return found


def _text(scene: Scene, node: Any, scope: Scope) -> Any:
    parts = []
    for one in node.values:
        value = evaluate(
            scene, getattr(one, "value", one) if isinstance(one, ast.FormattedValue) else one, scope
        )
        if not isinstance(value, str | int | float):
            return Unknown("text")
        parts.append(str(value))
    text = "".join(parts)
    return text if len(text) <= LARGEST else Unknown("text")


def _subscript(scene: Scene, node: Any, scope: Scope) -> Any:
    of = evaluate(scene, node.value, scope)
    return item(scene, of, evaluate(scene, node.slice, scope), node)


def _slice(scene: Scene, node: Any, scope: Scope) -> Any:
    return slice(*(evaluate(scene, one, scope) for one in (node.lower, node.upper, node.step)))


def _function(scene: Scene, node: Any, scope: Scope) -> Any:
    return Function(node, scope)


def _walrus(scene: Scene, node: Any, scope: Scope) -> Any:
    value = evaluate(scene, node.value, scope)
    bind(node.target, value, scope)
    return value


def _inner(scene: Scene, node: Any, scope: Scope) -> Any:
    return evaluate(scene, node.value, scope)


def _yield(scene: Scene, node: Any, scope: Scope) -> Any:
    value = evaluate(scene, node.value, scope)
    yielded = scope.find(YIELDED)
    if isinstance(yielded, list):
        yielded.append(value)
    return UNKNOWN


_READERS: dict[type, Callable[[Scene, Any, Scope], Any]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.BinOp: binary,
    ast.UnaryOp: unary,
    ast.BoolOp: boolean,
    ast.Compare: comparison,
    ast.IfExp: choice,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Dict: _dictionary,
    ast.JoinedStr: _text,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.ListComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.SetComp: comprehension,
    ast.DictComp: comprehension,
    ast.Lambda: _function,
    ast.NamedExpr: _walrus,
    ast.Starred: _inner,
    ast.Await: _inner,
    ast.Yield: _yield,
}
