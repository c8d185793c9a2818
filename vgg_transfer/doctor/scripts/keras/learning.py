"""Which layers learn: what they say, what their containers say, and how that is set."""

from typing import Any

from vgg_transfer.doctor.scripts.values.networks import Layer, Model
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN


def effective(model: Model, whole: Any = None) -> dict[Layer, Any]:
    """Return which layers with weights learn: True, False or unknown.

    Args:
        model: what is trained.
        whole: what the model says that all is in; None where it is this one. In Keras 3 only that
            one has a say beside the layers: a layer that is opened in a frozen container learns.
    """
    found: dict[Layer, Any] = {}
    mine = model.trainable if whole is None else whole
    owners = dict.fromkeys(one.owner for one in model.layers if one.kind == "Body")
    parts = [part for owner in owners if owner for part in owner.layers if part.kind == "Part"]
    for layer in dict.fromkeys((*model.layers, *parts)):
        if layer.model is not None:
            found |= effective(layer.model, mine)
        elif layer.has_weights:
            found[layer] = _both(mine, layer.trainable)
    return found


def own(model: Model) -> dict[Layer, Any]:
    """Return what each layer with weights says of itself, whatever its containers say."""
    return {one: one.trainable for one in model.all_layers if one.has_weights}


def _both(first: Any, second: Any) -> Any:
    if first is False or second is False:
        return False
    return True if first is True and second is True else UNKNOWN


def set_trainable(target: Layer | Model, value: Any) -> None:
    """Set what Keras sets: of a model, all that is in it too."""
    waiting: list[Layer | Model] = [target]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        one.trainable = value
        if isinstance(one, Model):
            waiting += one.layers
        elif one.model is not None:
            waiting.append(one.model)
