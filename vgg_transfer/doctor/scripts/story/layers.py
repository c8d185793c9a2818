"""What a script does to layers and names: events of its story."""

from dataclasses import dataclass
from typing import Any

from vgg_transfer.doctor.scripts.values.networks import Layer, Model


@dataclass(frozen=True, eq=False)
class Made:
    """A layer, a model, a generator or something else of Keras was made."""

    line: int
    what: Any


@dataclass(frozen=True, eq=False)
class TrainableSet:
    """``trainable`` of layers was set; ``before`` says what they had."""

    line: int
    layers: tuple[Layer, ...]
    value: Any
    before: tuple[Any, ...]
    target: Layer | Model


@dataclass(frozen=True, eq=False)
class Sliced:
    """Layers of a model were taken by their place from the end."""

    line: int
    model: Model
    text: str
    layers: tuple[Layer, ...]
    rest: tuple[Layer, ...]
    ends: bool


@dataclass(frozen=True, eq=False)
class Popped:
    """Layers were taken out of a list that is a copy."""

    line: int
    model: Model
    text: str


@dataclass(frozen=True, eq=False)
class Used:
    """Something of Keras was named: a module, a class, a method, an argument."""

    line: int
    what: str
    kind: str = "name"
