"""What models are compiled with: optimizers and losses, by their classes and by their names."""

from typing import Any

from vgg_transfer.doctor.scripts.keras.names import snake_case
from vgg_transfer.doctor.scripts.story.layers import Used
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.calling import Call, Named
from vgg_transfer.doctor.scripts.values.choices import Loss, Optimizer
from vgg_transfer.doctor.scripts.values.numbers import number
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN

_RATES = {"sgd": 0.01, "lion": 0.0001}
_USUAL_RATE = 0.001
_SHORT = {
    "cce": "categorical_crossentropy",
    "scce": "sparse_categorical_crossentropy",
    "bce": "binary_crossentropy",
    "mse": "mean_squared_error",
}


def optimizer_of(scene: Scene, call: Call) -> Optimizer:
    """Return an optimizer with its rate, also where the rate is Keras's default."""
    kind = call.name.lower()
    settings = dict(call.named)
    if kind in ("sgd", "rmsprop") and len(call.given) > 1 and "momentum" not in settings:
        settings["momentum" if kind == "sgd" else "rho"] = call.given[1]
    rate = call.get("learning_rate", 0, call.named.get("lr"))
    by_default = rate is None
    if by_default:
        rate = _RATES.get(kind, _USUAL_RATE)
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
    if isinstance(value, Named) and "optimizers" in value.path:
        value = value.path.rpartition(".")[2]
    if not isinstance(value, str):
        return None
    kind = value.lower()
    return Optimizer(kind, line, _RATES.get(kind, _USUAL_RATE), True)


def loss_named(value: Any, line: int) -> Loss | None:
    """Return the loss that ``compile`` is given, by its name too."""
    if isinstance(value, Loss):
        return value
    if isinstance(value, str):
        return Loss(_SHORT.get(value, snake_case(value)), line)
    if isinstance(value, Named) and ".losses." in value.path:
        return loss_named(value.path.rpartition(".")[2], line)
    return None
