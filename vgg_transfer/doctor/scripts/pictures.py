"""Pictures of a script: where they come from, and what was done to their pixels."""

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Step:
    """Something that was done to pixels.

    Args:
        kind: ``times`` (by ``amount``), ``plus`` (``amount``), ``preprocess`` (of ``module``),
            ``standardize`` or ``other``.
        line: where.
    """

    kind: str
    line: int
    amount: float | None = None
    module: str = ""

    @property
    def same(self) -> tuple[Any, ...]:
        """What it does, wherever it stands."""
        amount = None if self.amount is None else float(f"{self.amount:.2g}")
        return (self.kind, amount, self.module)


@dataclass(frozen=True)
class Pictures:
    """Images.

    Args:
        origin: two that have the same one are the same images: a key of any kind.
        line: where they came from.
        known: whether they start as pixels from 0 to 255.
        split: ``train``, ``val`` or ``test`` where their source says it.
        name: what the script calls them.
        steps: what was done to the pixels, in order.
        augmented: where they are changed at random, 0 where they are not; None is unknown.
        size: their side in pixels.
        count: how many there are.
    """

    origin: Any
    line: int
    known: bool = False
    split: str = ""
    name: str = ""
    steps: tuple[Step, ...] = ()
    augmented: int | None = 0
    size: int | None = None
    count: int | None = None

    def done(self, step: Step) -> "Pictures":
        """Return them with something done to their pixels."""
        return replace(self, steps=(*self.steps, step))


def state_of(start: str, steps: tuple[Step, ...]) -> str:
    """Return what pixels have become: ``raw``, ``unit``, ``signed``, ``bgr``, ``torch``, ...

    ``unknown`` where that cannot be said.
    """
    low, high, state = 0.0, 255.0, start
    for step in steps:
        if state not in ("raw", "unit", "signed", "range"):
            state = "raw" if step.kind == "other" and state == "raw" else "unknown"
        elif step.kind == "preprocess":
            state = step.module if state == "raw" else "unknown"
            if step.module == "signed" and state == "signed":
                low, high = -1.0, 1.0
            continue
        elif step.kind in ("times", "plus") and step.amount is not None:
            factor, shift = (step.amount, 0.0) if step.kind == "times" else (1.0, step.amount)
            low, high = low * factor + shift, high * factor + shift
            state = _range(low, high)
        else:
            state = "standardized" if step.kind == "standardize" else "unknown"
    return state


def _range(low: float, high: float) -> str:
    if abs(low) < 0.02 and 0.9 < high < 1.1:
        return "unit"
    if -1.1 < low < -0.9 and 0.9 < high < 1.1:
        return "signed"
    if abs(low) < 1e-9 and abs(high - 255) < 2:
        return "raw"
    return "range"
