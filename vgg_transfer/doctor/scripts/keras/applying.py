"""Layers and models called on what goes through them, and what they do to pixels."""

from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.calling import Call
from vgg_transfer.doctor.scripts.values.kinds import AUGMENTING
from vgg_transfer.doctor.scripts.values.networks import Layer, Model, Tensor
from vgg_transfer.doctor.scripts.values.numbers import number
from vgg_transfer.doctor.scripts.values.pictures import Pictures, Step
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN


def as_layer(model: Model) -> Layer:
    """Return a model as the layer that it is inside another; always the same one."""
    wrapped = model.fields.get("__layer__")
    if not isinstance(wrapped, Layer):
        wrapped = Layer("Model", model.line, name=model.name, model=model)
        model.fields["__layer__"] = wrapped
    wrapped.trainable = model.trainable
    return wrapped


def apply_to(scene: Scene, layer: Layer | Model, call: Call) -> Any:
    """Return what a layer or a model makes of what it is called with."""
    given = call.get("inputs", 0)
    if isinstance(given, Pictures):
        return _on_pictures(layer, given, call.line)
    inputs = given if isinstance(given, list | tuple) else [given]
    tensors = tuple(one for one in inputs if isinstance(one, Tensor))
    if not tensors or len(tensors) != len(inputs):
        return UNKNOWN
    used = as_layer(layer) if isinstance(layer, Model) else layer
    if used.model is not None and used.model.uncertain and used.model.kind != "application":
        return UNKNOWN
    training = call.get("training", 1)
    used.tensor = Tensor(used, tensors, call.line, training)
    if used.model is not None:
        used.lines.setdefault("call", call.line)
        used.settings["training"] = training
    return used.tensor


def _on_pictures(layer: Layer | Model, pictures: Pictures, line: int) -> Any:
    """What layers in front of a model make of pixels: in a map over a data set."""
    layers = list(layer.all_layers) if isinstance(layer, Model) else [layer]
    for one in layers:
        if one.kind in AUGMENTING:
            pictures = replace(pictures, augmented=line)
        elif one.kind == "Rescaling":
            for step in _rescaling(one, line):
                pictures = pictures.done(step)
        elif one.kind == "Resizing":
            size = one.settings.get("height")
            pictures = replace(pictures, size=size if isinstance(size, int) else None)
        elif one.kind == "Preprocess":
            pictures = pictures.done(one.settings["step"])
        elif one.kind == "Normalization":
            pictures = pictures.done(Step("standardize", line))
        elif one.kind != "InputLayer":
            return UNKNOWN
    return pictures


def _rescaling(layer: Layer, line: int | None = None) -> tuple[Step, ...]:
    """Return what a Rescaling layer does to pixels."""
    scale, offset = number(layer.settings.get("scale")), number(layer.settings.get("offset", 0.0))
    where = layer.line if line is None else line
    if scale is None or offset is None:
        return (Step("other-numbers", where),)
    times = Step("times", where, scale)
    return (times, Step("plus", where, offset)) if offset else (times,)


def steps_before(model: Model) -> tuple[Step, ...]:
    """Return what a model itself does to pixels before its first weights."""
    found: list[Step] = []
    for layer in model.before:
        if layer.kind == "Rescaling":
            found += _rescaling(layer)
        elif "steps" in layer.settings:
            found += layer.settings["steps"]
        elif "step" in layer.settings:
            found.append(layer.settings["step"])
        elif layer.kind in ("Operation", "Lambda"):
            found.append(Step("other-numbers", layer.line))
        elif layer.kind == "Normalization":
            found.append(Step("standardize", layer.line))
    return tuple(found)
