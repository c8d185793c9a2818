"""Which layers learn: what they say, what their containers say, and how that is set."""

from typing import Any

from vgg_transfer.doctor.scripts.networks import Layer, Model
from vgg_transfer.doctor.scripts.unknown import UNKNOWN


def effective(model: Model, above: bool = True) -> dict[Layer, Any]:
    """Return which layers with weights learn: True, False or unknown; containers have a say."""
    found: dict[Layer, Any] = {}
    mine = _both(above, model.trainable)
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
    target.trainable = value
    if isinstance(target, Layer) and target.model is not None:
        set_trainable(target.model, value)
    if isinstance(target, Model):
        for layer in target.layers:
            if layer.trainable is not value:
                set_trainable(layer, value)
