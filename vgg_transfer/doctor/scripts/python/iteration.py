"""What loops go over, and what their names stand for meanwhile."""

import ast
from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.scripts.values.batches import Batches, Ordered, Prediction
from vgg_transfer.doctor.scripts.values.labels import Labels
from vgg_transfer.doctor.scripts.values.scope import Scope
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Several, Unknown, is_known

_MOST_ITEMS = 200


def known_items(value: Any) -> list[Any] | None:
    """Return what a loop goes over, or None where that is unknown or far too long."""
    if isinstance(value, dict):
        value = list(value)
    if isinstance(value, range | list | tuple | str) and len(value) <= _MOST_ITEMS:
        return list(value)
    return None


def bind(target: ast.expr, value: Any, scope: Scope) -> None:
    """Let names stand for a value: of a loop, or of a comprehension."""
    if isinstance(target, ast.Name):
        plain = isinstance(value, Unknown) and not value.text
        scope.let(target.id, value.called(target.id, target.lineno) if plain else value)
    elif isinstance(target, ast.Starred):
        bind(target.value, UNKNOWN, scope)
    elif isinstance(target, ast.Tuple | ast.List):
        fits = isinstance(value, tuple | list) and len(value) == len(target.elts)
        for number, one in enumerate(target.elts):
            bind(one, value[number] if fits else UNKNOWN, scope)


def truth(value: Any) -> bool | None:
    """Return whether a value counts as true; None where it is unknown."""
    if isinstance(value, bool | int | float | str | type(None)):
        return bool(value)
    if isinstance(value, list | tuple | dict):
        return bool(value)
    return None


def counted_in(body: list[ast.stmt]) -> set[str]:
    """Return the names that statements set by what they were before: counters and sums."""
    found: set[str] = set()
    for one in (node for statement in body for node in ast.walk(statement)):
        if isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name):
            found.add(one.target.id)
        elif isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            name = one.targets[0].id
            parts = ast.walk(one.value)
            if any(isinstance(part, ast.Name) and part.id == name for part in parts):
                found.add(name)
    return found


def one_of(value: Any) -> Any:
    """Return one of the things that a loop goes over, where they are alike; else unknown."""
    if isinstance(value, Several):
        return value.of
    if isinstance(value, Prediction | Ordered):
        return value
    if isinstance(value, Batches):
        labels = value.labels
        return (
            value.pictures,
            Ordered(value) if labels is None else replace(labels, ordered=value),
        )
    return UNKNOWN


def together(values: list[Any]) -> Any:
    """Return what values of one place in a list have in common: whole numbers are labels."""
    first = values[0]
    if all(type(one) is int for one in values) and len(set(values)) > 1:
        return Labels(object(), 0, "integers", len(set(values)), min(values), max(values))
    if all(isinstance(one, tuple) and len(one) == len(first) for one in values) and len(values) > 1:
        return tuple(together([one[n] for one in values]) for n in range(len(first)))
    return UNKNOWN if is_known(first) and len(values) > 1 else first
