"""Attributes of values: read, and set."""

from typing import Any

from vgg_transfer.doctor.scripts.keras.attributes import keras_attribute, set_keras_attribute
from vgg_transfer.doctor.scripts.keras.fitting import FITTING
from vgg_transfer.doctor.scripts.python.arguments import Arguments, option
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.alternatives import either
from vgg_transfer.doctor.scripts.values.calling import Method, Named
from vgg_transfer.doctor.scripts.values.labels import Labels
from vgg_transfer.doctor.scripts.values.scope import Class, Function, Instance, Super
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Unknown


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
    reader = next((reader for kind, reader in _READERS if isinstance(of, kind)), None)
    found = reader(of, name) if reader else keras_attribute(scene, of, name, line)
    if isinstance(found, Function) and found.bound is not None and found.is_property:
        return scene.run(found, [])
    return Method(of, name) if found is None else found


def set_attribute(scene: Scene, of: Any, name: str, value: Any, line: int) -> None:
    """Set an attribute of a value."""
    if isinstance(of, Instance):
        before = of.fields.get(name)
        of.fields[name] = UNKNOWN if scene.unsure and before not in (None, value) else value
    elif isinstance(of, Class):
        of.methods[name] = either([value, of.methods.get(name)]) if scene.unsure else value
    elif isinstance(of, Arguments):
        of.values[name] = UNKNOWN if scene.unsure else value
    else:
        set_keras_attribute(scene, of, name, value, line)


def _of_unknown(scene: Scene, of: Unknown, name: str) -> Any:
    """The same attribute of the same unknown value is the same unknown value."""
    if name in FITTING or name in ("astype", "reshape", "copy", "map", "replace", "layers"):
        return Method(of, name)
    if name == "codes" and of.text.endswith(".cat"):
        return Labels(of, 0, "integers", lowest=0)
    return scene.loose.setdefault((of, name), Unknown(f"{of.text}.{name}"))


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


_READERS: tuple[tuple[Any, Any], ...] = (
    (Instance, _of_instance),
    (Class, _of_class),
    (Super, _of_super),
    (Arguments, option),
)
