"""What functions and classes of libraries give, by their paths."""

from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.scripts.data.arrays import of_arrays
from vgg_transfer.doctor.scripts.data.generators import of_data
from vgg_transfer.doctor.scripts.data.paths import is_refused, of_files
from vgg_transfer.doctor.scripts.data.preprocessing import preprocessed_pixels
from vgg_transfer.doctor.scripts.keras.applications import APPLICATIONS, build
from vgg_transfer.doctor.scripts.keras.compiling import optimizer_of
from vgg_transfer.doctor.scripts.keras.layers import layer_of
from vgg_transfer.doctor.scripts.keras.models import clone_of, model_of, sequential_of
from vgg_transfer.doctor.scripts.keras.names import (
    CALLBACKS,
    LOSSES,
    METRICS,
    OPTIMIZERS,
    snake_case,
    within_keras,
)
from vgg_transfer.doctor.scripts.story.layers import Made, Used
from vgg_transfer.doctor.scripts.story.models import Loaded
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.calling import Call
from vgg_transfer.doctor.scripts.values.choices import Callback, Loss
from vgg_transfer.doctor.scripts.values.kinds import LAYERS, kind_of_layer
from vgg_transfer.doctor.scripts.values.networks import Layer, Model, Tensor
from vgg_transfer.doctor.scripts.values.pictures import Pictures, Step, unseen
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Unknown


def of_library(scene: Scene, call: Call) -> Any:
    """Return what a function or a class of a library gives; unknown where it is not one of ours."""
    inside = within_keras(call.path)
    if inside is not None:
        found = _of_keras(scene, call, inside)
        if found is not None:
            return found
    if call.path.startswith("tensorflow.nn.") and call.name in _ACTIVATIONS:
        return _activated(call)
    if call.path in ("tensorflow.sigmoid", "tensorflow.tanh"):
        return _activated(call)
    if call.path.startswith("tensorflow.") and call.name.endswith("_initializer"):
        return _initializer(replace(call, path=call.path.removesuffix("_initializer")))
    for reader in (of_data, of_files, of_arrays):
        found = reader(scene, call)
        if found is not None:
            return found
    tensors = tuple(one for one in call.given if isinstance(one, Tensor))
    if tensors and call.path.startswith(("tensorflow", "keras")):
        return Tensor(Layer("Operation", call.line, {"function": call.name}), tensors, call.line)
    return UNKNOWN


def _of_keras(scene: Scene, call: Call, inside: str) -> Any:
    name = call.name
    if name == "preprocess_input":
        return _preprocessed(call)
    if name in LAYERS and (inside == name or inside.startswith(("layers", "engine"))):
        return layer_of(scene, call, kind_of_layer(name))
    makers = {
        "Model": model_of,
        "Functional": model_of,
        "Sequential": sequential_of,
        "load_model": _loaded,
        "model_from_json": _loaded,
        "clone_model": clone_of,
    }
    if name in makers and not inside.startswith(("callbacks", "losses")):
        return makers[name](scene, call)
    if name in APPLICATIONS:
        return _application(scene, call)
    if name in ("get", "deserialize") and inside.startswith(("optimizers.", "losses.")):
        return _by_name(scene, call)
    if name in OPTIMIZERS or (inside.startswith("optimizers.") and name.lower() in _LOWER):
        return optimizer_of(scene, call)
    if name in CALLBACKS:
        return _callback(scene, call)
    if name in LOSSES and inside.startswith("losses"):
        logits = call.get("from_logits", None if "Focal" in name else 0, False)
        return Loss(snake_case(name), call.line, logits, call.named)
    if name in METRICS and inside.startswith("metrics"):
        return "exact accuracy" if name == "Accuracy" else snake_case(name)
    if inside.startswith("losses.") and name.endswith("crossentropy"):
        return Loss(name, call.line, call.get("from_logits", 2, False), call.named)
    if inside.startswith(("losses.", "metrics.")):
        return name
    if inside.startswith("layers.") and name[:1].isupper():
        return layer_of(scene, call, name)
    if inside.startswith("regularizers."):
        return _regularizer(call)
    if inside.startswith("initializers."):
        return _initializer(call)
    if inside.startswith(
        ("activations.", "backend.softmax", "backend.sigmoid", "ops.nn", "ops.softmax")
    ):
        return _activated(call)
    if name == "image_data_format":
        return "channels_last"
    return None


