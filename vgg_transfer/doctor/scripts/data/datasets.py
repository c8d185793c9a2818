"""tf.data: what its methods make of a data set."""

from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.batches import Batches
from vgg_transfer.doctor.scripts.values.calling import Call
from vgg_transfer.doctor.scripts.values.labels import Labels
from vgg_transfer.doctor.scripts.values.origins import Part, key_of
from vgg_transfer.doctor.scripts.values.pictures import Pictures, joined
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Several, Unknown

_SAME = ("prefetch", "cache", "unbatch", "with_options", "apply", "rebatch", "repeat")


def of_dataset(scene: Scene, of: Batches, name: str, call: Call) -> Any:
    """Return what a method of a data set gives; unknown where it is none of ours."""
    if name in _SAME:
        return of
    if name == "map":
        return _mapped(scene, of, call)
    if name == "batch":
        drops = call.get("drop_remainder", 1, False) is True
        line = call.line_of("drop_remainder") if drops else 0
        return replace(of, batch_size=call.get("batch_size", 0), dropping=line)
    if name == "shuffle":
        again = call.get("reshuffle_each_iteration", 2, True)
        return replace(of, shuffled=True if again is True else None, shuffled_line=call.line)
    if name in ("take", "skip", "shard", "filter", "enumerate", "window"):
        if name == "take" and call.get("count", 0) == -1:
            return of
        return _part(of, name, call)
    if name == "concatenate":
        return _joined(of, call.get("dataset", 0))
    if name in ("as_numpy_iterator", "__iter__"):
        return of
    return UNKNOWN


def _part(of: Batches, name: str, call: Call) -> Batches | Unknown:
    if name not in ("take", "skip", "shard"):
        return UNKNOWN
    key = (name, *map(key_of, (*call.given, *call.named.values())))
    pictures = replace(of.pictures, origin=Part(of.pictures.origin, key), count=None)
    return replace(of, pictures=pictures)


def _joined(of: Batches, other: Any) -> Batches | Unknown:
    """Return two data sets one behind the other; in what is unknown nothing is known to be."""
    if not isinstance(other, Batches):
        return UNKNOWN
    labels = of.labels
    if labels is not None and other.labels is not None:
        same = (labels.form, labels.width, labels.lowest) == (
            *(other.labels.form, other.labels.width, other.labels.lowest),
        )
        labels = labels if same else Labels(object(), of.line)
    return replace(of, pictures=joined([of.pictures, other.pictures]), labels=labels)


def _mapped(scene: Scene, of: Batches, call: Call) -> Any:
    function = call.get("map_func", 0)
    given: tuple[Any, ...] = (of.pictures,) if of.labels is None else (of.pictures, of.labels)
    found = scene.call(function, *given)
    if isinstance(found, Labels) and found is of.labels:
        return Several(replace(found, ordered=of))
    pictures: Any = found
    labels: Any = None if isinstance(found, Pictures) else of.labels
    if isinstance(found, tuple) and len(found) in (2, 3):
        pictures, labels = found[0], found[1]
    if not isinstance(pictures, Pictures):
        # What was done to the pixels is not known, and they are the same images still.
        pictures = replace(of.pictures, known=False, augmented=None, steps=())
        pictures = replace(pictures, size=None)
    if labels is not None and not isinstance(labels, Labels):
        origin = of.labels.origin if of.labels else of.pictures.origin
        labels = Labels(origin, call.line)
    return replace(of, pictures=pictures, labels=labels)
