"""What a script does with models: events of its story."""

from dataclasses import dataclass, field
from typing import Any

from vgg_transfer.doctor.scripts.values.batches import Batches
from vgg_transfer.doctor.scripts.values.choices import Callback, Loss, Optimizer
from vgg_transfer.doctor.scripts.values.networks import Layer, Model


@dataclass(frozen=True, eq=False)
class Compiled:
    """A model was compiled.

    ``trains`` and ``own`` say what learns: that is decided when its first training begins, and
    they say what it was when it was compiled only until then.
    """

    line: int
    model: Model
    optimizer: Optimizer | None
    loss: Loss | None
    metrics: tuple[Any, ...]
    metrics_line: int
    trains: dict[Layer, Any]
    sure: bool = True
    own: dict[Layer, Any] = field(default_factory=dict)
    begun: list["Fitted"] = field(default_factory=list)

    def begin(self, first: "Fitted") -> None:
        """Note its first training, which decides what learns."""
        self.begun.append(first)
        for mine, theirs in ((self.trains, first.trains), (self.own, first.own)):
            mine.clear()
            mine.update(theirs)


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model was trained; ``statement`` is the line of the script itself that led there."""

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
    statement: int = 0


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
