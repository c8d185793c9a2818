"""How a model of a script ends: its output units, and what makes probabilities of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vgg_transfer.doctor.scripts.story.models import Compiled, Fitted
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.doctor.scripts.values.calling import Named
from vgg_transfer.doctor.scripts.values.networks import Layer, Model
from vgg_transfer.doctor.scripts.values.unknown import Unknown

_BEHIND = ("Dropout", "Flatten", "Reshape", "InputLayer")


@dataclass(frozen=True)
class Ending:
    """The end of a model.

    Args:
        layer: the last layer with units.
        units: how many; None where that is unknown.
        activation: ``softmax``, ``sigmoid``, ``linear`` or another; empty where it is unknown.
        line: where the activation is said.
        axis: the axis of a softmax, where it is said.
    """

    layer: Layer
    units: int | None
    activation: str
    line: int
    axis: Any = -1


def ending_of(model: Model) -> Ending | None:
    """Return how a model ends; None where that cannot be said."""
    if not model.plain:
        return None
    said: tuple[str, int, Any] | None = None
    for layer in reversed(list(model.all_layers)):
        if layer.kind in ("Activation", "Softmax"):
            found = "softmax" if layer.kind == "Softmax" else activation_of(layer)
            if said is None:
                said = (found, layer.line_of("activation"), layer.settings.get("axis", -1))
        elif layer.kind == "Dense":
            units = layer.settings.get("units")
            if said is None:
                axis = layer.settings.get("axis", -1)
                said = (activation_of(layer), layer.line_of("activation"), axis)
            whole = units if isinstance(units, int) else None
            return Ending(layer, whole, said[0], said[1], said[2])
        elif layer.kind not in _BEHIND:
            return None
    return None


def activation_of(layer: Layer) -> str:
    """Return the activation of a layer by its name; empty where it is unknown."""
    if "**" in layer.settings:
        return ""
    given = layer.settings.get("activation")
    if isinstance(given, Named):
        given = given.path.rpartition(".")[2]
    if isinstance(given, Layer):
        return "softmax" if given.kind == "Softmax" else given.kind.lower()
    if given is None:
        return "linear"
    return "" if isinstance(given, Unknown) or not isinstance(given, str) else given.lower()


def trained(story: Story) -> Iterator[tuple[Fitted, Compiled]]:
    """Yield each training of a model that was compiled; of those in a loop what differs."""
    seen: set[tuple[Any, ...]] = set()
    for fitted in story.all(Fitted):
        learns = tuple(value is True for value in fitted.trains.values())
        key = (fitted.line, id(fitted.model), id(fitted.compiled), learns)
        if fitted.compiled is not None and key not in seen:
            seen.add(key)
            yield fitted, fitted.compiled


def compiled_with(story: Story) -> Iterator[tuple[Compiled, Fitted | None]]:
    """Yield each time a model is compiled, with the first training that follows."""
    first: dict[int, Fitted] = {}
    for fitted in story.all(Fitted):
        first.setdefault(id(fitted.compiled), fitted)
    for compiled in story.all(Compiled):
        yield compiled, first.get(id(compiled))
