"""A search on the screen: one line for each trial, and what the running one does on a terminal."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from rich.status import Status
from rich.text import Text

from vgg_transfer.cli.progress import duration
from vgg_transfer.cli.screen import Screen
from vgg_transfer.comparison.tuning.tuned import TunedTrial, loss_in_words
from vgg_transfer.recipe import Stage
from vgg_transfer.run import Epoch, StageOutcome

_HEADER = "  trial   val loss        time  settings"


class TuningDisplay:
    """Draws what a search tells (it is a ``search.Listener``). Use it in a ``with``.

    ``own`` are the recipe's own settings: of each trial those are shown that differ.
    """

    def __init__(self, screen: Screen, own: Mapping[str, str]) -> None:
        self._screen, self._own = screen, own
        self._status = Status("", console=screen.console)
        self._has_spoken = self._has_header = False

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

    def said(self, line: str) -> None:
        """Write the sentence."""
        self._screen.note("" if self._has_spoken else "search", [line])
        self._has_spoken = True

    def training_began(self, what: str) -> "MovingLine":
        """Show what the training does until the next one."""
        from vgg_transfer.cli.quiet import load_tensorflow

        load_tensorflow()
        return MovingLine(self._status, what)

    def trial_ended(self, trial: TunedTrial, is_best: bool) -> None:
        """Write the trial's line."""
        if not self._has_header:
            self._screen.say()
            self._screen.say(_HEADER, "dim")
            self._has_header = True
        facts = f"{loss_in_words(trial.log_loss):>9}  {duration(trial.seconds):>10}"
        settings = trial.reason or changed_settings(trial, self._own)
        better = "  (best so far)" if is_best and trial.settings != self._own else ""
        self._screen.say(f"  {trial.number:>5}  {facts}  {settings}{better}")


class MovingLine:
    """Shows a training as one line that changes (it is a ``training.Progress``)."""

    def __init__(self, status: Status, what: str) -> None:
        self._status, self._what = status, what
        self._stages: Sequence[Stage] = ()
        self._steps = self._done = 0
        self._now = ""
        self._show("begins")

    def planned(self, stages: Sequence[Stage]) -> None:
        """Remember the stages."""
        self._stages = stages

    def said(self, line: str) -> None:
        """Leave out what every training says again."""

    def stage_began(self, number: int, stage: Stage, steps: int) -> None:
        """Show the stage; it may end before all its steps."""
        self._steps = 0
        self._now = f"stage {number} of {len(self._stages)} ({stage.title})"
        self._show(self._now)

    def filling_began(self, what: str, steps: int) -> None:
        """Show what is counted, without its details: it must fit on a line."""
        self._now, self._steps, self._done = what.partition(" (")[0], steps, 0
        self._show(self._now)

    def stepped(self) -> None:
        """Move on."""
        if self._steps:
            self._done += 1
            self._show(f"{self._now}: {min(1.0, self._done / self._steps):.0%}")

    def epoch_ended(self, epoch: Epoch) -> None:
        """Show the epoch."""
        self._show(f"{self._now}: epoch {epoch.epoch}, val loss {epoch.val_loss:.4f}")

    def stage_ended(self, outcome: StageOutcome) -> None:
        """Wait for what comes next."""

    def _show(self, now: str) -> None:
        self._status.update(Text(f"{self._what}: {now}", "dim"))


def changed_settings(trial: TunedTrial, own: Mapping[str, str]) -> str:
    """Return what a trial changed, as ``head.pooling=max stage.1.rate=0.0005``."""
    changed = [f"{key}={value}" for key, value in trial.settings.items() if value != own[key]]
    return " ".join(changed) or "the recipe as it is"
