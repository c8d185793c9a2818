"""A search on the screen: one line for each trial, and what the running one does on a terminal."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.status import Status
from rich.text import Text

from vgg_transfer.cli.display.screen import Screen
from vgg_transfer.cli.quiet import load_tensorflow
from vgg_transfer.events import (
    EpochEnded,
    Event,
    PassBegan,
    Said,
    StageBegan,
    Stepped,
    TrainingPlanned,
    TrialBegan,
    TrialEnded,
)
from vgg_transfer.tuning.tuned import SettingsTried, TunedTrial, loss_in_words
from vgg_transfer.words import duration

_HEADER = "  trial   val loss        time  settings"


class TuningDisplay:
    """Draws the events of a search (it is a ``Listener``). Use it in a ``with``.

    ``own`` are the recipe's own settings: of each trial those are shown that differ.
    """

    def __init__(self, screen: Screen, own: Mapping[str, str]) -> None:
        self._screen, self._own = screen, own
        self._status = Status("", console=screen.console)
        self._has_spoken = self._has_header = False
        self._line: MovingLine | None = None

    def __enter__(self) -> Self:
        if self._screen.console.is_interactive:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._status.stop()

    def __call__(self, event: Event) -> None:
        """Draw what happened, in a trial or between two of them."""
        match event:
            case TrialBegan(title):
                load_tensorflow()
                self._line = MovingLine(self._status, title)
            case TrialEnded():
                self._line = None
            case SettingsTried(trial, is_best):
                self._tried(trial, is_best)
            case Said(line) if self._line is None:
                self._said(line)
            case _ if self._line is not None:
                self._line(event)

    def _said(self, line: str) -> None:
        self._screen.note("" if self._has_spoken else "search", [line])
        self._has_spoken = True

    def _tried(self, trial: TunedTrial, is_best: bool) -> None:
        if not self._has_header:
            self._screen.say()
            self._screen.say(_HEADER, "dim")
            self._has_header = True
        facts = f"{loss_in_words(trial.log_loss):>9}  {duration(trial.seconds):>10}"
        settings = trial.reason or changed_settings(trial, self._own)
        better = "  (best so far)" if is_best and trial.settings != self._own else ""
        self._screen.say(f"  {trial.number:>5}  {facts}  {settings}{better}")


class MovingLine:
    """Shows a training as one line that changes (it is a ``Listener``)."""

    def __init__(self, status: Status, what: str) -> None:
        self._status, self._what = status, what
        self._stages = self._steps = self._done = 0
        self._now = ""
        self._show("begins")

    def __call__(self, event: Event) -> None:
        """Show what happened; what every training says again is left out."""
        match event:
            case TrainingPlanned(stages):
                self._stages = len(stages)
            case StageBegan(number, stage):
                self._steps = 0  # it may end before all its steps
                self._now = f"stage {number} of {self._stages} ({stage.title})"
                self._show(self._now)
            case PassBegan(what, steps):
                # Without its details: it must fit on a line.
                self._now, self._steps, self._done = what.partition(" (")[0], steps, 0
                self._show(self._now)
            case Stepped() if self._steps:
                self._done += 1
                self._show(f"{self._now}: {min(1.0, self._done / self._steps):.0%}")
            case EpochEnded(epoch):
                self._show(f"{self._now}: epoch {epoch.epoch}, val loss {epoch.val_loss:.4f}")

    def _show(self, now: str) -> None:
        self._status.update(Text(f"{self._what}: {now}", "dim"))


def changed_settings(trial: TunedTrial, own: Mapping[str, str]) -> str:
    """Return what a trial changed, as ``head.pooling=max stage.1.rate=0.0005``."""
    changed = [f"{key}={value}" for key, value in trial.settings.items() if value != own[key]]
    return " ".join(changed) or "the recipe as it is"
