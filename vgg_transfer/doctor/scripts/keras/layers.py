"""Layers as scripts ask for them, with their arguments by name, and functions that are layers."""

from typing import Any

from vgg_transfer.doctor.scripts.story.layers import Made, Used
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.calling import Call, Named
from vgg_transfer.doctor.scripts.values.networks import Layer, Tensor, layers_of
from vgg_transfer.doctor.scripts.values.scope import Function
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN

_PLACES: dict[str, tuple[str, ...]] = {
    "InputLayer": ("shape",),
    "Dense": ("units", "activation"),
    "Conv2D": ("filters", "kernel_size", "strides", "padding"),
    "Activation": ("activation",),
    "Dropout": ("rate",),
    "MaxPooling2D": ("pool_size", "strides"),
    "AveragePooling2D": ("pool_size", "strides"),
    "Rescaling": ("scale", "offset"),
    "Resizing": ("height", "width"),
    "Softmax": ("axis",),
    "Lambda": ("function",),
    "Reshape": ("target_shape",),
    "RandomFlip": ("mode",),
    "RandomRotation": ("factor",),
    "RandomZoom": ("height_factor", "width_factor"),
    "RandomTranslation": ("height_factor", "width_factor"),
    "RandomContrast": ("factor",),
    "RandomBrightness": ("factor",),
}
_OLD = {"output_dim": "units", "init": "kernel_initializer", "W_regularizer": "kernel_regularizer"}
_GONE = ("border_mode", "subsample", "nb_filter", "nb_row", "nb_col", "dim_ordering", "p", "bias")


def layer_of(scene: Scene, call: Call, kind: str) -> Any:
    """Return a layer; of ``Input`` its tensor, of ``Concatenate`` a layer like any other."""
    settings: dict[str, Any] = dict(zip(_PLACES.get(kind, ()), call.given, strict=False))
    for given, value in call.named.items():
        settings[_OLD.get(given, given)] = value
        if given in _OLD or given in _GONE:
            scene.tell(Used(call.lines.get(given, call.line), f"{given}=", "argument"))
    three = call.given[:3]
    if kind == "Conv2D" and len(three) == 3 and all(isinstance(one, int) for one in three):
        scene.tell(Used(call.line, f"{call.name}(n, rows, columns)", "argument"))
    if call.open:
        settings["**"] = UNKNOWN
    name = settings.get("name")
    layer = Layer(
        kind, call.line, settings, name if isinstance(name, str) else "", lines=call.lines
    )
    if isinstance(settings.get("activation"), Function):
        _of_activation(scene, settings, call.line)
    if settings.get("trainable") is False:
        layer.trainable = False
    scene.tell(Made(call.line, layer))
    if call.name == "Input":
        layer.tensor = Tensor(layer, (), call.line)
        return layer.tensor
    if kind == "Lambda":
        return _of_lambda(scene, layer)
    return layer


def _of_lambda(scene: Scene, layer: Layer) -> Layer:
    """A Lambda does what its function does to a tensor, where that is plain."""
    done = _done_by(scene, layer.settings.get("function"), layer.line)
    if len(done) == 1:
        layer.kind = done[0].kind
        layer.settings |= done[0].settings
    elif done and all("step" in one.settings for one in done):
        layer.kind = "Operation"
        layer.settings["steps"] = tuple(one.settings["step"] for one in done)
    return layer


def _of_activation(scene: Scene, settings: dict[str, Any], line: int) -> None:
    """An activation of the script's own is what its function does, where that is plain."""
    done = _done_by(scene, settings["activation"], line)
    plain = len(done) == 1 and done[0].kind == "Activation"
    settings |= done[0].settings if plain else {"activation": UNKNOWN}


def _done_by(scene: Scene, function: Any, line: int) -> list[Layer]:
    """Return what a function does to a tensor, as layers; nothing where that is not known."""
    start = Tensor(Layer("InputLayer", line), (), line)
    found = scene.call(function, start) if isinstance(function, Function | Named) else None
    return layers_of(found)[0][1:] if isinstance(found, Tensor) else []
