"""What happens while a program works: frozen values, handed to one listener.

    def listen(event: Event) -> None:
        if isinstance(event, EpochEnded):
            print(event.epoch.val_accuracy)

    vt.train("exact-first", "photos", listen=listen)

They hold plain values only, so that they can be pickled and passed on by another process.
"""

from collections.abc import Callable
from dataclasses import dataclass

from vgg_transfer.recipe import Stage
from vgg_transfer.run import Epoch, StageOutcome


@dataclass(frozen=True)
class Event:
    """Something that happened."""


Listener = Callable[[Event], None]


def nobody(event: Event) -> None:
    """Listen to nothing."""


@dataclass(frozen=True)
class Said(Event):
    """A sentence that a person should read: what was chosen, and why."""

    line: str


@dataclass(frozen=True)
class TrainingPlanned(Event):
    """These stages will be run; each names its image size in pixels."""

    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class PassBegan(Event):
    """Batches outside the stages begin: measuring, frozen blocks, or judging."""

    what: str
    steps: int


@dataclass(frozen=True)
class StageBegan(Event):
    """A stage (from 1) begins; at most ``steps`` batches are trained and validated in it."""

    number: int
    stage: Stage
    steps: int


@dataclass(frozen=True)
class Stepped(Event):
    """A batch is done, in a stage or in a pass."""


@dataclass(frozen=True)
class EpochEnded(Event):
    """An epoch of a stage is done."""

    epoch: Epoch


@dataclass(frozen=True)
class StageEnded(Event):
    """A stage is done, with the reason."""

    outcome: StageOutcome


@dataclass(frozen=True)
class TrialBegan(Event):
    """A training of a comparison or a search begins; its events follow."""

    title: str


@dataclass(frozen=True)
class TrialEnded(Event):
    """The training that began last is over, whatever ended it."""


@dataclass(frozen=True)
class ImagesCounted(Event):
    """So many of so many images are done; None where it is not known how many there are."""

    done: int
    total: int | None
