"""Keras's description of a model, followed from its answer back to its pixels: a chain of layers.

Nothing is made of it but a list; what is no layer known here is refused by its name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from vgg_transfer.adoption.stored import Parts
from vgg_transfer.errors import AdoptionError
from vgg_transfer.words import excerpt

_MODELS = ("Sequential", "Functional", "Model")
# Dropout, noise and augmentation do nothing to an image that is asked about.
SILENT = frozenset(
    [
        "InputLayer",
        "Dropout",
        "SpatialDropout2D",
        "AlphaDropout",
        "GaussianDropout",
        "GaussianNoise",
        "ActivityRegularization",
        "RandomFlip",
        "RandomRotation",
        "RandomZoom",
        "RandomTranslation",
        "RandomContrast",
        "RandomBrightness",
        "RandomCrop",
        "RandomShear",
        "RandomHeight",
        "RandomWidth",
    ]
)
_COMPUTING = frozenset(
    [
        "Conv2D",
        "MaxPooling2D",
        "ZeroPadding2D",
        "GlobalAveragePooling2D",
        "GlobalMaxPooling2D",
        "Flatten",
        "Dense",
        "Activation",
        "ReLU",
        "Softmax",
        "BatchNormalization",
        "Rescaling",
        "Normalization",
        "Resizing",
    ]
)
# How preprocess_input of Keras looks within a model: colours in the other order, less the means.
_OPERATIONS = frozenset(("GetItem", "Stack", "Add", "SlicingOpLambda", "TFOpLambda"))


@dataclass(frozen=True)
class Layer:
    """A layer: its kind as Keras calls it, its name, its settings and its arrays.

    ``FlipColours`` and ``AddColours`` stand for operations of ``preprocess_input`` in a model.
    """

    kind: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    arrays: Parts = field(default_factory=dict)


def chain_of(description: Mapping[str, Any]) -> tuple[Layer, ...]:
    """Return the layers that a model's description names, in the order an image meets them.

    Raises:
        AdoptionError: a layer is unknown or brings code, or the layers are no chain.
    """
    for each in _every(description):
        _check_known(each)
    return tuple(_chain(description))


def _every(description: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the description of every layer, also of those in models inside."""
    for one in _members(description):
        if one["class_name"] in _MODELS:
            yield from _every(one)
        else:
            yield one


def _members(description: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    kind = description["class_name"]
    if kind not in _MODELS:
        raise AdoptionError(
            f"it is a model of the class {excerpt(str(kind))}, whose code is not in it and would "
            "not be run: build the same layers as a Sequential or functional model, load the "
            "weights into it and save that"
        )
    inside = description["config"]
    members: list[Mapping[str, Any]] = inside if isinstance(inside, list) else inside["layers"]
    return members


def _check_known(layer: Mapping[str, Any]) -> None:
    kind, name = str(layer["class_name"]), excerpt(_name(layer))
    if kind == "Lambda":
        raise AdoptionError(
            f'its layer "{name}" is a Lambda, which brings code of its own, and code from a file '
            "is never run: take the layer out of the model (what it did to pixels is tried by "
            "itself, with labelled images), then save and adopt it again"
        )
    if kind not in SILENT | _COMPUTING | _OPERATIONS:
        raise AdoptionError(
            f'its layer "{name}" is of the kind {excerpt(kind)}, which no VGG16 or VGG19 with a '
            "head has: only such networks are adopted, and custom objects never"
        )
    if layer["config"].get("data_format") == "channels_first":
        raise AdoptionError(
            f'its layer "{name}" has its colours first (data_format = "channels_first"): save it '
            'with "channels_last"'
        )


def _name(layer: Mapping[str, Any]) -> str:
    return str(layer.get("name") or layer["config"].get("name", ""))


def _chain(description: Mapping[str, Any]) -> Iterator[Layer]:
    members = _members(description)
    if description["class_name"] != "Sequential":
        members = _followed(description["config"], {_name(one): one for one in members})
    for one in members:
        if one["class_name"] in _MODELS:
            yield from _chain(one)
        else:
            yield Layer(one["class_name"], _name(one), one["config"])


def _followed(
    inside: Mapping[str, Any], members: Mapping[str, Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return the members on the way from the input to the output."""
    ends = list(dict.fromkeys(_histories(inside["output_layers"])))
    if len(ends) != 1:
        raise AdoptionError(f"it has {len(ends)} outputs, and a classifier has one")
    found: list[Mapping[str, Any]] = []
    name: str | None = ends[0]
    while name is not None and len(found) <= len(members):
        one = members[name]
        nodes = one["inbound_nodes"]
        if one["class_name"] != "InputLayer" and len(nodes) != 1:
            raise AdoptionError(f'its layer "{excerpt(name)}" is used {len(nodes)} times, not once')
        before = list(dict.fromkeys(_histories(nodes)))
        one, before = _operation(one, before, members)
        found.append(one)
        if len(before) > 1:
            raise AdoptionError(
                f'its layer "{excerpt(name)}" joins {len(before)} others: a VGG is one chain'
            )
        name = before[0] if before else None
    return found[::-1]


def _histories(nested: Any) -> Iterator[str]:
    """Yield the names of the layers that a node takes its input from, in any version's form."""
    if isinstance(nested, Mapping):
        for value in nested.values():
            yield from _histories(value)
    elif isinstance(nested, list):
        if len(nested) >= 3 and isinstance(nested[0], str) and nested[1:3] == [0, 0]:
            yield nested[0]
        else:
            for value in nested:
                yield from _histories(value)


def _operation(
    one: Mapping[str, Any], before: list[str], members: Mapping[str, Mapping[str, Any]]
) -> tuple[Mapping[str, Any], list[str]]:
    """Return a layer that stands for an operation of ``preprocess_input``; others as they are."""
    kind = one["class_name"]
    if kind not in _OPERATIONS:
        return one, before
    if kind == "Stack":
        taken = [members[name] for name in before]
        places = [_colour(each) for each in taken]
        if places == [2, 1, 0]:
            sources = list(dict.fromkeys(_histories([each["inbound_nodes"] for each in taken])))
            return {"class_name": "FlipColours", "name": _name(one), "config": {}}, sources
    said = str(one["inbound_nodes"])
    if kind == "SlicingOpLambda" and "'step': -1" in said:
        return {"class_name": "FlipColours", "name": _name(one), "config": {}}, before
    numbers = list(_numbers(one["inbound_nodes"]))
    if kind in ("Add", "TFOpLambda") and len(numbers) == 3:
        config = {"offset": numbers}
        return {"class_name": "AddColours", "name": _name(one), "config": config}, before
    raise AdoptionError(
        f'its layer "{excerpt(_name(one))}" is an operation ({kind}) that is not one of '
        "preprocess_input: take it out of the model, then save and adopt it again"
    )


def _colour(layer: Mapping[str, Any]) -> int | None:
    """Return which colour is taken out of an image, where that is all that is done."""
    if layer["class_name"] != "GetItem":
        return None
    taken = layer["inbound_nodes"][0]["args"][1]
    return int(taken[1]) if len(taken) == 2 and isinstance(taken[1], int) else None


def _numbers(nested: Any) -> Iterator[float]:
    if isinstance(nested, float):
        yield nested
    elif isinstance(nested, Mapping | list):
        for value in nested.values() if isinstance(nested, Mapping) else nested:
            yield from _numbers(value)
