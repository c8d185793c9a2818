"""Keras's description of a model, followed from its answer back to its pixels: a chain of layers.

Nothing is made of it but a list; what is no layer known here is refused by its name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from vgg_transfer.adoption.operations import OPERATIONS, as_layer
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


@dataclass(frozen=True)
class Layer:
    """A layer: its kind as Keras calls it, its name, its settings and its arrays.

    ``FlipColours`` and ``ScaleColours`` stand for operations: see ``operations``.
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
    if kind not in SILENT | _COMPUTING | OPERATIONS:
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
        if one["class_name"] in OPERATIONS:
            taken = [members[each] for each in before]
            one = as_layer({**one, "name": name}, taken)
            if len(taken) > 1:  # colours, taken out of one image
                before = list(dict.fromkeys(_histories([each["inbound_nodes"] for each in taken])))
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
