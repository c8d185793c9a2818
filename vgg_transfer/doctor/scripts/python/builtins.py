"""Functions of Python's own that matter here, and a few of its library."""

import ast
import itertools
import math
from collections.abc import Callable
from typing import Any

from vgg_transfer.doctor.scripts.keras.names import within_keras
from vgg_transfer.doctor.scripts.python.arguments import Arguments, arguments_of
from vgg_transfer.doctor.scripts.python.attributes import attribute, set_attribute
from vgg_transfer.doctor.scripts.python.iteration import known_items, one_of, truth
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.batches import Ordered, Prediction
from vgg_transfer.doctor.scripts.values.calling import Call, Named, Partial
from vgg_transfer.doctor.scripts.values.kinds import kind_of_layer
from vgg_transfer.doctor.scripts.values.labels import Labels
from vgg_transfer.doctor.scripts.values.networks import Layer, Model
from vgg_transfer.doctor.scripts.values.numbers import Divided
from vgg_transfer.doctor.scripts.values.pictures import Pictures
from vgg_transfer.doctor.scripts.values.scope import Class, Scope
from vgg_transfer.doctor.scripts.values.unknown import LARGEST, UNKNOWN, Several, Unknown, is_known


def _setattr(scene: Scene, call: Call) -> Any:
    if len(call.given) == 3 and isinstance(call.given[1], str):
        set_attribute(scene, call.given[0], call.given[1], call.given[2], call.line)
    return None


def _getattr(scene: Scene, call: Call) -> Any:
    if len(call.given) < 2:
        return UNKNOWN
    of, name = call.given[:2]
    if isinstance(name, str):
        return attribute(scene, of, name, call.line)
    if isinstance(of, Named) and within_keras(f"{of.path}.x") is not None:
        scene.unread.append(
            (call.line, f"which name of {of.path} is meant is known only when it runs")
        )
    return UNKNOWN


def _map(scene: Scene, call: Call) -> Any:
    items = known_items(call.get("iterable", 1))
    if len(call.given) != 2:
        return Several(UNKNOWN)
    if items is None:
        return Several(scene.call(call.given[0], one_of(call.given[1])))
    return [scene.call(call.given[0], one) for one in items]


def _filter(scene: Scene, call: Call) -> Any:
    items = known_items(call.get("iterable", 1))
    if items is None or len(call.given) != 2:
        return Several(UNKNOWN)
    test = call.given[0]
    stays = [truth(one if test is None else scene.call(test, one)) for one in items]
    if None in stays:
        return Several(UNKNOWN)
    return [one for one, kept in zip(items, stays, strict=True) if kept]


def _any(scene: Scene, call: Call) -> Any:
    return _of_all(call, True)


def _all(scene: Scene, call: Call) -> Any:
    return _of_all(call, False)


def _of_all(call: Call, settles: bool) -> Any:
    """Return what ``any`` or ``all`` gives: one value that settles it, or none that does."""
    items = known_items(call.get("iterable", 0))
    found = [None] if items is None else [truth(one) for one in items]
    if settles in found:
        return settles
    return UNKNOWN if None in found else not settles


_PLAIN = {one.__name__: one for one in (str, int, float, bool, list, tuple, dict)}


def _isinstance(scene: Scene, call: Call) -> Any:
    if len(call.given) != 2:
        return UNKNOWN
    value, kinds = call.given
    several = kinds if isinstance(kinds, tuple) else (kinds,)
    if not all(isinstance(one, Named) for one in several):
        return UNKNOWN
    names = {kind_of_layer(one.path.rpartition(".")[2]) for one in several}
    if isinstance(value, Layer | Model):
        own = _kinds_of(value)
        return UNKNOWN if own is None else bool(own & names)
    if type(value) in _PLAIN.values() and names <= set(_PLAIN):
        return isinstance(value, tuple(_PLAIN[one] for one in names))
    return UNKNOWN


def _kinds_of(of: Layer | Model) -> set[str] | None:
    """Return the classes of Keras that a layer is of; None where that is unknown."""
    model = of.model if isinstance(of, Layer) else of
    if model is not None:
        names = {"Layer", "Model"}
        plain = model.kind in ("functional", "sequential", "application")
        more = {"Sequential" if model.kind == "sequential" else "Functional"}
        return names | more if plain else None
    if of.kind in ("Body", "Part", "Own", "Preprocess", "Operation"):
        return None
    return {"Layer", of.kind}


def _hasattr(scene: Scene, call: Call) -> Any:
    if len(call.given) != 2 or call.given[1] != "layers":
        return UNKNOWN
    kinds = _kinds_of(call.given[0]) if isinstance(call.given[0], Layer | Model) else None
    return UNKNOWN if kinds is None else "Model" in kinds


def _product(scene: Scene, call: Call) -> Any:
    parts = [known_items(one) for one in call.given]
    known = [one for one in parts if one is not None]
    if len(known) < len(parts) or call.named or math.prod(map(len, known)) > LARGEST:
        return Several(UNKNOWN)
    return list(itertools.product(*known))


def _copy(scene: Scene, call: Call) -> Any:
    return _copied(call.given[0]) if call.given else UNKNOWN


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in value.items()}
    if type(value) is list:
        return [_copied(one) for one in value]
    return value if isinstance(value, str | int | float | tuple | type(None)) else UNKNOWN


