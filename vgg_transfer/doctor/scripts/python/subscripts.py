"""What stands in brackets: an item, a slice, and layers that are counted from the end."""

import ast
from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.scripts.story.layers import Sliced
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.batches import Batches, Ordered, Prediction
from vgg_transfer.doctor.scripts.values.calling import Named
from vgg_transfer.doctor.scripts.values.labels import Labels, numbered
from vgg_transfer.doctor.scripts.values.networks import Layer, LayerList, Model
from vgg_transfer.doctor.scripts.values.origins import Part, key_of
from vgg_transfer.doctor.scripts.values.pictures import Pictures
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Several, Unknown, is_known


def item(scene: Scene, of: Any, key: Any, node: ast.Subscript) -> Any:
    """Return what a value holds at a key or in a slice."""
    if isinstance(of, LayerList):
        return _layers(scene, of, key, node)
    if isinstance(of, list | tuple | str | range) and isinstance(key, int | slice):
        try:
            found = of[key]
        except (IndexError, ValueError, TypeError):
            return UNKNOWN
        return list(found) if isinstance(found, range) else found
    if isinstance(of, dict):
        if isinstance(key, Unknown):
            return numbered(of, node.lineno) or UNKNOWN
        try:
            return of.get(key, UNKNOWN)
        except TypeError:
            return UNKNOWN
    if isinstance(of, Several):
        return of if isinstance(key, slice) else of.of
    if isinstance(of, Pictures | Labels):
        return _part(of, key, node)
    if isinstance(of, Ordered):
        return of
    if isinstance(of, Batches) and key in (0, 1):
        return of.pictures if key == 0 else of.labels
    if isinstance(of, Prediction):
        return of
    if isinstance(of, Unknown) and of.text:
        return _of_unknown(scene, of, key, node)
    return UNKNOWN


def _part(of: Pictures | Labels, key: Any, node: ast.Subscript) -> Any:
    """A part of an array is other images than another part; the same indices give the same."""
    first, *rest = key if isinstance(key, tuple) and key else (key,)
    if rest and not all(_is_new(one) for one in rest):
        return UNKNOWN  # Rows, columns or channels.
    if first is ... or first == slice(None):
        return of
    count = None
    if isinstance(first, slice) and of.count is not None:
        try:
            count = len(range(of.count)[first])
        except (TypeError, ValueError):
            count = None
    return replace(of, origin=Part(of.origin, key_of(first)), count=count)


def _is_new(key: Any) -> bool:
    """Return whether a key takes all, or adds a direction."""
    whole = key is None or key is ... or (isinstance(key, slice) and key == slice(None))
    return whole or (isinstance(key, Named) and key.path.endswith(".newaxis"))


def _of_unknown(scene: Scene, of: Unknown, key: Any, node: ast.Subscript) -> Unknown:
    """The same part of the same unknown value is the same unknown value."""
    place = key_of(key)
    part = Unknown(f"{of.text}[{ast.unparse(node.slice)}]", whole=of, key=place)
    if of.together is not None and isinstance(key, str):
        part.together = (of.together, key)
    known: Unknown = scene.loose.setdefault((of, place), part)
    return known


def _layers(scene: Scene, of: LayerList, key: Any, node: ast.Subscript) -> Any:
    model = of.model
    if not isinstance(key, int | slice) or not is_known(_parts(key)):
        return Several(UNKNOWN) if isinstance(key, slice) else UNKNOWN
    text = f"layers[{ast.unparse(node.slice)}]"
    if model.uncertain or model.kind in ("loaded", "subclass"):
        return UNKNOWN if isinstance(key, int) else Several(UNKNOWN)
    if model.opaque or any(layer.kind in ("Body", "Part") for layer in of):
        return _of_opaque(of, key, text)
    try:
        found = of[key]
    except (IndexError, ValueError, TypeError):
        return UNKNOWN
    chosen: tuple[Layer, ...] = (found,) if isinstance(found, Layer) else tuple(found)
    from_end = isinstance(key, int) and key < 0
    ends = isinstance(key, slice) and key.start is None and _negative(key.stop)
    starts = isinstance(key, slice) and _negative(key.start) and key.stop is None
    if from_end or ends or starts:
        rest = tuple(one for one in of if one not in chosen)
        scene.tell(Sliced(node.lineno, model, text, chosen, rest, ends))
    if isinstance(found, Layer):
        return found
    return list(found)


def _parts(key: int | slice) -> Any:
    return [key.start, key.stop, key.step] if isinstance(key, slice) else key


def _of_opaque(of: LayerList, key: int | slice, text: str) -> Any:
    """Return a part of a network that is known as a whole only; it may learn by itself."""
    if isinstance(key, int):
        if -len(of) <= key < 0 and all(one.kind not in ("Body", "Part") for one in of[key:]):
            return of[key]
        return UNKNOWN
    if key == slice(None, None, None):
        return list(of)
    body = next(one for one in of if one.kind in ("Body", "Part"))
    owner: Model = body.owner or of.model
    part = next((one for one in owner.layers if one.name == text), None)
    if part is None:
        part = Layer("Part", body.line, name=text, trainable=body.trainable, owner=owner)
        owner.layers.append(part)
    return [part]


def _negative(value: Any) -> bool:
    return isinstance(value, int) and value < 0
