"""A history as stages on one axis of epochs."""

import math
from dataclasses import dataclass
from itertools import count, groupby

from vgg_transfer.run import Epoch, Run, StageOutcome


@dataclass(frozen=True)
class Span:
    """The epochs of one stage; ``first`` is the number of its first, counted over all stages."""

    outcome: StageOutcome
    epochs: tuple[Epoch, ...]
    first: int

    @property
    def places(self) -> range:
        """The numbers of its epochs, counted over all stages."""
        return range(self.first, self.first + len(self.epochs))

    @property
    def is_solved(self) -> bool:
        """True where the head was solved exactly, without a step."""
        return not self.epochs[-1].rates

    @property
    def kept(self) -> str:
        """Which weights the stage left, in words."""
        if not self.outcome.best_epoch:
            return "kept what it began with"
        if self.is_solved:
            return "solved"
        return f"kept epoch {self.outcome.best_epoch} of {len(self.epochs)}"


def spans_of(run: Run) -> list[Span]:
    """Return the stages of a run that have epochs, in their order."""
    outcomes = {outcome.stage: outcome for outcome in run.stages}
    spans, first = [], 1
    for stage, group in groupby(run.history, key=lambda epoch: epoch.stage):
        epochs = tuple(group)
        outcome = outcomes.get(stage) or _cut_off(run, stage, epochs)
        spans.append(Span(outcome, epochs, first))
        first = spans[-1].places.stop
    return spans


def _cut_off(run: Run, stage: int, epochs: tuple[Epoch, ...]) -> StageOutcome:
    """Return what is known of a stage that was broken off."""
    title = run.recipe.stage[stage - 1].title
    seconds = sum(epoch.seconds for epoch in epochs)
    return StageOutcome(stage, title, len(epochs), 0, "", None, "broken off", seconds)


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """Return round numbers from ``low`` to ``high``, evenly spaced, about ``most`` of them."""
    rough = (high - low) / (most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= 0.999 * rough)
    numbers = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    return [round(number * step, 12) for number in numbers]


def epoch_ticks(epochs: int, most: int) -> list[int]:
    """Return the epochs whose numbers are written: all, or every 2nd, 5th, 10th, …"""
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in steps if epochs / step <= most)
    return list(range(step, epochs + 1, step))
