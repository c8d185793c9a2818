"""What a training tells while it runs; the command line draws it, a script may ignore it."""

from collections.abc import Sequence
from typing import Protocol

from vgg_transfer.recipe import Stage
from vgg_transfer.run import Epoch, StageOutcome


class Progress(Protocol):
    """Listens to a training."""

    def planned(self, stages: Sequence[Stage]) -> None:
        """These stages will be run."""

    def said(self, line: str) -> None:
        """A sentence that a person should read: what was chosen, and why."""

    def stage_began(self, number: int, stage: Stage, steps: int) -> None:
        """A stage begins; ``steps`` batches at most will be trained and validated in it."""

    def filling_began(self, what: str, steps: int) -> None:
        """A count of batches outside the stages: measuring, frozen blocks, or judging."""

    def stepped(self) -> None:
        """A batch is done."""

    def epoch_ended(self, epoch: Epoch) -> None:
        """An epoch is done."""

    def stage_ended(self, outcome: StageOutcome) -> None:
        """A stage is done, with the reason."""


class Silent:
    """Listens and says nothing."""

    def planned(self, stages: Sequence[Stage]) -> None:
        """Ignore the plan."""

    def said(self, line: str) -> None:
        """Ignore the sentence."""

    def stage_began(self, number: int, stage: Stage, steps: int) -> None:
        """Ignore the stage."""

    def filling_began(self, what: str, steps: int) -> None:
        """Ignore the filling."""

    def stepped(self) -> None:
        """Ignore the batch."""

    def epoch_ended(self, epoch: Epoch) -> None:
        """Ignore the epoch."""

    def stage_ended(self, outcome: StageOutcome) -> None:
        """Ignore the end."""
