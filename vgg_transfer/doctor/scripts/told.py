"""What a script does with models: events of its story."""

from dataclasses import dataclass, field
from typing import Any

from vgg_transfer.doctor.scripts.batches import Batches
from vgg_transfer.doctor.scripts.choices import Callback, Loss, Optimizer
from vgg_transfer.doctor.scripts.networks import Layer, Model


@dataclass(frozen=True, eq=False)
class Compiled:
    """A model was compiled."""

    line: int
    model: Model
    optimizer: Optimizer | None
    loss: Loss | None
    metrics: tuple[Any, ...]
    metrics_line: int
    trains: dict[Layer, Any]
    sure: bool = True
    own: dict[Layer, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model was trained."""

    line: int
    model: Model
    data: Any
    validation: Any
    epochs: int | None
    callbacks: tuple[Callback, ...] | None
    compiled: Compiled | None
    trains: dict[Layer, Any]
    settings: dict[str, Any]
    lines: dict[str, int]
    sure: bool = True
    own: dict[Layer, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Asked:
    """A model predicted or was judged: ``predict``, ``evaluate``."""

    line: int
    what: str
    model: Model
    data: Any
    steps: Any = None
    steps_line: int = 0


@dataclass(frozen=True, eq=False)
class Matched:
    """Predictions were laid beside labels in their order."""

    line: int
    asked: Asked
    labels: Batches


@dataclass(frozen=True, eq=False)
class Loaded:
    """Weights were read into a model."""

    line: int
    model: Model
