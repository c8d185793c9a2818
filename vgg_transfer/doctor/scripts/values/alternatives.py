"""What may be one thing or another: what both have in common, else unknown."""

from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.scripts.values.networks import Layer, Tensor
from vgg_transfer.doctor.scripts.values.pictures import Pictures, Step
from vgg_transfer.doctor.scripts.values.unknown import Unknown, is_known

_OPTIONAL = frozenset(
    ("Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "BatchNormalization")
)


def is_optional(layer: Any) -> bool:
    """Return whether a layer may be there or not, and all else that is said of a model stays."""
    return isinstance(layer, Layer) and layer.kind in _OPTIONAL


def same(first: Any, second: Any) -> bool:
    """Return whether two values are known to be the same."""
    if first is second:
        return True
    return is_known(first) and type(first) is type(second) and bool(first == second)


def either(values: list[Any], name: str = "") -> Any:
    """Return what a value is that may be any of several.

    Args:
        values: one or more.
        name: what the value is called in the script, where it has a name.
    """
    first = values[0]
    if all(same(first, one) for one in values[1:]):
        return first
    if all(isinstance(one, tuple) and len(one) == len(first) for one in values):
        return tuple(either([one[n] for one in values]) for n in range(len(first)))
    if all(isinstance(one, Tensor) for one in values):
        longest = max(values, key=_optional_behind)
        bare = _bare(first)
        if all(_bare(one) is bare for one in values):
            return longest
    if all(isinstance(one, Pictures) and one.origin == first.origin for one in values):
        return _prepared_somehow(values)
    return Unknown(name)


def _optional_behind(tensor: Tensor) -> int:
    count = 0
    while is_optional(tensor.layer) and tensor.inputs:
        tensor, count = tensor.inputs[0], count + 1
    return count


def _bare(tensor: Tensor) -> Tensor:
    """Return a tensor before the layers that may be there or not."""
    while is_optional(tensor.layer) and tensor.inputs:
        tensor = tensor.inputs[0]
    return tensor


def _prepared_somehow(values: list[Pictures]) -> Pictures:
    """The same images, whatever was done to their pixels."""
    first = values[0]
    alike = all(one.way == first.way for one in values)
    size = first.size if len({one.size for one in values}) == 1 else None
    augmented = first.augmented if len({one.augmented for one in values}) == 1 else None
    steps = first.steps if alike else (Step("other-numbers", first.line),)
    return replace(first, steps=steps, size=size, augmented=augmented)
