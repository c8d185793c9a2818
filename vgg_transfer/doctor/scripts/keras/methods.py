"""Methods of models, generators, data sets, arrays and what is unknown."""

from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.scripts.data.datasets import of_dataset
from vgg_transfer.doctor.scripts.data.generators import flow, paired
from vgg_transfer.doctor.scripts.data.paths import is_refused
from vgg_transfer.doctor.scripts.keras.fitting import FITTING, fitting
from vgg_transfer.doctor.scripts.keras.models import add, sequential_output
from vgg_transfer.doctor.scripts.story.layers import Popped, Used
from vgg_transfer.doctor.scripts.story.models import Loaded
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.alternatives import is_optional
from vgg_transfer.doctor.scripts.values.batches import Batches, Generator, Ordered, Prediction
from vgg_transfer.doctor.scripts.values.calling import Call, Method
from vgg_transfer.doctor.scripts.values.choices import Optimizer
from vgg_transfer.doctor.scripts.values.labels import Encoder, Labels, numbered
from vgg_transfer.doctor.scripts.values.networks import Layer, LayerList, Model, Tensor, Weights
from vgg_transfer.doctor.scripts.values.pictures import Pictures
from vgg_transfer.doctor.scripts.values.scope import Function
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Several, Unknown

_SHAPED = frozenset(
    ["astype", "reshape", "copy", "numpy", "squeeze", "ravel", "flatten", "tolist", "transpose"]
)
# Methods of file names that leave their order.
_WRITTEN = ("split", "rsplit", "replace", "strip", "lower")
# Methods of a model that leave it as it is.
_READING = (
    *("save", "save_weights", "get_weights", "get_config", "to_json", "to_yaml", "summary"),
    *("build", "export", "count_params", "predict_on_batch", "test_on_batch"),
    *("reset_metrics", "reset_states", "compute_output_shape"),
)
_MODELS = ("model", "base", "vgg", "net", "conv")


def of_keras_method(scene: Scene, method: Method, call: Call) -> Any:
    """Return what a method of Keras or its neighbours gives; unknown where it is none of ours."""
    of, name = method.of, method.name
    if isinstance(of, LayerList):
        return _of_layers(scene, of, name, call)
    if isinstance(of, Model):
        return _of_model(scene, of, name, call)
    if isinstance(of, Generator) and name.startswith("flow"):
        return flow(scene, of, name, call)
    if isinstance(of, Batches):
        if name == "reset":
            return None
        return of_dataset(scene, of, name, call)
    if isinstance(of, Pictures) and name in ("convert", "resize"):  # of Pillow
        size = call.get("size", 0)
        known = name == "resize" and isinstance(size, tuple) and all(type(a) is int for a in size)
        return replace(of, size=min(size) if known else None) if name == "resize" else of
    if isinstance(of, Pictures | Labels | Prediction | Ordered):
        axis = name == "argmax" and isinstance(of, Prediction)
        written = name in _WRITTEN and isinstance(of, Ordered)
        return of if name in _SHAPED or axis or written else UNKNOWN
    if isinstance(of, Unknown):
        return _of_unknown(scene, of, name, call)
    if isinstance(of, Method) and of.name == "layers" and name in ("pop", "remove"):
        _popped_from_unknown(scene, of, name, call)
    if isinstance(of, Layer) and name == "get_layer" and of.model is not None:
        return _get_layer(of.model, call)
    if isinstance(of, Encoder):
        lowest = 0 if of.form == "integers" else None
        made = Labels(object(), call.line, of.form, lowest=lowest)
        return made if name in ("fit_transform", "transform") else of
    if isinstance(of, Optimizer):
        of.settings["changed"] = True
    if isinstance(of, Several) and name == "append":
        return None
    if isinstance(of, Several) and name in ("batch", "unbatch", "prefetch", "as_numpy_iterator"):
        return of
    return UNKNOWN


def _of_unknown(scene: Scene, of: Unknown, name: str, call: Call) -> Any:
    """Return what a method gives of what may be a model, an array, a data set or a mapping."""
    if of.text and name in FITTING and _is_model(scene, of, name):
        # A snippet trains a model that it does not show.
        unseen = Model("loaded", call.line, opaque=True, uncertain=True, name=of.text)
        return fitting(scene, scene.loose.setdefault(("model", of), unseen), name, call)
    if of.text and name in ("astype", "reshape", "copy"):
        return of
    takes = _takes(call.get("map_func", 0)) if name == "map" else 0
    if takes == 2:
        return of_dataset(scene, paired(of, Unknown("labels"), call.line, "dataset"), name, call)
    if takes == 1 and isinstance(scene.call(call.get("map_func", 0), Unknown("one")), tuple):
        return of_dataset(scene, paired(of, None, call.line, "dataset"), name, call)
    if name in ("map", "replace") and call.given:
        return numbered(call.given[0], call.line) or UNKNOWN
    return UNKNOWN


