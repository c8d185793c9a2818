"""Pictures of a script: where they come from, and what was done to their pixels."""

from dataclasses import dataclass, replace
from typing import Any

from vgg_transfer.doctor.scripts.values.origins import Joined, origin_of
from vgg_transfer.doctor.scripts.values.unknown import Unknown


@dataclass(frozen=True)
class Step:
    """Something that was done to pixels.

    Args:
        kind: ``times`` (by ``amount``), ``plus`` (``amount``), ``preprocess``, ``centre`` (less a
            mean), ``spread`` (over a deviation), ``standardize`` (both), ``other`` (at random) or
            ``other-numbers`` (nobody knows what).
        line: where.
        amount: the number, where it is known.
        module: of ``preprocess``, what it makes of pixels: a state as in `state_of`.
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
        origin: two that have the same one are the same images: a key of any kind; `origins.py`.
        line: where they came from.
        known: whether they start as pixels from 0 to 255.
        split: ``train``, ``val`` or ``test`` where their source says it.
        name: what the script calls them.
        steps: what was done to the pixels, in order.
        augmented: where they are changed at random, 0 where they are not; None is unknown.
        size: their side in pixels.
        count: how many there are.
        alike: two that have the same one were the same kind of pixels before the steps; None where
            nobody knows.
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
    alike: Any = None

    @property
    def way(self) -> list[tuple[Any, ...]]:
        """What was done to the pixels, wherever it stands; equal ways do the same."""
        return [one.same for one in self.steps]

    def done(self, step: Step) -> "Pictures":
        """Return them with something done to their pixels."""
        return replace(self, steps=(*self.steps, step))


def unseen(value: Unknown, line: int, augmented: int | None = 0) -> Pictures:
    """Return the images in an unknown array."""
    origin = origin_of(value) if value.text else object()
    return Pictures(origin, line, name=value.text, augmented=augmented, alike=value.together)


def joined(parts: list[Pictures]) -> Pictures:
    """Return images one behind the other; what was done to them is known where it is the same."""
    first = parts[0]
    if len(parts) == 1:
        return first
    counts = [one.count for one in parts]
    same = all(one.way == first.way for one in parts)
    return replace(
        first,
        origin=Joined(tuple(one.origin for one in parts)),
        known=same and all(one.known for one in parts),
        split=first.split if len({one.split for one in parts}) == 1 else "",
        name="",
        steps=first.steps if same else (Step("other-numbers", first.line),),
        augmented=_augmented(parts),
        size=first.size if len({one.size for one in parts}) == 1 else None,
        count=None if None in counts else sum(one or 0 for one in counts),
        alike=first.alike if len({one.alike for one in parts}) == 1 else None,
    )


def _augmented(parts: list[Pictures]) -> int | None:
    at_all = [one.augmented for one in parts if one.augmented]
    unknown = any(one.augmented is None for one in parts)
    return at_all[0] if at_all else None if unknown else 0


IN_WORDS = {
    "unit": "go from 0 to 1",
    "signed": "go from -1 to 1",
    "bgr": "are BGR less the means",
    "torch": "are normalised by mean and deviation",
    "standardized": "have mean 0 and deviation 1",
}
"""What pixels are in a state that is known and not raw."""

_STATES = {"standardize": "standardized", "centre": "centred"}


def state_of(start: str, steps: tuple[Step, ...]) -> str:
    """Return what pixels have become.

    Args:
        start: what they were.
        steps: what was done to them.

    Returns:
        ``raw`` (0..255), ``unit`` (0..1), ``signed`` (-1..1), ``range`` (another), ``bgr`` (less
        the means of ImageNet, blue first), ``torch`` (0..1, less its means, over its deviations),
        ``centred`` (mean 0), ``standardized`` (deviation 1 too), or ``unknown``.
    """
    low, high, state = 0.0, 255.0, start
    for step in steps:
        if state == "centred" and step.kind == "spread":
            state = "standardized"
        elif state not in ("raw", "unit", "signed", "range"):
            state = "unknown"
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
            state = _STATES.get(step.kind, "unknown")
    return state


def _range(low: float, high: float) -> str:
    if abs(low) < 0.02 and 0.9 < high < 1.1:
        return "unit"
    if -1.1 < low < -0.9 and 0.9 < high < 1.1:
        return "signed"
    if abs(low) < 1e-9 and abs(high - 255) < 2:
        return "raw"
    return "range"
