"""Operations that people build into a model before its first layer: scaling, and colours turned.

``preprocess_input`` of Keras is made of such, and so is ``inputs / 255``. Keras 3 describes each
as a layer of its own (``Add``), Keras 2 as a ``TFOpLambda`` with the name of a function.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from vgg_transfer.errors import AdoptionError
from vgg_transfer.words import excerpt

Description = Mapping[str, Any]

_SIGNS = {"Add": 1.0, "Subtract": -1.0}
_POWERS = {"Multiply": 1.0, "TrueDivide": -1.0, "Divide": -1.0}
# The functions of Keras 2 by the last part of their name.
_FUNCTIONS = {
    **{"bias_add": "Add", "add": "Add", "subtract": "Subtract", "sub": "Subtract"},
    **{"multiply": "Multiply", "mul": "Multiply", "truediv": "TrueDivide", "divide": "Divide"},
}
OPERATIONS = frozenset((*_SIGNS, *_POWERS, "GetItem", "Stack", "SlicingOpLambda", "TFOpLambda"))


def as_layer(one: Description, taken: list[Description]) -> Description:
    """Return the layer that an operation amounts to: ``FlipColours`` or ``ScaleColours``.

    Args:
        one: the operation.
        taken: what it takes its inputs from.

    Raises:
        AdoptionError: it does something else.
    """
    kind, name = one["class_name"], one["name"]
    if kind == "Stack" and [_colour(each) for each in taken] == [2, 1, 0]:
        return {"class_name": "FlipColours", "name": name, "config": {}}
    if kind == "SlicingOpLambda" and "'step': -1" in str(one["inbound_nodes"]):
        return {"class_name": "FlipColours", "name": name, "config": {}}
    if kind == "TFOpLambda":
        kind = _FUNCTIONS.get(str(one["config"].get("function")).rpartition(".")[2], kind)
    numbers = list(_numbers(_constants(one["inbound_nodes"][0])))
    if kind in {*_SIGNS, *_POWERS} and len(numbers) in (1, 3):
        scale, offset = [1.0], [0.0]
        if kind in _SIGNS:
            offset = [_SIGNS[kind] * number for number in numbers]
        else:
            scale = [number ** _POWERS[kind] for number in numbers]
        config = {"scale": scale, "offset": offset}
        return {"class_name": "ScaleColours", "name": name, "config": config}
    raise AdoptionError(
        f'its layer "{excerpt(str(name))}" is an operation ({excerpt(str(kind))}) that neither '
        "scales pixels nor turns their colours round: take it out of the model, then save and "
        "adopt it again"
    )


def _colour(layer: Description) -> int | None:
    """Return which colour is taken out of an image, where that is all that is done."""
    if layer["class_name"] != "GetItem":
        return None
    taken = layer["inbound_nodes"][0]["args"][1]
    return int(taken[1]) if len(taken) == 2 and isinstance(taken[1], int) else None


def _constants(node: Any) -> Any:
    """Return what stands behind the image in an operation: not where it stands before it."""
    if isinstance(node, Mapping):  # Keras 3
        first, *others = node["args"]
        return others if isinstance(first, Mapping) and "keras_history" in str(first) else []
    settings = node[0][3]
    return [settings.get("y"), settings.get("bias")]


def _numbers(nested: Any) -> Iterator[float]:
    if isinstance(nested, Mapping):
        yield from _numbers(nested.get("config", {}).get("value"))
    elif isinstance(nested, list):
        for value in nested:
            yield from _numbers(value)
    elif isinstance(nested, int | float) and not isinstance(nested, bool):
        yield float(nested)
