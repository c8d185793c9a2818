"""Methods: of models, generators and data sets, and of Python's own lists, texts and dicts."""

from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.scripts.alternatives import either, is_optional
from vgg_transfer.doctor.scripts.attributes import LayerList, sequential_output
from vgg_transfer.doctor.scripts.batches import Batches, Generator, Ordered, Prediction
from vgg_transfer.doctor.scripts.choices import Optimizer
from vgg_transfer.doctor.scripts.keras.arguments import Arguments, of_arguments
from vgg_transfer.doctor.scripts.keras.data import flow, paired
from vgg_transfer.doctor.scripts.keras.datasets import of_dataset
from vgg_transfer.doctor.scripts.keras.files import is_refused
from vgg_transfer.doctor.scripts.keras.fitting import FITTING, fitting
from vgg_transfer.doctor.scripts.keras.models import add
from vgg_transfer.doctor.scripts.labels import Encoder, Labels, numbered
from vgg_transfer.doctor.scripts.networks import Layer, Model, Tensor, Weights
from vgg_transfer.doctor.scripts.noticed import Popped, Used
from vgg_transfer.doctor.scripts.pictures import Pictures
from vgg_transfer.doctor.scripts.scene import Scene
from vgg_transfer.doctor.scripts.scope import Function
from vgg_transfer.doctor.scripts.texts import of_text
from vgg_transfer.doctor.scripts.told import Loaded
from vgg_transfer.doctor.scripts.unknown import LARGEST, UNKNOWN, Unknown
from vgg_transfer.doctor.scripts.values import Call, Method, Several

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


def of_method(scene: Scene, method: Method, call: Call) -> Any:
    """Return what a method gives; unknown where it is none of ours."""
    of, name = method.of, method.name
    if isinstance(of, LayerList) and of.kept:
        return _of_list(scene, of, name, call)
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
    if isinstance(of, list):
        return _of_list(scene, of, name, call)
    if isinstance(of, dict):
        return _of_dict(scene, of, name, call)
    if isinstance(of, str):
        return of_text(of, name, call)
    if isinstance(of, Unknown) and of.text and name in FITTING and _is_model(scene, of, name):
        # A snippet trains a model that it does not show.
        unseen = Model("loaded", call.line, opaque=True, uncertain=True, name=of.text)
        return fitting(scene, scene.loose.setdefault(("model", of), unseen), name, call)
    if isinstance(of, Unknown) and of.text and name in ("astype", "reshape", "copy"):
        return of
    takes = _takes(call.get("map_func", 0)) if isinstance(of, Unknown) and name == "map" else 0
    if takes == 2:
        return of_dataset(scene, paired(of, Unknown("labels"), call.line, "dataset"), name, call)
    if takes == 1 and isinstance(scene.call(call.get("map_func", 0), Unknown("one")), tuple):
        return of_dataset(scene, paired(of, None, call.line, "dataset"), name, call)
    if isinstance(of, Unknown) and name in ("map", "replace") and call.given:
        return numbered(call.given[0], call.line) or UNKNOWN
    if isinstance(of, Method) and of.name == "layers" and name in ("pop", "remove"):
        _popped_from_unknown(scene, of, name, call)
    if isinstance(of, Layer) and name == "get_layer" and of.model is not None:
        return _get_layer(of.model, call)
    if isinstance(of, Encoder):
        lowest = 0 if of.form == "integers" else None
        made = Labels(object(), call.line, of.form, lowest=lowest)
        return made if name in ("fit_transform", "transform") else of
    if isinstance(of, Arguments):
        return of_arguments(of, name, call)
    if isinstance(of, Optimizer):
        of.settings["changed"] = True
    if isinstance(of, Several) and name == "append":
        return None
    if isinstance(of, Several) and name in ("batch", "unbatch", "prefetch", "as_numpy_iterator"):
        return of
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
        scene.tell(Used(call.line, "save_weights to such a file", "file"))
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


def _of_list(scene: Scene, of: list[Any], name: str, call: Call) -> Any:
    given = call.given[0] if call.given else UNKNOWN
    if name == "append":
        if scene.unsure and isinstance(given, str | Layer | Model) and not is_optional(given):
            given = UNKNOWN
        of.append(given)
        scene.grows(of)
        return None
    if name == "extend" and isinstance(given, Labels | Ordered | Prediction | Pictures):
        of.append(given)  # As many as there are: one stands for all.
        scene.grows(of, always=True)
        return None
    if name == "extend" and isinstance(given, list | tuple) and len(of) + len(given) <= LARGEST:
        of.extend(given)
        scene.grows(of)
        return None
    if name == "insert" and len(call.given) == 2 and isinstance(given, int):
        of.insert(given, call.given[1])
        return None
    if name == "remove" and given in of:
        of.remove(given)
        return None
    if name == "pop":
        try:
            return of.pop(given) if isinstance(given, int) else of.pop()
        except IndexError:
            return UNKNOWN
    if name in ("copy", "index", "count"):
        return list(of) if name == "copy" else UNKNOWN
    return UNKNOWN


def _of_dict(scene: Scene, of: dict[Any, Any], name: str, call: Call) -> Any:
    if name in ("get", "pop", "setdefault") and call.given and isinstance(call.given[0], str | int):
        default = call.given[1] if len(call.given) > 1 else None
        found = of.get(call.given[0], UNKNOWN if UNKNOWN in of else default)
        if name == "pop":
            of.pop(call.given[0], None)
        return of.setdefault(call.given[0], found) if name == "setdefault" else found
    if name in ("items", "keys", "values"):
        return list(getattr(of, name)())
    if name == "update":
        _update(scene, of, call)
        return None
    return dict(of) if name == "copy" else UNKNOWN


def _update(scene: Scene, of: dict[Any, Any], call: Call) -> None:
    """Put what is known into a dict; where it is not, each value may be another."""
    given = call.given[0] if call.given else {}
    if call.open or not isinstance(given, dict):
        of |= dict.fromkeys((*of, UNKNOWN), UNKNOWN)
        given = {}
    for key, value in {**given, **call.named}.items():
        of[key] = either([value, of.get(key, UNKNOWN)]) if scene.unsure else value