def _by_name(scene: Scene, call: Call) -> Any:
    """Return an optimizer or a loss that is asked for by its name, or by its configuration."""
    given = call.get("identifier", 0, call.get("config"))
    if not isinstance(given, dict):
        return given
    name, config = given.get("class_name"), given.get("config", {})
    if not isinstance(name, str) or not isinstance(config, dict):
        return UNKNOWN
    module = call.path.rpartition(".")[0]
    known = next((one for one in OPTIMIZERS | LOSSES if one.lower() == name.lower()), name)
    named = {key: value for key, value in config.items() if isinstance(key, str)}
    is_open = len(named) < len(config)
    return of_library(scene, Call(f"{module}.{known}", call.line, named=named, open=is_open))


_ACTIVATIONS = ("softmax", "sigmoid", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "tanh")
_LOWER = {one.lower() for one in OPTIMIZERS}


def _preprocessed(call: Call) -> Any:
    pixels = preprocessed_pixels(call.path)
    step = Step("preprocess" if pixels else "other-numbers", call.line, module=pixels)
    if call.named and call.path.endswith("imagenet_utils.preprocess_input"):
        step = Step("other-numbers", call.line)
    given = call.get("x", 0)
    if isinstance(given, Pictures):
        return given if pixels == "raw" else given.done(step)
    if isinstance(given, Tensor):
        if pixels == "raw":
            return given
        return Tensor(Layer("Preprocess", call.line, {"step": step}), (given,), call.line)
    if isinstance(given, Unknown):
        return unseen(given, call.line).done(step)
    return UNKNOWN


def _application(scene: Scene, call: Call) -> Model:
    places = ("include_top", "weights", "input_tensor", "input_shape", "pooling", "classes")
    settings = dict(zip(places, call.given, strict=False)) | call.named
    model = build(call.name, call.line, settings, call.lines)
    if call.open:
        model.uncertain = True
        model.weights = settings.get("weights", UNKNOWN)
    scene.tell(Made(call.line, model))
    return model


def _loaded(scene: Scene, call: Call) -> Model:
    model = Model("loaded", call.line, opaque=True, uncertain=True)
    scene.tell(Loaded(call.line, model))
    return model


def _callback(scene: Scene, call: Call) -> Callback:
    made = Callback(call.name, call.line, _callback_settings(call.name, call), call.lines)
    scene.tell(Made(call.line, made))
    if made.kind == "ModelCheckpoint":
        place = call.line_of("filepath")
        if "period" in call.named:
            scene.tell(Used(call.lines.get("period", call.line), "period=", "argument"))
        only = made.settings.get("save_weights_only", UNKNOWN if call.open else False)
        if only in (True, False) and is_refused(made.settings.get("filepath"), only):
            what = "of weights to a file that does not end in .weights.h5"
            what = what if only else "to a file that does not end in .keras"
            scene.tell(Used(place, f"ModelCheckpoint {what}", "file"))
    return made


def _callback_settings(name: str, call: Call) -> dict[str, Any]:
    places = {
        "EarlyStopping": ("monitor", "min_delta", "patience", "verbose", "mode"),
        "ModelCheckpoint": ("filepath", "monitor", "verbose", "save_best_only"),
        "ReduceLROnPlateau": ("monitor", "factor", "patience"),
        "LearningRateScheduler": ("schedule",),
    }
    settings = dict(zip(places.get(name, ()), call.given, strict=False)) | call.named
    return settings | ({"**": UNKNOWN} if call.open else {})


def _regularizer(call: Call) -> Any:
    name = call.name.lower()
    if name in ("l1", "l2"):
        default = call.given[0] if call.given else 0.01
        return {name: call.named.get(name, call.named.get("l", default))}
    if name in ("l1_l2", "l1l2"):
        return {key: call.get(key, place, 0.01) for place, key in enumerate(("l1", "l2"))}
    return UNKNOWN


def _initializer(call: Call) -> Any:
    name = call.name.lower()
    if name == "constant":
        return ("constant", call.get("value", 0, 0.0))
    return snake_case(call.name)


def _activated(call: Call) -> Any:
    given = call.get("x", 0)
    if not isinstance(given, Tensor):
        return UNKNOWN
    settings = {"activation": call.name, "axis": call.get("axis", 1, -1)}
    return Tensor(Layer("Activation", call.line, settings), (given,), call.line)
