"""Attributes of values: read, and set; ``trainable`` is the one that matters most."""

from typing import Any

from vgg_transfer.doctor.scripts.alternatives import either
from vgg_transfer.doctor.scripts.batches import Batches, Generator, Ordered
from vgg_transfer.doctor.scripts.choices import RATE, Callback, Optimizer
from vgg_transfer.doctor.scripts.keras.arguments import Arguments, option
from vgg_transfer.doctor.scripts.keras.fitting import FITTING
from vgg_transfer.doctor.scripts.labels import Labels
from vgg_transfer.doctor.scripts.learning import set_trainable
from vgg_transfer.doctor.scripts.networks import Layer, Model, Tensor
from vgg_transfer.doctor.scripts.noticed import Made, TrainableSet, Used
from vgg_transfer.doctor.scripts.pictures import Pictures
from vgg_transfer.doctor.scripts.scene import Scene
from vgg_transfer.doctor.scripts.scope import Class, Function, Instance, Super
from vgg_transfer.doctor.scripts.unknown import UNKNOWN, Unknown
from vgg_transfer.doctor.scripts.values import Method, Named


class LayerList(list[Layer]):
    """The list of a model's layers, which Keras makes anew each time that it is asked for.

    ``kept`` says that the script keeps it under a name, and may change it and use what is left.
    """

    def __init__(self, model: Model) -> None:
        super().__init__(model.layers)
        self.model = model
        self.kept = False


def attribute(scene: Scene, of: Any, name: str, line: int) -> Any:
    """Return an attribute of a value."""
    if isinstance(of, Named) and name == "__name__":
        return of.path.rpartition(".")[2]
    if isinstance(of, Named):
        return Named(f"{of.path}.{name}")
    if isinstance(of, Function | Class) and name == "__name__":
        return getattr(of.node, "name", "<lambda>")
    if isinstance(of, str | int | float) and name == "value":
        return of  # Of an Enum of the script.
    if isinstance(of, Unknown):
        return Method(of, name) if not of.text else _of_unknown(scene, of, name)
    if isinstance(of, Optimizer) and name == "lr":
        scene.tell(Used(line, "lr of an optimizer", "argument"))
    reader = next((reader for kind, reader in _READERS if isinstance(of, kind)), None)
    found = reader(of, name) if reader else None
    if isinstance(found, Function) and found.bound is not None and found.is_property:
        return scene.run(found, [])
    return Method(of, name) if found is None else found


def set_attribute(scene: Scene, of: Any, name: str, value: Any, line: int) -> None:
    """Set an attribute of a value."""
    if isinstance(of, Instance):
        before = of.fields.get(name)
        of.fields[name] = UNKNOWN if scene.unsure and before not in (None, value) else value
    elif isinstance(of, Layer | Model) and name == "trainable":
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
    elif isinstance(of, Class):
        of.methods[name] = either([value, of.methods.get(name)]) if scene.unsure else value
    elif isinstance(of, Arguments):
        of.values[name] = UNKNOWN if scene.unsure else value
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


def _of_unknown(scene: Scene, of: Unknown, name: str) -> Any:
    """The same attribute of the same unknown value is the same unknown value."""
    if name in FITTING or name in ("astype", "reshape", "copy", "map", "replace", "layers"):
        return Method(of, name)
    if name == "codes" and of.text.endswith(".cat"):
        return Labels(of, 0, "integers", lowest=0)
    return scene.loose.setdefault((of, name), Unknown(f"{of.text}.{name}"))


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
    if name in ("optimizer",):
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


def sequential_output(of: Model) -> Tensor | None:
    """Return what a sequential model ends with: its layers one behind the other."""
    tensor: Tensor | None = None
    for layer in of.layers:
        layer.tensor = Tensor(layer, () if tensor is None else (tensor,), layer.line)
        tensor = layer.tensor
    of.output = tensor
    return tensor


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


def _of_instance(of: Instance, name: str) -> Any:
    if name in of.fields:
        return of.fields[name]
    found = of.of.method(name)
    if isinstance(found, Function):
        return found.of(of, of.of)
    return found


def _of_class(of: Class, name: str) -> Any:
    found = of.method(name)
    if isinstance(found, Function):
        return found.of(None, of)
    return UNKNOWN if found is None else found


def _of_super(of: Super, name: str) -> Any:
    found = of.method(name)
    return Method(UNKNOWN, name) if found is None else found


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
    (Instance, _of_instance),
    (Class, _of_class),
    (Super, _of_super),
    (Optimizer, _of_optimizer),
    (Callback | Generator, _of_setting),
    (Arguments, option),
)
