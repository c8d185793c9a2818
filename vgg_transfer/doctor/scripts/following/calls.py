"""Calls: of functions of the script, of its classes, of layers and models, and of libraries."""

from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.scripts.data.generators import paired
from vgg_transfer.doctor.scripts.data.splits import read_alike
from vgg_transfer.doctor.scripts.keras.applying import apply_to
from vgg_transfer.doctor.scripts.keras.library import of_library
from vgg_transfer.doctor.scripts.keras.models import functional
from vgg_transfer.doctor.scripts.python.builtins import FOLLOWED, of_builtins
from vgg_transfer.doctor.scripts.python.methods import of_method
from vgg_transfer.doctor.scripts.story.matching import match
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.calling import Call, Method, Named, Partial
from vgg_transfer.doctor.scripts.values.choices import RATE, Optimizer
from vgg_transfer.doctor.scripts.values.networks import Layer, Model, Tensor
from vgg_transfer.doctor.scripts.values.scope import Class, Function, Instance, Super
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Unknown

_HARMLESS = ("print", "len", "str", "type", "isinstance", "repr", "id", "plot", "summary", "show")


def call_value(scene: Scene, function: Any, call: Call) -> Any:
    """Return what a call gives; the call has its arguments, and no path yet."""
    match(scene, (*call.given, *call.named.values()), call.line)
    _set_rate(function, call)
    if isinstance(function, Partial):
        inner = {**function.named, **call.named}
        return call_value(
            scene,
            function.function,
            Call("", call.line, (*function.given, *call.given), inner, call.lines, call.open),
        )
    if isinstance(function, Named) and function.path in FOLLOWED:
        return FOLLOWED[function.path](scene, call)
    if isinstance(function, Named):
        named = Call(function.path, call.line, call.given, call.named, call.lines, call.open)
        plain = function.path.startswith("builtins.")
        found = of_builtins(scene, named) if plain else of_library(scene, named)
        if isinstance(found, Unknown) and not function.path.startswith(("keras", "tensorflow")):
            _lost(function.path, call)
        return _read(found, function.path, call)
    if isinstance(function, Function):
        return _read(scene.run(function, list(call.given), call.named), function.node, call)
    if isinstance(function, Super):
        return function
    if isinstance(function, Class):
        return _instance(scene, function, call)
    if isinstance(function, Instance):
        return _called_instance(scene, function, call)
    if isinstance(function, Layer | Model):
        return apply_to(scene, function, call)
    if isinstance(function, Method):
        found = of_method(scene, function, call)
        if isinstance(found, Unknown) and isinstance(function.of, Unknown):
            _lost(function.name, call)
        return found
    _lost(getattr(function, "text", ""), call)
    return UNKNOWN


def _read(found: Any, function: Any, call: Call) -> Any:
    """Return what was read; what is unknown is at least alike for all splits."""
    if found is not UNKNOWN:
        return found
    alike = read_alike(function, call)
    return UNKNOWN if alike is None else Unknown(together=alike)


def _set_rate(function: Any, call: Call) -> None:
    """Note that a rate is set: ``optimizer.learning_rate.assign(…)``, ``K.set_value(…)``."""
    setter = isinstance(function, Method) and function.name.startswith("assign")
    sets = isinstance(function, Named) and function.path.endswith(".set_value")
    for one in (function.of,) if setter else call.given[:1] if sets else ():
        if isinstance(one, Method) and one.name in RATE and isinstance(one.of, Optimizer):
            one.of.settings["changed"] = True


def _lost(path: str, call: Call) -> None:
    """Whoever is unknown may change a model that it is given."""
    if path.rpartition(".")[2].startswith(_HARMLESS) or path.startswith(
        ("builtins", "numpy", "matplotlib")
    ):
        return
    for one in (*call.given, *call.named.values()):
        if isinstance(one, Model):
            one.uncertain = True


def _instance(scene: Scene, of: Class, call: Call) -> Any:
    of.made += 1
    made = Instance(of)
    start = of.method("__init__")
    if isinstance(start, Function):
        scene.run(start.of(made, of), list(call.given), call.named)
        start.calls += 1
    elif of.annotated:
        places = zip(of.annotated, call.given, strict=False)
        unseen = dict.fromkeys(of.annotated, UNKNOWN) if call.open else {}
        made.fields |= unseen | dict(places) | call.named
    base = of.library_base
    if base in ("Model", "Sequential", "Functional"):
        return _subclassed(scene, made, call)
    if base == "Layer":
        return Layer("Own", call.line, name=of.node.name)
    if base in ("Sequence", "PyDataset") and isinstance(made.of.method("__getitem__"), Function):
        return _sequence(scene, made, call)
    if base:
        return Unknown(f"{of.node.name} object")
    return made


def _sequence(scene: Scene, made: Instance, call: Call) -> Any:
    """Batches of the script's own class: what one of them is; which images nobody knows."""
    quiet = scene.quiet
    scene.quiet += 1
    try:
        item = made.of.method("__getitem__").of(made, made.of)
        found = scene.run(item, [Unknown("index")])
    finally:
        scene.quiet = quiet
    if not isinstance(found, tuple) or len(found) not in (2, 3):
        return Unknown(f"{made.of.node.name} object")
    both = paired(found[0], found[1], call.line, "generator")
    pictures = replace(both.pictures, origin=object(), name="", split="", count=None)
    return replace(both, pictures=pictures, shuffled=None)


def _subclassed(scene: Scene, made: Instance, call: Call) -> Model:
    """A model of the script's own class: what its ``call`` does to an input says its layers."""
    model = Model("subclass", call.line, name=made.of.node.name)
    step = made.of.method("call")
    if isinstance(step, Function):
        start = Tensor(Layer("InputLayer", call.line, name="input"), (), call.line)
        start.layer.tensor = start
        quiet = scene.quiet
        scene.quiet += 1
        try:
            found = scene.run(step.of(made, made.of), [start], {})
        finally:
            scene.quiet = quiet
        if isinstance(found, Tensor):
            model = functional(found, call.line, made.of.node.name)
            model.kind = "subclass"
            made.fields["__model__"] = model
            model.fields = made.fields
            return model
    model.uncertain = True
    model.fields = made.fields
    return model


def _called_instance(scene: Scene, of: Instance, call: Call) -> Any:
    step = of.of.method("__call__")
    if not isinstance(step, Function):
        return UNKNOWN
    return scene.run(step.of(of, of.of), list(call.given), call.named)
