"""Methods: of Python's lists, dicts and texts here, of all else as Keras has them."""

from typing import Any

from vgg_transfer.doctor.scripts.keras.methods import of_keras_method
from vgg_transfer.doctor.scripts.python.arguments import Arguments, of_arguments
from vgg_transfer.doctor.scripts.python.texts import of_text
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.alternatives import either, is_optional
from vgg_transfer.doctor.scripts.values.batches import Ordered, Prediction
from vgg_transfer.doctor.scripts.values.calling import Call, Method
from vgg_transfer.doctor.scripts.values.labels import Labels
from vgg_transfer.doctor.scripts.values.networks import Layer, LayerList, Model
from vgg_transfer.doctor.scripts.values.pictures import Pictures
from vgg_transfer.doctor.scripts.values.unknown import LARGEST, UNKNOWN


def of_method(scene: Scene, method: Method, call: Call) -> Any:
    """Return what a method gives; unknown where it is none of ours."""
    of, name = method.of, method.name
    if isinstance(of, list) and (not isinstance(of, LayerList) or of.kept):
        return _of_list(scene, of, name, call)
    if isinstance(of, dict):
        return _of_dict(scene, of, name, call)
    if isinstance(of, str):
        return of_text(of, name, call)
    if isinstance(of, Arguments):
        return of_arguments(of, name, call)
    return of_keras_method(scene, method, call)


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
