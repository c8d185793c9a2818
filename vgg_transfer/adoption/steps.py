"""Layers taken apart into the few things that a VGG does to an image, batch norm folded away."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vgg_transfer.adoption.chain import SILENT, Layer
from vgg_transfer.adoption.stored import Floats
from vgg_transfer.errors import AdoptionError


@dataclass(frozen=True)
class Step:
    """One thing that is done.

    ``kind``: ``scale`` (each channel times ``kernel``, plus ``bias``), ``flip`` (of colours),
    ``convolution``, ``dense``, ``halve``, ``average``, ``max``, ``flatten``, or the name of an
    activation.
    """

    kind: str
    layer: str
    kernel: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    bias: Floats = field(default_factory=lambda: np.zeros(0, np.float32))


def steps_of(layers: tuple[Layer, ...]) -> list[Step]:
    """Return what layers do to an image, in as few steps as there can be.

    Raises:
        AdoptionError: a layer does what a VGG does not, or batch norm cannot be folded away.
    """
    found: list[Step] = []
    padded = False
    for layer in layers:
        if layer.kind == "ZeroPadding2D":
            padded = True
            if _plain(layer.settings["padding"]) not in (1, [1, 1], [[1, 1], [1, 1]]):
                raise _unlike(layer, f"pads by {layer.settings['padding']}, and a VGG by 1")
            continue
        for step in _taken_apart(layer, padded):
            _add(found, step)
        padded = padded and layer.kind in SILENT
    return found


def _taken_apart(layer: Layer, padded: bool) -> Iterator[Step]:
    if layer.kind in SILENT or layer.kind == "Resizing":
        return
    yield _STEPS[layer.kind](layer, padded)
    activation = _activation(layer)
    if activation != "linear":
        yield Step(activation, layer.name)


def _activation(layer: Layer) -> str:
    if layer.kind not in ("Conv2D", "Dense"):
        return "linear"
    named = layer.settings.get("activation") or "linear"
    return named if isinstance(named, str) else str(named.get("class_name", named)).lower()


def _convolution(layer: Layer, padded: bool) -> Step:
    settings = layer.settings
    is_same = settings.get("padding", "valid") == "same"
    unusual = {
        name: settings[name]
        for name, usual in _CONVOLUTION.items()
        if name in settings and _plain(settings[name]) not in usual
    }
    if unusual:
        said = ", ".join(f"{name} {value}" for name, value in unusual.items())
        raise _unlike(layer, f"is a convolution with {said}")
    if is_same == padded:
        what = "padding that a layer before it has done" if padded else "no padding"
        raise _unlike(layer, f"is a convolution with {what}")
    kernel = _array(layer, "kernel", 4)
    return Step("convolution", layer.name, kernel, _bias(layer, kernel.shape[-1]))


_CONVOLUTION: Mapping[str, tuple[Any, ...]] = {
    "kernel_size": (3, [3, 3]),
    "strides": (1, [1, 1]),
    "dilation_rate": (1, [1, 1]),
    "groups": (1,),
}


def _plain(value: Any) -> Any:
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _dense(layer: Layer, _: bool) -> Step:
    kernel = _array(layer, "kernel", 2)
    return Step("dense", layer.name, kernel, _bias(layer, kernel.shape[-1]))


def _bias(layer: Layer, units: int) -> Floats:
    if "bias" not in layer.arrays:
        return np.zeros(units, np.float32)
    return _array(layer, "bias", 1)


def _array(layer: Layer, part: str, dimensions: int) -> Floats:
    value = layer.arrays.get(part)
    if value is None or value.ndim != dimensions:
        raise AdoptionError(
            f'the weights of its layer "{layer.name}" ({part}) are missing or of another form'
        )
    if not np.isfinite(value).all():
        raise AdoptionError(f'the weights of its layer "{layer.name}" are not all finite numbers')
    return value


def _halve(layer: Layer, _: bool) -> Step:
    settings = layer.settings
    strides = settings.get("strides") or settings["pool_size"]
    pooled = [_plain(one) for one in (settings["pool_size"], strides)]
    if any(one not in (2, [2, 2]) for one in pooled) or settings.get("padding") == "same":
        size, steps = pooled
        padding = settings.get("padding", "valid")
        raise _unlike(layer, f"pools by {size} in steps of {steps} ({padding}), and a VGG by 2")
    return Step("halve", layer.name)


def _norm(layer: Layer, _: bool) -> Step:
    mean, variance = _array(layer, "moving_mean", 1), _array(layer, "moving_variance", 1)
    scale = 1 / np.sqrt(variance + layer.settings.get("epsilon", 1e-3))
    if "gamma" in layer.arrays:
        scale = scale * _array(layer, "gamma", 1)
    shift = -mean * scale
    if "beta" in layer.arrays:
        shift = shift + _array(layer, "beta", 1)
    return Step("scale", layer.name, scale.astype(np.float32), shift.astype(np.float32))


def _normalization(layer: Layer, _: bool) -> Step:
    given = (layer.settings.get("mean"), layer.settings.get("variance"))
    mean, variance = (
        np.ravel(one if one is not None else layer.arrays[part])
        for one, part in zip(given, ("mean", "variance"), strict=True)
    )
    deviation = np.maximum(np.sqrt(variance), 1e-7)
    return Step("scale", layer.name, _three(1 / deviation), _three(-mean / deviation))


def _rescaling(layer: Layer, _: bool) -> Step:
    scale, offset = layer.settings.get("scale", 1.0), layer.settings.get("offset", 0.0)
    return Step("scale", layer.name, _three(scale), _three(offset))


def _three(value: Any) -> Floats:
    return np.broadcast_to(np.ravel(np.asarray(value, np.float32)), 3)


def _relu(layer: Layer, _: bool) -> Step:
    bent = [layer.settings.get(name) for name in ("max_value", "negative_slope", "threshold")]
    return Step("relu with a limit or a slope" if any(bent) else "relu", layer.name)


def _named(kind: str) -> Callable[[Layer, bool], Step]:
    return lambda layer, _: Step(kind, layer.name)


_STEPS: Mapping[str, Callable[[Layer, bool], Step]] = {
    "Conv2D": _convolution,
    "Dense": _dense,
    "MaxPooling2D": _halve,
    "BatchNormalization": _norm,
    "Normalization": _normalization,
    "Rescaling": _rescaling,
    "FlipColours": _named("flip"),
    "ScaleColours": _rescaling,
    "GlobalAveragePooling2D": _named("average"),
    "GlobalMaxPooling2D": _named("max"),
    "Flatten": _named("flatten"),
    "ReLU": _relu,
    "Softmax": _named("softmax"),
    "Activation": lambda layer, _: Step(str(layer.settings["activation"]), layer.name),
}


def _add(found: list[Step], step: Step) -> None:
    """Put a step behind others; what is linear behind what is linear becomes one with it."""
    last = found[-1] if found else None
    if step.kind == "linear" or (last and last.kind == step.kind == "relu"):
        return
    if step.kind == "flatten" and last and last.kind in ("average", "max"):
        return
    if step.kind == "scale" and last and last.kind in ("convolution", "dense", "scale"):
        found[-1] = Step(
            last.kind, last.layer, last.kernel * step.kernel, last.bias * step.kernel + step.bias
        )
        return
    if last and last.kind == "scale" and step.kind in ("average", "flatten"):
        # An average of what was scaled is the scaled average.
        found[-1:] = [step, last]
        return
    if last and step.kind == "dense" and last.kind in ("scale", "dense"):
        found[-1] = _behind(last, step)
        return
    found.append(step)


def _behind(last: Step, dense: Step) -> Step:
    """Return a dense layer that does what a linear step and a dense layer do."""
    rows = len(dense.kernel)
    if last.kind == "dense":
        kernel, bias = last.kernel @ dense.kernel, last.bias @ dense.kernel
    elif rows % len(last.kernel):
        raise AdoptionError(f'its layer "{dense.layer}" does not fit what comes before it')
    else:
        times = rows // len(last.kernel)  # of flattened channels each is there so many times
        kernel = np.tile(last.kernel, times)[:, None] * dense.kernel
        bias = np.tile(last.bias, times) @ dense.kernel
    return Step("dense", dense.layer, kernel, bias + dense.bias)


def _unlike(layer: Layer, what: str) -> AdoptionError:
    return AdoptionError(f'its layer "{layer.name}" {what}: only VGG16 and VGG19 are adopted')
