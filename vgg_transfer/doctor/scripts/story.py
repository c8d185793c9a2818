"""The story of a script: what it does, in order."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from vgg_transfer.doctor.scripts.networks import Layer, Model
from vgg_transfer.doctor.scripts.pictures import Batches
from vgg_transfer.doctor.scripts.source import Source
from vgg_transfer.doctor.scripts.values import UNKNOWN


@dataclass(frozen=True, eq=False)
class Optimizer:
    """An optimizer; ``rate`` is a number, or unknown where it is not known or goes by a plan."""

    kind: str
    line: int
    rate: Any = UNKNOWN
    by_default: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def rate_line(self) -> int:
        """Where the rate is said."""
        return next(
            (self.lines[one] for one in ("learning_rate", "lr") if one in self.lines), self.line
        )


@dataclass(frozen=True, eq=False)
class Loss:
    """A loss; ``from_logits`` may be unknown."""

    kind: str
    line: int
    from_logits: Any = False
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Callback:
    """A callback of Keras, with its arguments."""

    kind: str
    line: int
    settings: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


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
class Used:
    """Something of Keras was named: a module, a class, a method, an argument."""

    line: int
    what: str
    kind: str = "name"


@dataclass(frozen=True, eq=False)
class Loaded:
    """Weights were read into a model."""

    line: int
    model: Model


@dataclass(frozen=True, eq=False)
class Story:
    """What a script does.

    Args:
        source: its text.
        events: what happens, in order.
        unread: what could not be followed: the line, and what.
    """

    source: Source
    events: tuple[Any, ...]
    unread: tuple[tuple[int, str], ...] = ()

    @cached_property
    def _kinds(self) -> dict[type, list[Any]]:
        found: dict[type, list[Any]] = {}
        for event in self.events:
            found.setdefault(type(event), []).append(event)
        return found

    @cached_property
    def _places(self) -> dict[int, int]:
        return {id(event): number for number, event in enumerate(self.events)}

    def all(self, kind: type) -> list[Any]:
        """Return the events of a kind."""
        return self._kinds.get(kind, [])

    def between(self, first: Any, last: Any = None) -> tuple[Any, ...]:
        """Return the events from one on, until another or to the end."""
        end = len(self.events) if last is None else self._places[id(last)]
        begin = self._places.get(id(first), end)  # of a loop not all is told
        return self.events[begin:end]

    def before(self, event: Any) -> tuple[Any, ...]:
        """Return the events before one."""
        return self.events[: self._places[id(event)]]

    @property
    def trainings(self) -> int:
        """How many trainings there are, at lines of their own."""
        return len({one.line for one in self.all(Fitted)})