def _takes(function: Any) -> int:
    """Return how many things a function of the script has to be given; 0 for others."""
    if not isinstance(function, Function):
        return 0
    given = function.node.args
    return len(given.args) - len(given.defaults)


def _is_model(scene: Scene, of: Unknown, name: str) -> bool:
    """Return whether something unknown is a model of Keras: others fit and predict too."""
    if name in ("compile", "fit_generator", "predict_classes") or ("model", of) in scene.loose:
        return True
    # In a snippet a model is a name that nothing was said of.
    unsaid = scene.loose.get(of.text) is of
    return unsaid and name != "predict_proba" and any(one in of.text.lower() for one in _MODELS)


def _popped_from_unknown(scene: Scene, of: Method, name: str, call: Call) -> None:
    text = of.of.text if isinstance(of.of, Unknown) else ""
    if any(one in text.lower() for one in _MODELS):
        model = Model("loaded", call.line, uncertain=True, name=text)
        scene.tell(Popped(call.line, model, f"{text}.layers.{name}()"))


def _of_layers(scene: Scene, of: LayerList, name: str, call: Call) -> Any:
    if name in ("pop", "remove", "clear", "append", "insert", "extend"):
        scene.tell(Popped(call.line, of.model, f"layers.{name}({'…' if call.given else ''})"))
        if name == "pop" and of:
            return of[-1]
        return None
    if name == "index":
        layer = call.get("value", 0)
        return of.index(layer) if layer in of else UNKNOWN
    return UNKNOWN


def _of_model(scene: Scene, of: Model, name: str, call: Call) -> Any:
    if name in FITTING:
        return fitting(scene, of, name, call)
    if name == "add":
        layer = call.get("layer", 0)
        add(of, layer)
        if scene.unsure > of.unsure and not is_optional(layer):
            of.uncertain = True
        return None
    if name == "pop":
        if of.layers and of.kind == "sequential":
            of.layers.pop()
        else:
            scene.tell(Popped(call.line, of, "pop()"))
        return None
    if name == "get_layer":
        return _get_layer(of, call)
    if name in ("load_weights", "set_weights"):
        of.loaded = True
        for layer in of.layers:
            for part in (layer.model, layer.owner):
                if part is not None:
                    part.loaded = True
        given = call.get("weights", 0)
        if isinstance(given, Weights) and given.of is not of:
            of.taught = given.of
        scene.tell(Loaded(call.line, of))
        return None
    if name in ("build", "summary"):
        return None
    if name == "save_weights" and is_refused(call.get("filepath", 0), weights=True):
        scene.tell(
            Used(call.line, "save_weights to a file that does not end in .weights.h5", "file")
        )
    if name == "get_weights":
        return Weights(of)
    if name in of.fields or of.kind == "subclass":
        return _own_method(scene, of, name, call)
    if name not in _READING:
        of.uncertain = True
    return UNKNOWN


def _own_method(scene: Scene, of: Model, name: str, call: Call) -> Any:
    found = of.fields.get(name)
    if isinstance(found, Function):
        return scene.run(found, list(call.given), call.named)
    if name not in _READING:
        of.uncertain = True
    return UNKNOWN


def _get_layer(of: Model, call: Call) -> Any:
    name, index = call.get("name", 0), call.get("index", 1)
    if of.kind == "sequential":
        sequential_output(of)
    if isinstance(name, int):
        name, index = None, name
    if isinstance(index, int) and not of.opaque:
        try:
            return of.layers[index]
        except IndexError:
            return UNKNOWN
    for layer in of.layers:
        if isinstance(name, str) and layer.name == name:
            return layer
    body = next((one for one in of.layers if one.kind == "Body"), None)
    if body is None or body.tensor is None or not isinstance(name, str):
        return UNKNOWN
    owner = body.owner or of
    part = next((one for one in owner.layers if one.name == name), None)
    if part is None:
        part = Layer("Part", body.line, name=name, trainable=body.trainable, owner=owner)
        part.tensor = Tensor(part, body.tensor.inputs, body.line)
        owner.layers.append(part)
    return part
