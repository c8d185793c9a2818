"""What became of the trainings in a folder: how far each came, and how to go on with it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from vgg_transfer.disk import is_folder, is_there, names_in
from vgg_transfer.errors import RunError
from vgg_transfer.run.checkpoint import Progress, read_progress
from vgg_transfer.run.reader import read
from vgg_transfer.run.values import Run
from vgg_transfer.sweeping import is_held
from vgg_transfer.words import counted, printable

State = Literal["complete", "interrupted", "failed", "running", "stopped", "damaged"]

_DEPTH = 2  # runs/NAME, and runs/reproduce/NAME; the trials of runs/COMPARISON lie deeper


@dataclass(frozen=True)
class Found:
    """A run folder as it was found.

    Args:
        folder: where it lies.
        state: ``complete``, ``interrupted`` by Ctrl-C, or ``failed``; ``running`` where a program
            is training in it right now, ``stopped`` where that program is gone, so that it was
            killed; ``damaged`` where it cannot be read.
        run: the record; None where it is damaged.
        progress: how far an unfinished training has come; None where it is finished, or where
            nothing was kept yet.
        damage: what is wrong with it; empty where nothing is.
    """

    folder: Path
    state: State
    run: Run | None = None
    progress: Progress | None = None
    damage: str = ""

    @property
    def seconds(self) -> float:
        """What the training took so far."""
        if self.progress is not None:
            return self.progress.seconds
        return self.run.seconds if self.run else 0.0

    @property
    def record(self) -> Run:
        """The run with what is known of its stages and epochs, while it is trained as well."""
        if self.run is None:
            raise RunError(self.damage)
        progress = self.progress
        if progress is None or self.run.status != "running":
            return self.run
        within = progress.within.epochs if progress.within else ()
        return replace(
            self.run,
            stages=progress.stages,
            history=(*progress.history, *within),
            advice=progress.advice,
            seconds=progress.seconds,
        )

    @property
    def can_go_on(self) -> bool:
        """Whether the training is unfinished, nobody is at work on it, and it can be resumed."""
        unfinished = self.state in ("interrupted", "stopped")
        return unfinished and self.run is not None and self.run.begun is not None


def look(run: Run) -> Found:
    """Return what became of the training of a run, as its folder tells it now."""
    state: State = run.status
    if run.status == "running" and not is_held(run.folder):
        state = "stopped"
    unfinished = run.status in ("running", "interrupted")
    return Found(run.folder, state, run, read_progress(run.folder) if unfinished else None)


def runs_in(folder: Path) -> tuple[Found, ...]:
    """Return the run folders in a folder and in the folders in it, by their names.

    Hidden folders and links are left alone, and so is what lies in a run folder.

    Args:
        folder: where to look; a run folder is found alone.

    Raises:
        RunError: there is no such folder.
    """
    if not is_folder(folder):
        raise RunError(
            f'there is no folder "{printable(folder)}": give the one that run folders lie in, the '
            "default is runs"
        )
    return tuple(map(_look_into, _run_folders(folder, _DEPTH)))


def how_far(progress: Progress | None, stages: int) -> str:
    """Say how far a training of so many stages has come."""
    if progress is None:
        return "no epoch was done yet"
    if progress.trained:
        return "all stages are done, the model is to be judged"
    within = progress.within
    if within is None:
        return f"stage {len(progress.stages) + 1} of {stages} comes next"
    step = f", {counted(within.step, 'step', ',')}" if within.step else ""
    return f"in stage {within.stage} of {stages}, behind {counted(within.epoch, 'epoch')}{step}"


def _run_folders(folder: Path, depth: int) -> Iterator[Path]:
    if is_there(folder / "run.json"):
        yield folder
    elif depth:
        for name in sorted(names_in(folder)):
            below = folder / name
            if not name.startswith(".") and is_folder(below) and not below.is_symlink():
                yield from _run_folders(below, depth - 1)


def _look_into(folder: Path) -> Found:
    try:
        return look(read(folder))
    except RunError as error:
        return Found(folder, "damaged", damage=str(error))
