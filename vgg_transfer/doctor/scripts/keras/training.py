"""Layers, optimizers and models as scripts ask for them, with their arguments by name."""

from typing import Any

from vgg_transfer.doctor.scripts.keras.names import snake_case
from vgg_transfer.doctor.scripts.story.layers import Made, Used
from vgg_transfer.doctor.scripts.story.matching import match
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.calling import Call, Named
from vgg_transfer.doctor.scripts.values.choices import Loss, Optimizer
from vgg_transfer.doctor.scripts.values.networks import Layer, Model, Tensor, layers_of
from vgg_transfer.doctor.scripts.values.numbers import number
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
_RATES = {"sgd": 0.01, "adadelta": 0.001, "ftrl": 0.001, "lion": 0.0001}
_KINDS = {
    "Adam": "adam",
    "AdamW": "adamw",
    "SGD": "sgd",
    "RMSprop": "rmsprop",
}


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


def optimizer_of(scene: Scene, call: Call) -> Optimizer:
    """Return an optimizer with its rate, also where the rate is Keras's default."""
    kind = _KINDS.get(call.name, call.name.lower())
    settings = dict(call.named)
    if kind in ("sgd", "rmsprop") and len(call.given) > 1 and "momentum" not in settings:
        settings["momentum" if kind == "sgd" else "rho"] = call.given[1]
    rate = call.get("learning_rate", 0, call.named.get("lr"))
    by_default = rate is None
    if by_default:
        rate = _RATES.get(kind, 0.001)
    if "lr" in call.named:
        scene.tell(Used(call.lines.get("lr", call.line), "lr=", "argument"))
    if "decay" in call.named:
        scene.tell(Used(call.lines.get("decay", call.line), "decay=", "argument"))
    if number(rate) is None:
        rate = UNKNOWN
    return Optimizer(kind, call.line, rate, by_default, settings, call.lines)


def optimizer_named(value: Any, line: int) -> Optimizer | None:
    """Return the optimizer that ``compile`` is given, by its name too."""
    if isinstance(value, Optimizer):
        return value
    if isinstance(value, str):
        kind = value.lower()
        return Optimizer(kind, line, _RATES.get(kind, 0.001), True)
    if isinstance(value, Named) and "optimizers" in value.path:
        kind = value.path.rpartition(".")[2].lower()
        return Optimizer(kind, line, _RATES.get(kind, 0.001), True)
    return None


_SHORT = {
    "cce": "categorical_crossentropy",
    "scce": "sparse_categorical_crossentropy",
    "bce": "binary_crossentropy",
    "mse": "mean_squared_error",
}


def loss_named(value: Any, line: int) -> Loss | None:
    """Return the loss that ``compile`` is given, by its name too."""
    if isinstance(value, Loss):
        return value
    if isinstance(value, str):
        return Loss(_SHORT.get(value, snake_case(value)), line)
    if isinstance(value, Named) and ".losses." in value.path:
        return loss_named(value.path.rpartition(".")[2], line)
    return None


def clone_of(scene: Scene, call: Call) -> Any:
    """Return a model that was cloned: its weights are others, so nothing is said of it."""
    match(scene, call.given, call.line)
    return Model("loaded", call.line, opaque=True, uncertain=True)