def _namedtuple(scene: Scene, call: Call) -> Any:
    """A class with these names, as if it were written out."""
    names = call.get("field_names", 1)
    names = names.replace(",", " ").split() if isinstance(names, str) else names
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        return UNKNOWN
    lines = "\n".join(f"    {one}: int" for one in names if one.isidentifier())
    try:
        (made,) = ast.parse(f"class Fields:\n{lines or '    pass'}").body
    except SyntaxError:
        return UNKNOWN
    return Class(made, Scope()) if isinstance(made, ast.ClassDef) else UNKNOWN


def _namespace(scene: Scene, call: Call) -> Any:
    return UNKNOWN if call.open else Arguments(dict(call.named))


def _length(scene: Scene, call: Call) -> Any:
    value = call.get("obj", 0)
    if isinstance(value, Pictures | Labels):
        return Unknown("len") if value.count is None else value.count
    if isinstance(value, dict | list) and (UNKNOWN in value or scene.has_grown(value)):
        return Unknown("len")
    if isinstance(value, list) and not all(map(_is_one, value)):
        return Unknown("len")
    return len(value) if isinstance(value, list | tuple | dict | str) else Unknown("len")


def _default(scene: Scene, call: Call) -> Any:
    """Of what is set outside of the script the default is known, as of its arguments."""
    return call.get("default", 1, UNKNOWN)


def _reduce(scene: Scene, call: Call) -> Any:
    items = known_items(call.get("iterable", 1))
    if items is None or len(call.given) not in (2, 3):
        return UNKNOWN
    waiting = [*call.given[2:], *items]
    value = waiting[0] if waiting else UNKNOWN
    for one in waiting[1:]:
        value = scene.call(call.given[0], value, one)
    return value


def _partial(scene: Scene, call: Call) -> Any:
    return Partial(call.given[0], call.given[1:], call.named) if call.given else UNKNOWN


FOLLOWED: dict[str, Callable[[Scene, Call], Any]] = {
    "builtins.setattr": _setattr,
    "builtins.getattr": _getattr,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.any": _any,
    "builtins.all": _all,
    "builtins.isinstance": _isinstance,
    "builtins.hasattr": _hasattr,
    "builtins.len": _length,
    "os.environ.get": _default,
    "os.getenv": _default,
    "functools.reduce": _reduce,
    "itertools.product": _product,
    "copy.deepcopy": _copy,
    "copy.copy": _copy,
    "collections.namedtuple": _namedtuple,
    "types.SimpleNamespace": _namespace,
    "argparse.Namespace": _namespace,
    "functools.partial": _partial,
    "argparse.ArgumentParser": arguments_of,
}
"""What those give that call others, or know of layers."""


def of_builtins(scene: Scene, call: Call) -> Any:
    """Return what a function of Python's own gives; its path begins with ``builtins``."""
    name, given = call.name, call.given
    if name == "dict" and call.named and not given:
        return dict(call.named)
    if name in ("list", "tuple") and given:
        if isinstance(given[0], list | tuple | range) and len(given[0]) < 1000:
            return list(given[0]) if name == "list" else tuple(given[0])
        return given[0] if isinstance(given[0], Prediction | Ordered | Several) else UNKNOWN
    if name in ("int", "float", "round") and given and isinstance(given[0], Prediction):
        return given[0]
    if name == "int" and given and isinstance(given[0], Divided):
        return given[0].floored()
    if not all(is_known(one) for one in given) and name not in (
        "enumerate",
        "zip",
        "reversed",
        "list",
    ):
        return given[0] if name == "sorted" and given else UNKNOWN
    reader = _READERS.get(name)
    if reader is None or any(isinstance(one, range) and len(one) > LARGEST for one in given):
        return UNKNOWN
    try:
        found = reader(*given, **call.named)
    except (TypeError, ValueError, OverflowError, ArithmeticError):
        return UNKNOWN
    return UNKNOWN if found is None else found


def _enumerated(value: Any, start: int = 0) -> Any:
    if isinstance(value, list | tuple):
        plain = all(map(_is_one, value))
        return [(number if plain else UNKNOWN, one) for number, one in enumerate(value, start)]
    numbers = Labels(object(), 0, "integers", lowest=start) if isinstance(start, int) else UNKNOWN
    return Several((numbers, UNKNOWN))


def _is_one(value: Any) -> bool:
    """Return whether a value is one thing, and not all the layers of a network together."""
    return not (isinstance(value, Layer) and value.kind in ("Body", "Part"))


def _zipped(*values: Any) -> Any:
    plain = all(isinstance(one, list | tuple) for one in values)
    return list(zip(*values, strict=False)) if plain else Several(UNKNOWN)


def _reversed(value: Any) -> Any:
    return list(reversed(value)) if isinstance(value, list | tuple) else UNKNOWN


_READERS: dict[str, Callable[..., Any]] = {
    "range": range,
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "max": max,
    "min": min,
    "sum": sum,
    "abs": abs,
    "round": round,
    "sorted": sorted,
    "enumerate": _enumerated,
    "zip": _zipped,
    "reversed": _reversed,
    "slice": slice,
    "dict": dict,
}
