"""Lists, sets and dicts that are made by a loop in one expression."""

import ast
from typing import Any

from vgg_transfer.doctor.scripts.python.iteration import bind, known_items, one_of, together, truth
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.batches import Ordered, Prediction
from vgg_transfer.doctor.scripts.values.labels import Labels
from vgg_transfer.doctor.scripts.values.networks import Layer, Model
from vgg_transfer.doctor.scripts.values.scope import Scope
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Several


def comprehension(scene: Scene, node: Any, scope: Scope) -> Any:
    """Return what a comprehension makes: a list, a dict, or several of a thing."""
    inner = Scope(outer=scope)
    first = node.generators[0]
    items = known_items(scene.value(first.iter, scope))
    plain = len(node.generators) == 1 and items is not None
    found: list[Any] = []
    pairs: list[tuple[Any, Any]] = []
    for one in items if items is not None else [_one_of(scene, first, scope)]:
        bind(first.target, one, inner)
        for more in node.generators[1:]:
            bind(more.target, _one_of(scene, more, inner), inner)
        tests = [truth(scene.value(test, inner)) for test in first.ifs]
        if False in tests:
            continue
        if None in tests:
            plain = False
            _may_be_left_out(first.target, one, inner)
        if isinstance(node, ast.DictComp):
            pairs.append((scene.value(node.key, inner), scene.value(node.value, inner)))
        else:
            found.append(scene.value(node.elt, inner))
    if isinstance(node, ast.DictComp):
        return _dictionary_of(pairs, plain)
    if plain:
        return found
    return Several(together(found)) if found else UNKNOWN


def _may_be_left_out(target: ast.expr, value: Any, scope: Scope) -> None:
    """Of layers that may be left out nobody knows which are meant, of answers whose they are."""
    if isinstance(value, Layer | Model | Prediction | Ordered):
        bind(target, UNKNOWN, scope)


def _dictionary_of(pairs: list[tuple[Any, Any]], plain: bool) -> Any:
    if plain and all(isinstance(key, str | int) for key, _ in pairs):
        return dict(pairs)
    return Several(pairs[0][1]) if pairs and isinstance(pairs[0][1], Labels) else UNKNOWN


def _one_of(scene: Scene, generator: ast.comprehension, scope: Scope) -> Any:
    return one_of(scene.value(generator.iter, scope))
