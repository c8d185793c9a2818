"""What operators make of values: numbers are computed, and of pixels it is noted what was done."""

import ast
import operator
from collections.abc import Callable
from typing import Any

from vgg_transfer.doctor.scripts.python.texts import percent
from vgg_transfer.doctor.scripts.story.matching import match
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.batches import Ordered, Prediction
from vgg_transfer.doctor.scripts.values.calling import Named
from vgg_transfer.doctor.scripts.values.labels import Labels
from vgg_transfer.doctor.scripts.values.networks import Layer, Tensor
from vgg_transfer.doctor.scripts.values.numbers import Divided, Floored, Quotient, number
from vgg_transfer.doctor.scripts.values.pictures import Pictures, Step, unseen
from vgg_transfer.doctor.scripts.values.unknown import LARGEST, UNKNOWN, Unknown, is_known

_NUMBERS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARISONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_LARGEST = 1e12
_ROWS = (Labels, Ordered, Prediction)
_PLAIN = (str, int, float, bool, tuple, list)


def combine(op: ast.operator, left: Any, right: Any, line: int) -> Any:
    """Return what an operator makes of two values."""
    first, second = number(left), number(right)
    if first is not None and second is not None:
        if (
            isinstance(op, ast.FloorDiv)
            and isinstance(left, int)
            and isinstance(right, int)
            and right
        ):
            return Quotient(left, right)
        return _computed(op, first, second)
    if (found := _put_together(op, left, right)) is not None:
        return found
    if isinstance(left, Labels):
        return _labels(op, left, second, line)
    if isinstance(left, Pictures):
        return left.done(_step(op, second, right, line))
    if isinstance(right, Pictures) and first is not None and isinstance(op, ast.Mult | ast.Add):
        return right.done(_step(op, first, left, line))
    if isinstance(left, Tensor):
        return _tensor(_step(op, second, right, line), left, right, line)
    if isinstance(right, Tensor) and isinstance(op, ast.Mult | ast.Add):
        return _tensor(_step(op, first, left, line), right, left, line)
    if isinstance(left, Prediction):
        return left
    if isinstance(left, Unknown) and isinstance(op, ast.FloorDiv):
        return Floored(left.text, second)
    if isinstance(left, Unknown) and left.text and isinstance(op, ast.Div):
        if second in (255, 127.5):  # An unknown array that is divided by these holds pixels.
            return unseen(left, line).done(_step(op, second, None, line))
        return Divided(left.text, second)
    return UNKNOWN


def _put_together(op: ast.operator, left: Any, right: Any) -> Any:
    """Return what an operator makes of texts, lists, tuples, dicts and paths; None of others."""
    if isinstance(op, ast.Add) and isinstance(left, list) and isinstance(right, _ROWS):
        return [*left, right]  # As many as there are: one stands for all.
    if isinstance(op, ast.BitOr) and isinstance(left, dict) and isinstance(right, dict):
        return left | right
    alike = type(left) is type(right) and isinstance(left, str | list | tuple)
    if isinstance(op, ast.Add) and alike:
        return left + right if len(left) + len(right) <= LARGEST else UNKNOWN
    if isinstance(op, ast.Mult) and isinstance(left, list | tuple) and isinstance(right, int):
        return left * right if 0 <= len(left) * right <= LARGEST else UNKNOWN
    if isinstance(op, ast.Mod) and isinstance(left, str):
        return percent(left, right)
    if isinstance(op, ast.Div) and isinstance(left, str | Unknown) and isinstance(right, str):
        text = f"{left if isinstance(left, str) else left.text}/{right}"
        if len(text) > LARGEST:
            return UNKNOWN
        return text if isinstance(left, str) else Unknown(text)
    return None


def compare(scene: Scene, op: ast.cmpop, left: Any, right: Any, line: int) -> Any:
    """Return what a comparison gives; unknown where it cannot be said."""
    match(scene, (left, right), line)
    if isinstance(left, Prediction):
        return left
    if isinstance(op, ast.Is | ast.IsNot) and (left is None or right is None):
        either = right if left is None else left
        if isinstance(either, Unknown):
            return UNKNOWN
        same = left is right
        return same if isinstance(op, ast.Is) else not same
    if isinstance(op, ast.In | ast.NotIn):
        if (
            not is_known(left)
            or not isinstance(right, str | list | tuple | dict)
            or not is_known(right)
        ):
            return UNKNOWN
        try:
            inside = left in right
        except TypeError:
            return UNKNOWN
        return inside if isinstance(op, ast.In) else not inside
    reader = _COMPARISONS.get(type(op))
    if reader and isinstance(left, _PLAIN) and isinstance(right, _PLAIN):
        if not (is_known(left) and is_known(right)):
            return UNKNOWN
        try:
            return reader(left, right)
        except TypeError:
            return UNKNOWN
    return UNKNOWN


def _computed(op: ast.operator, left: float, right: float) -> Any:
    reader = _NUMBERS.get(type(op))
    if reader is None or (isinstance(op, ast.Pow) and abs(right) > 64):
        return UNKNOWN
    try:
        found = reader(left, right)
    except (ZeroDivisionError, OverflowError, ValueError):
        return UNKNOWN
    small = isinstance(found, int | float) and abs(found) < _LARGEST
    return found if small else UNKNOWN


def _step(op: ast.operator, amount: float | None, other: Any, line: int) -> Step:
    """Return what an operator with a number does to pixels."""
    if amount is None and isinstance(op, ast.Div | ast.Sub):
        several = isinstance(other, Named | Unknown | list | tuple)
        kind = "centre" if isinstance(op, ast.Sub) else "spread"
        return Step(kind if several else "other-numbers", line)
    if amount is None:
        return Step("other-numbers", line)
    if isinstance(op, ast.Div | ast.FloorDiv):
        return Step("times", line, 1 / amount if amount else None)
    if isinstance(op, ast.Mult):
        return Step("times", line, amount)
    if isinstance(op, ast.Add | ast.Sub):
        return Step("plus", line, amount if isinstance(op, ast.Add) else -amount)
    return Step("other-numbers", line)


def _labels(op: ast.operator, labels: Labels, amount: float | None, line: int) -> Any:
    if labels.form == "integers" and amount is not None and isinstance(op, ast.Add | ast.Sub):
        moved = int(amount) if isinstance(op, ast.Add) else -int(amount)
        lowest = None if labels.lowest is None else labels.lowest + moved
        return Labels(labels.origin, line, "integers", labels.classes, lowest, name=labels.name)
    return Labels(labels.origin, line, name=labels.name)


def _tensor(step: Step, tensor: Tensor, other: Any, line: int) -> Tensor:
    layer = Layer("Operation", line, {"step": step})
    inputs = (tensor, other) if isinstance(other, Tensor) else (tensor,)
    return Tensor(layer, inputs, line)
