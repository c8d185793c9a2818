"""The layers behind a base as the head of a recipe."""

from typing import Any

from vgg_transfer.doctor.scripts.rules.ending import Ending, activation_of, ending_of
from vgg_transfer.doctor.scripts.story.models import Compiled
from vgg_transfer.doctor.scripts.values.networks import Layer, Model
from vgg_transfer.doctor.scripts.values.numbers import number
from vgg_transfer.recipe import Head

_POOLING = {
    "GlobalAveragePooling2D": "average",
    "GlobalMaxPooling2D": "max",
    "Flatten": "flatten",
}


def head_of(compiled: Compiled, left_out: list[str]) -> Head:
    """Return the head of a model; what no recipe has is added to ``left_out``."""
    model = compiled.model
    ending = ending_of(model)
    found: dict[str, Any] = {}
    layers = _behind(model)
    found["pooling"] = next(
        (_POOLING[one.kind] for one in layers if one.kind in _POOLING), "average"
    )
    hidden = [one for one in layers if one.kind == "Dense" and ending and one is not ending.layer]
    units = [one.settings.get("units") for one in hidden]
    found["dense"] = tuple(one for one in units if isinstance(one, int) and one > 0)
    left_out += [
        f"Dense of line {one.line}, whose units are unknown"
        for one in hidden
        if not isinstance(one.settings.get("units"), int)
    ]
    _activations(layers, hidden, found, left_out)
    dropouts = [number(one.settings.get("rate")) for one in layers if one.kind == "Dropout"]
    known = [one for one in dropouts if one is not None and 0 <= one < 1]
    if known:
        found["dropout"] = float(max(known))
    if len(set(dropouts)) > 1 or len(dropouts) > max(1, len(hidden)):
        left_out.append(
            "dropouts of several shares or places: the head has the largest behind each layer"
        )
    for layer in layers:
        given = layer.settings.get("kernel_regularizer")
        for name, amount in given.items() if isinstance(given, dict) else ():
            if number(amount):
                found[name] = float(amount)
        if layer.kind == "BatchNormalization" and found["dense"]:
            found["batch_norm"] = True
        if layer.kind not in (
            *_POOLING,
            "Dense",
            "Dropout",
            "BatchNormalization",
            "Activation",
            "Softmax",
        ):
            left_out.append(f"{layer.kind} of line {layer.line}")
    found |= _output(ending, compiled, left_out)
    return Head(**found)


def _behind(model: Model) -> list[Layer]:
    """Return the layers behind the base, its own pooling with them."""
    inside = [one for base in model.bases for one in base.layers if one.kind.startswith("Global")]
    return [*inside, *model.head]


def _activations(
    layers: list[Layer], hidden: list[Layer], found: dict[str, Any], left_out: list[str]
) -> None:
    kinds = set()
    for layer in hidden:
        after = layers[layers.index(layer) + 1 : layers.index(layer) + 3]
        apart = next((activation_of(one) for one in after if one.kind == "Activation"), None)
        apart = apart or next(("relu" for one in after if one.kind in ("ReLU", "LeakyReLU")), None)
        own = activation_of(layer)
        kinds.add(own if own != "linear" or apart is None else apart)
    if found["dense"] and kinds == {"linear"}:
        found["activation"] = "none"
    others = sorted(kinds - {"relu", "linear", ""})
    if others:
        left_out.append(f"activation {', '.join(others)}: a head has relu")


def _output(ending: Ending | None, compiled: Compiled, left_out: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if ending is not None and ending.activation in ("softmax", "sigmoid"):
        found["output"] = ending.activation
        if ending.activation == "sigmoid" and ending.units not in (1, None):
            left_out.append(f"sigmoid over {ending.units} units: a head has one, or softmax")
            found["output"] = "softmax"
        if ending.activation == "softmax" and ending.units == 1:
            left_out.append("softmax over one unit, which is 1 for every picture")
            found["output"] = "auto"
    smoothing = number(compiled.loss.settings.get("label_smoothing")) if compiled.loss else None
    if smoothing and 0 < smoothing < 1:
        found["label_smoothing"] = float(smoothing)
    if compiled.loss is not None and "focal" in compiled.loss.kind:
        found["loss"] = "focal"
    return found
