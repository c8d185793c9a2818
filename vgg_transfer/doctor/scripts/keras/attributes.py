"""Attributes of what Keras has; ``trainable`` is the one that matters most."""

from typing import Any

from vgg_transfer.doctor.scripts.keras.learning import set_trainable
from vgg_transfer.doctor.scripts.keras.models import sequential_output
from vgg_transfer.doctor.scripts.story.layers import Made, TrainableSet, Used
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.batches import Batches, Generator, Ordered
from vgg_transfer.doctor.scripts.values.calling import Named
from vgg_transfer.doctor.scripts.values.choices import RATE, Callback, Optimizer
from vgg_transfer.doctor.scripts.values.labels import Labels
from vgg_transfer.doctor.scripts.values.networks import Layer, LayerList, Model
from vgg_transfer.doctor.scripts.values.pictures import Pictures
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Unknown


def keras_attribute(scene: Scene, of: Any, name: str, line: int) -> Any:
    """Return an attribute of a model, a layer, data or a setting; None where it has none."""
    if isinstance(of, Optimizer) and name == "lr":
        scene.tell(Used(line, "lr of an optimizer", "argument"))
    reader = next((reader for kind, reader in _READERS if isinstance(of, kind)), None)
    return reader(of, name) if reader else None


def set_keras_attribute(scene: Scene, of: Any, name: str, value: Any, line: int) -> None:
    """Set an attribute of a layer, a model or an optimizer, or of what may be one."""
    if isinstance(of, Layer | Model) and name == "trainable":
        _make_trainable(scene, of, value, line)
    elif isinstance(of, Layer) and name in ("name", "_name") and isinstance(value, str):
        of.name = value
    elif isinstance(of, Layer):
        of.settings[name] = value
    elif isinstance(of, Model) and name in ("outputs", "output", "inbound_nodes"):
        of.uncertain = True
    elif isinstance(of, Optimizer):
        if name == "lr":
            scene.tell(Used(line, "lr of an optimizer", "argument"))
        of.settings[name] = value
        of.settings["changed"] = True
    elif name == "trainable" and isinstance(of, Unknown):
        _make_any_trainable(scene, value)


def _make_trainable(scene: Scene, of: Layer | Model, value: Any, line: int) -> None:
    """Set ``trainable``, and tell it."""
    model = of if isinstance(of, Model) else of.model
    layers = tuple(model.all_layers) if model is not None else (of,)
    before = tuple(one.trainable for one in layers if isinstance(one, Layer))
    given = value if isinstance(value, bool) else UNKNOWN
    if value in (0, 1) and not isinstance(value, bool):
        given = bool(value)
    if scene.unsure and any(one is not given for one in before):
        given = UNKNOWN
    set_trainable(of, given)
    only = tuple(one for one in layers if isinstance(one, Layer))
    scene.tell(TrainableSet(line, only, given, before, of))


def _make_any_trainable(scene: Scene, value: Any) -> None:
    """Set ``trainable`` of nobody knows what: it may be any layer that there is."""
    made = [one.what for one in scene.events if isinstance(one, Made)]
    for model in made:
        for layer in model.layers if isinstance(model, Model) else ():
            if layer.trainable is not value:
                layer.trainable = UNKNOWN


def _of_model(of: Model, name: str) -> Any:
    if name in of.fields:
        return of.fields[name]
    if name == "layers":
        return LayerList(of)
    if name in ("output", "outputs"):
        tensor = of.output
        if of.kind == "sequential" and of.layers:
            tensor = sequential_output(of)
        found = UNKNOWN if tensor is None else tensor
        return [found] if name == "outputs" else found
    if name in ("input", "inputs"):
        return _first_tensor(of)
    if name == "trainable":
        return of.trainable
    if name == "name":
        return of.name
    if name == "optimizer":
        return of.compiled.optimizer if of.compiled and of.compiled.optimizer else UNKNOWN
    if name in ("history", "metrics_names", "weights", "trainable_weights", "trainable_variables"):
        return UNKNOWN
    return None


def _first_tensor(of: Model) -> Any:
    """Return the input of a model."""
    if of.kind == "sequential":
        sequential_output(of)
    tensor = of.output
    while tensor is not None and tensor.inputs:
        tensor = tensor.inputs[0]
    return UNKNOWN if tensor is None else tensor


def _of_layer(of: Layer, name: str) -> Any:
    if name in ("output", "input"):
        if of.tensor is None:
            return UNKNOWN
        return of.tensor if name == "output" else next(iter(of.tensor.inputs), UNKNOWN)
    if name == "name":
        return Unknown("name") if of.kind == "Body" or not of.name else of.name
    if name == "trainable":
        return of.trainable if of.model is None else of.model.trainable
    if name == "layers" and of.model is not None:
        return LayerList(of.model)
    if name == "__class__":
        if of.kind in ("Body", "Part", "Own"):
            return UNKNOWN
        return Named(f"keras.layers.{of.kind}")
    if name in of.settings:
        return of.settings[name]
    return None


def _of_batches(of: Batches, name: str) -> Any:
    pictures, labels = of.pictures, of.labels
    if name in ("samples", "n"):
        return Unknown("samples") if pictures.count is None else pictures.count
    if name == "batch_size":
        return UNKNOWN if of.batch_size is None else of.batch_size
    if name in ("classes", "labels", "filenames", "filepaths", "file_paths"):
        return Ordered(of)
    if name == "num_classes":
        known = labels.classes if labels else None
        return Unknown("num_classes") if known is None else known
    if name in ("class_indices", "class_names", "image_shape", "element_spec"):
        return Unknown(name)
    return None


def _of_array(of: Pictures | Labels, name: str) -> Any:
    if name == "shape":
        count = Unknown("count") if of.count is None else of.count
        if isinstance(of, Pictures):
            side = Unknown("side") if of.size is None else of.size
            return (count, side, side, 3)
        if of.form == "onehot":
            return (count, Unknown("classes") if of.width is None else of.width)
        return (count,)
    if name in ("values", "T"):
        return of
    return UNKNOWN if name in ("dtype", "ndim", "size") else None


def _of_optimizer(of: Optimizer, name: str) -> Any:
    # The rate may change meanwhile: it is a thing of its own, with methods.
    return None if name in RATE else of.settings.get(name)


def _of_setting(of: Any, name: str) -> Any:
    return of.settings.get(name)


_READERS: tuple[tuple[Any, Any], ...] = (
    (Model, _of_model),
    (Layer, _of_layer),
    (Batches, _of_batches),
    (Pictures | Labels, _of_array),
    (Optimizer, _of_optimizer),
    (Callback | Generator, _of_setting),
)
