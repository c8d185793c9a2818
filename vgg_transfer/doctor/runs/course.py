"""How the stages of a run went, each with its part of the recipe and of the history."""

from collections.abc import Iterator
from dataclasses import dataclass

from vgg_transfer.evaluation.intervals import Interval, difference_of_shares
from vgg_transfer.recipe import Stage
from vgg_transfer.run import Epoch, Run, StageOutcome

SURE = 0.998
"""The level of intervals behind a warning: one false alarm in a thousand looks on either side."""


@dataclass(frozen=True)
class Course:
    """A stage that was run, with at least one epoch.

    Args:
        outcome: how it ended.
        stage: what was to be done.
        epochs: its part of the history.
        kept: the epoch whose weights it left; None where it left those that it began with.
    """

    outcome: StageOutcome
    stage: Stage
    epochs: tuple[Epoch, ...]
    kept: Epoch | None

    @property
    def where(self) -> str:
        """The place that a finding names."""
        return f"stage {self.outcome.stage}"

    @property
    def learns(self) -> bool:
        """Whether it goes by steps; else it solves the head."""
        return self.stage.optimizer != "exact"

    @property
    def opened(self) -> tuple[str, ...]:
        """The blocks below the head that it trains."""
        return tuple(block for block in self.stage.train if block != "head")

    @property
    def ran_out(self) -> bool:
        """Whether it ended since all its epochs were done."""
        return self.outcome.ended.startswith("all epochs done")


def courses(run: Run) -> Iterator[Course]:
    """Yield the stages of a run that have a history, in order."""
    for outcome in run.stages:
        epochs = tuple(epoch for epoch in run.history if epoch.stage == outcome.stage)
        if epochs and 1 <= outcome.stage <= len(run.recipe.stage):
            kept = [one for one in epochs if one.epoch == outcome.best_epoch]
            stage = run.recipe.stage[outcome.stage - 1]
            yield Course(outcome, stage, epochs, kept[0] if kept else None)


def lost(first: tuple[float, int], second: tuple[float, int], level: float = SURE) -> Interval:
    """Return an interval of one accuracy less another, each with its number of images."""

    def counts(accuracy: float, images: int) -> tuple[int, int]:
        return round(accuracy * images), images

    return difference_of_shares(counts(*first), counts(*second), level)
