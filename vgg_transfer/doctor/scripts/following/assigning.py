"""What is on the left of an assignment: names, attributes, items, and several of them."""

import ast
from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.scripts.python.attributes import set_attribute
from vgg_transfer.doctor.scripts.python.iteration import bind
from vgg_transfer.doctor.scripts.story.matching import match
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.alternatives import either
from vgg_transfer.doctor.scripts.values.labels import Labels
from vgg_transfer.doctor.scripts.values.networks import LayerList
from vgg_transfer.doctor.scripts.values.pictures import Pictures
from vgg_transfer.doctor.scripts.values.scope import Scope
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Unknown


def put(scene: Scene, target: ast.expr, value: Any, scope: Scope) -> None:
    """Let a target stand for a value."""
    if isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, tuple | list) and any(
            isinstance(one, ast.Starred) for one in target.elts
        ):
            value = _spread(target.elts, value)
        fits = isinstance(value, tuple | list) and len(value) == len(target.elts)
        for number, one in enumerate(target.elts):
            part = value[number] if fits else Unknown(together=target.lineno)
            put(scene, one, part, scope)
    elif isinstance(target, ast.Attribute):
        of = scene.value(target.value, scope)
        set_attribute(scene, of, target.attr, value, target.lineno)
    elif isinstance(target, ast.Subscript):
        of, key = scene.value(target.value, scope), scene.value(target.slice, scope)
        fits = isinstance(of, list) and isinstance(key, int) and -len(of) <= key < len(of)
        if fits or (isinstance(of, dict) and isinstance(key, str | int)):
            before = of[key] if isinstance(of, list) or key in of else UNKNOWN
            of[key] = either([value, before]) if scene.unsure else value
        elif isinstance(of, dict):
            of[UNKNOWN] = UNKNOWN  # It has more than is known.
        elif isinstance(of, Unknown) and of.text:
            # The columns of one table lie beside each other.
            columns = scene.columns.setdefault(of, [])
            match(scene, (*columns[-16:], value), target.lineno)
            columns.append(value)
    elif isinstance(target, ast.Starred):
        put(scene, target.value, value, scope)
    elif isinstance(target, ast.Name):
        scope.let(target.id, _called(value, target))
    else:
        bind(target, value, scope)


def _spread(targets: list[ast.expr], values: Any) -> list[Any]:
    """Return one value for each target, where one of them takes all that are left."""
    place = next(n for n, one in enumerate(targets) if isinstance(one, ast.Starred))
    after = len(targets) - place - 1
    end = len(values) - after
    return [*values[:place], list(values[place:end]), *values[end:]]


def _called(value: Any, target: ast.Name) -> Any:
    """Let arrays be called by the first name that they get."""
    if isinstance(value, LayerList):
        value.kept = True
    if isinstance(value, Pictures | Labels) and not value.name:
        return replace(value, name=target.id)
    if isinstance(value, Unknown) and not value.text:
        return value.called(target.id, target.lineno)
    return value
