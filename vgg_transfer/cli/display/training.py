"""A training on the screen: a moving bar on a terminal, plain lines in files and pipes."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Column

from vgg_transfer.cli.display.screen import Screen
from vgg_transfer.cli.display.time_left import TimeLeft, passes
from vgg_transfer.events import (
    EpochEnded,
    Event,
    ImagesCounted,
    Listener,
    PassBegan,
    Said,
    StageBegan,
    StageEnded,
    Stepped,
    TrainingPlanned,
    TrialBegan,
    TrialEnded,
)
from vgg_transfer.recipe import Stage
from vgg_transfer.run import Epoch, StageOutcome
from vgg_transfer.words import counted, duration, printable

_EPOCH_HEADER = "  epoch       loss  accuracy   val loss  val accuracy        time"


class TrainingDisplay:
    """Draws the events of a training (it is a ``Listener``). Use it in a ``with``."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._stages: Sequence[Stage] = ()
        self._left = TimeLeft()
        self._has_spoken = False
        self._between = True  # a blank line is due before what comes next
        self._bar = _bar(screen.console)
        self._task = self._bar.add_task("", visible=False, now="", left="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def __call__(self, event: Event) -> None:
        """Draw what happened."""
        match event:
            case Stepped():
                self._stepped()
            case Said(line):
                self._said(line)
            case TrainingPlanned(stages):
                self._planned(stages)
            case PassBegan(what, steps):
                self._pass_began(what, steps)
            case StageBegan(number, stage, steps):
                self._stage_began(number, stage, steps)
            case EpochEnded(epoch):
                self._epoch_ended(epoch)
            case StageEnded(outcome):
                self._stage_ended(outcome)

    def _planned(self, stages: Sequence[Stage]) -> None:
        """Remember the stages, to foretell the time they take."""
        self._stages = stages
        self._left.planned(stages)

    def _said(self, line: str) -> None:
        self._screen.note("" if self._has_spoken else "training", [line])
        self._has_spoken = True

    def _pass_began(self, what: str, steps: int) -> None:
        """Write what is computed once, and start its bar."""
        self._separate()
        self._screen.say(what, "dim")
        self._left.began(steps)
        self._show("frozen blocks", steps)

    def _stage_began(self, number: int, stage: Stage, steps: int) -> None:
        """Write the stage's title and start its bar."""
        self._separate()
        self._screen.say(f"stage {number} of {len(self._stages)}: {_plan(stage)}", "bold")
        self._left.began(steps, number)
        self._show(f"stage {number}/{len(self._stages)}", steps, f"epoch 1/{passes(stage)}")

    def _stepped(self) -> None:
        """Move the bar."""
        self._left.stepped()
        here, in_all = self._left.here, self._left.in_all
        left = ""
        if in_all is not None:
            left = f"up to {duration(in_all)} left"
        elif here is not None:
            left = f"up to {duration(here)} left here"
        self._bar.update(self._task, advance=1, left=left)

    def _epoch_ended(self, epoch: Epoch) -> None:
        """Write the epoch's line; loss and accuracy in the bar are validation's."""
        if epoch.epoch == 1:
            self._screen.say(_EPOCH_HEADER, "dim")
        self._screen.say(
            f"  {epoch.epoch:>5}  {_loss(epoch.loss):>9}  {epoch.accuracy:>8.1%}  "
            f"{_loss(epoch.val_loss):>9}  {epoch.val_accuracy:>12.1%}  "
            f"{duration(epoch.seconds):>10}"
        )
        epochs = passes(self._stages[epoch.stage - 1])
        now = f"epoch {min(epoch.epoch + 1, epochs)}/{epochs}"
        self._bar.update(
            self._task,
            now=f"{now}  loss {epoch.val_loss:.3f}  {epoch.val_accuracy:.1%}",
            refresh=True,
        )

    def _stage_ended(self, outcome: StageOutcome) -> None:
        """Write why the stage ended, and which weights are kept."""
        solved = self._stages[outcome.stage - 1].optimizer == "exact"
        kept = "kept the weights it began with: no epoch was better"
        if outcome.best_epoch:
            reached = f"{outcome.monitor} {outcome.best:.4f}"
            kept = reached if solved else f"kept epoch {outcome.best_epoch} ({reached})"
        self._screen.say(f"  {outcome.ended}; {kept}; {duration(outcome.seconds)}")
        self._bar.update(self._task, visible=False)
        self._between = True

    def _separate(self) -> None:
        if self._between:
            self._screen.say()
        self._between = False

    def _show(self, title: str, steps: int, now: str = "") -> None:
        self._bar.update(
            self._task,
            description=title,
            total=steps,
            completed=0,
            visible=True,
            now=now,
            left="",
            refresh=True,
        )


class TrialsDisplay:
    """Draws trainings one after another, each under its heading. Use it in a ``with``."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._running = ExitStack()
        self._training: TrainingDisplay | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self._running.close()

    def __call__(self, event: Event) -> None:
        """Draw what happened, in a training or between two of them."""
        match event:
            case TrialBegan(title):
                self._heading(title)
                self._training = self._running.enter_context(TrainingDisplay(self._screen))
            case TrialEnded():
                self._running.close()
                self._training = None
            case Said(line) if self._training is None:
                self._heading(line)
            case _ if self._training is not None:
                self._training(event)

    def _heading(self, line: str) -> None:
        self._screen.say()
        self._screen.say(printable(line), "bold")


@contextmanager
def counting(screen: Screen, title: str) -> Iterator[Listener]:
    """Show a bar while images are counted off; yields the listener that moves it."""
    with _bar(screen.console) as bar:
        task = bar.add_task(title, total=None, now="", left="")

        def listen(event: Event) -> None:
            if isinstance(event, ImagesCounted):
                now = counted(event.done, "image", ",")
                if event.total is not None:
                    now = f"{event.done} of {counted(event.total, 'image')}"
                speed = bar.tasks[task].speed or 0.0
                left = f"{speed:.0f}/s" if speed >= 1 else ""
                bar.update(task, completed=event.done, total=event.total, now=now, left=left)

        yield listen


def _loss(value: float) -> str:
    return f"{value:.4f}" if value < 1000 else f"{value:.3g}"


def _plan(stage: Stage) -> str:
    if stage.optimizer == "exact":
        return f"{stage.title}, solved exactly"
    epochs = "epoch" if stage.epochs == 1 else "epochs"
    averaged = ", weights averaged" if stage.keeps_average else ""
    many = f"{'at most ' if stage.stopping else ''}{stage.epochs} {epochs}"
    return f"{stage.title}, {many} at rate {stage.rate:g}{averaged}"


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None, table_column=Column(ratio=1)),
        TextColumn("{task.fields[now]}", markup=False),
        TextColumn("{task.fields[left]}", markup=False),
        console=console,
        transient=True,
        expand=True,
        # A bar in a file or a pipe is nothing but control characters.
        disable=not console.is_interactive,
    )
