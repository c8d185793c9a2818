"""What is done with a model: compiled, fitted, judged, asked."""

from typing import Any

from vgg_transfer.doctor.scripts.data.generators import paired
from vgg_transfer.doctor.scripts.keras.compiling import loss_named, optimizer_named
from vgg_transfer.doctor.scripts.keras.learning import effective, own
from vgg_transfer.doctor.scripts.story.layers import Used
from vgg_transfer.doctor.scripts.story.models import Asked, Compiled, Fitted
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.batches import Batches, Prediction
from vgg_transfer.doctor.scripts.values.calling import Call, Named
from vgg_transfer.doctor.scripts.values.choices import Callback
from vgg_transfer.doctor.scripts.values.networks import Model
from vgg_transfer.doctor.scripts.values.scope import Function
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Unknown

FITTING = frozenset(
    [
        "compile",
        "fit",
        "fit_generator",
        "evaluate",
        "evaluate_generator",
        "predict",
        "predict_generator",
        "predict_classes",
        "predict_proba",
    ]
)
"""The methods of a model that are told."""

_FIT = (
    "x",
    "y",
    "batch_size",
    "epochs",
    "verbose",
    "callbacks",
    "validation_split",
    "validation_data",
)
_FIT_GENERATOR = (
    *("x", "steps_per_epoch", "epochs", "verbose", "callbacks", "validation_data"),
    *("validation_steps", "class_weight"),
)
_OLD_NAMES = {"generator": "x", "nb_epoch": "epochs"}


def fitting(scene: Scene, model: Model, name: str, call: Call) -> Any:
    """Tell that a model is compiled, fitted, judged or asked."""
    if name.endswith(("_generator", "_classes", "_proba")):
        scene.tell(Used(call.line, f".{name}", "method"))
    for old in ("workers", "use_multiprocessing", "max_queue_size"):
        if old in call.named and not name.endswith("_generator"):
            scene.tell(Used(call.lines.get(old, call.line), f"{old}=", "argument"))
    if name == "compile":
        return _compile(scene, model, call)
    if name.startswith("fit"):
        return _fit(scene, model, name, call)
    return _ask(scene, model, name, call)


def _compile(scene: Scene, model: Model, call: Call) -> None:
    given = call.get("optimizer", 0, "rmsprop")
    loss = call.get("loss", 1)
    if isinstance(loss, Function):
        loss = scene.run(loss, [Unknown("y_true"), Unknown("y_pred")])
    metrics = call.get("metrics", 2)
    if len(call.given) > 2 and _are_names(metrics):
        scene.tell(Used(call.line, "compile(…, …, metrics)", "argument"))
    if isinstance(metrics, str):
        metrics = [metrics]
    compiled = Compiled(
        call.line,
        model,
        optimizer_named(given, call.line_of("optimizer")),
        loss_named(loss, call.line_of("loss")),
        tuple(metrics) if isinstance(metrics, list | tuple) else (),
        call.line_of("metrics"),
        effective(model),
        not scene.unsure,
        own(model),
    )
    model.compiled = compiled
    scene.tell(compiled)


def _are_names(value: Any) -> bool:
    """Return whether a value is metrics: no weights of losses, which are numbers."""
    several = value if isinstance(value, list | tuple) else [value]
    return bool(several) and all(isinstance(one, str | Named) for one in several)


def _fit(scene: Scene, model: Model, name: str, call: Call) -> Any:
    settings, lines = _settings(scene, name, call)
    epochs = settings.get("epochs", UNKNOWN if call.open else 1)
    begun = settings.get("initial_epoch", 0)
    if isinstance(epochs, int):  # they are counted from the first training on
        epochs = epochs - begun if isinstance(begun, int) and begun < epochs else UNKNOWN
    fitted = Fitted(
        call.line,
        model,
        _data(settings, call.line),
        _validation(settings, lines),
        epochs if isinstance(epochs, int) else None,
        _callbacks(settings.get("callbacks", UNKNOWN if call.open else None)),
        model.compiled,
        effective(model),
        settings,
        lines,
        not scene.unsure,
        own(model),
        scene.statement,
    )
    if fitted.compiled is not None and not fitted.compiled.begun:
        fitted.compiled.begin(fitted)
    scene.tell(fitted)
    return Unknown("history")


def _settings(scene: Scene, name: str, call: Call) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the arguments of a training by the names that they have today, and their lines."""
    places = _FIT_GENERATOR if name == "fit_generator" else _FIT
    settings = dict(zip(places, call.given, strict=False))
    lines = dict.fromkeys(settings, call.line)
    for key, value in call.named.items():
        settings[_OLD_NAMES.get(key, key)] = value
        lines[_OLD_NAMES.get(key, key)] = call.lines.get(key, call.line)
    for old in ("nb_epoch", "samples_per_epoch", "nb_val_samples"):
        if old in call.named:
            scene.tell(Used(call.lines.get(old, call.line), f"{old}=", "argument"))
    if call.open:
        settings["**"] = UNKNOWN
    return settings, lines


def _data(settings: dict[str, Any], line: int) -> Any:
    """Return what is learnt from, as batches where it is known."""
    data = settings.get("x", UNKNOWN)
    if isinstance(data, tuple | list) and len(data) == 2:
        return paired(data[0], data[1], line)
    if isinstance(data, Batches):
        return data
    known = not isinstance(data, Unknown) or data.text
    return paired(data, settings.get("y"), line) if known else UNKNOWN


def _validation(settings: dict[str, Any], lines: dict[str, int]) -> Any:
    """Return what is validated with, as batches where it is known; None where there is nothing."""
    given = settings.get("validation_data")
    if isinstance(given, tuple | list) and len(given) >= 2:
        return paired(given[0], given[1], lines["validation_data"])
    if isinstance(given, Unknown) and given.text:
        return paired(given, None, lines["validation_data"])
    return given


def _callbacks(given: Any) -> tuple[Callback, ...] | None:
    """Return the callbacks that are known; None where there may be others."""
    if given is None:
        return ()
    if isinstance(given, Callback):
        return (given,)
    if not isinstance(given, list | tuple):
        return None
    return tuple(one for one in given if isinstance(one, Callback))


def _ask(scene: Scene, model: Model, name: str, call: Call) -> Any:
    what = "evaluate" if name.startswith("evaluate") else "predict"
    given = call.get("x", 0, call.get("generator", default=UNKNOWN))
    labels = call.get("y", 1) if what == "evaluate" else None
    if isinstance(given, tuple | list) and len(given) == 2 and what == "evaluate":
        given, labels = given
    known = not isinstance(given, Unknown) or given.text
    data = (
        given
        if isinstance(given, Batches)
        else paired(given, labels, call.line)
        if known
        else UNKNOWN
    )
    steps = call.get("steps", default=None)
    asked = Asked(call.line, what, model, data, steps, call.line_of("steps"))
    scene.tell(asked)
    return Prediction(asked) if what == "predict" else Unknown("scores")
