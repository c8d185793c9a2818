"""What a script chooses for a training: optimizer, loss, callbacks."""

from dataclasses import dataclass, field
from typing import Any

from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN

RATE = ("learning_rate", "lr")
"""What the rate of an optimizer is called."""


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
        return next((self.lines[one] for one in RATE if one in self.lines), self.line)


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

    @property
    def keeps_best(self) -> bool:
        """Whether it writes the best weights, and no others, into a file."""
        return self.kind == "ModelCheckpoint" and self.settings.get("save_best_only") is True

    @property
    def decides(self) -> bool:
        """Whether the number that it watches decides anything: the end, the rate, what is kept."""
        return self.kind in ("EarlyStopping", "ReduceLROnPlateau") or self.keeps_best
