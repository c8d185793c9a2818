"""What cannot be done with a run, said before anything heavy is loaded for it."""

import shlex
from pathlib import Path

from vgg_transfer.disk import is_there
from vgg_transfer.errors import RunError
from vgg_transfer.run.folder import resume_command
from vgg_transfer.run.origins import Begun
from vgg_transfer.run.values import Run
from vgg_transfer.sweeping import is_held
from vgg_transfer.words import printable


def check_model(run: Run) -> None:
    """Refuse a run that has no model.

    Raises:
        RunError: with what to do to have one.
    """
    if is_there(run.model_file):
        return
    if run.status not in ("running", "interrupted") or run.begun is None:
        raise RunError(f'the run folder "{printable(run.folder)}" has no model.keras: train again')
    shown = f'the run "{printable(run.folder)}" has no model yet'
    if run.status == "running" and is_held(run.folder):
        raise RunError(f"{shown}: a program is training in it right now. Wait for its end")
    raise RunError(
        f"{shown}: its training is not finished. Go on with it: `{resume_command(run.folder)}`"
    )


def check_resumable(run: Run, extend: int = 0, out: Path | str | None = None) -> Begun:
    """Refuse a run that cannot go on.

    Args:
        run: the run.
        extend: how many epochs are to be added to its last stage. [default: 0]
        out: the folder that is wished for. [default: none is]

    Returns:
        How it was begun.

    Raises:
        RunError: with the reason.
    """
    shown = f'the run "{printable(run.folder)}"'
    if extend < 0:
        raise RunError(f"epochs to add must be a whole number from 1; received {extend}")
    if run.status == "complete" and not run.stages:
        raise RunError(
            f"{shown} was adopted, not trained here, so there is no training to go on with: begin "
            f"one with its weights, `vgg-transfer train DATA --from {_quoted(run.folder)}`"
        )
    if run.begun is None:
        raise RunError(
            f"{shown} was begun by a version of vgg-transfer that kept nothing to go on with: "
            "train again"
        )
    if run.status == "failed":
        raise RunError(
            f"{shown} ended because {run.stages[-1].ended}\nIt would end so again: train with "
            "other settings"
        )
    if run.status == "complete" and not extend:
        raise RunError(
            f"{shown} is complete, there is nothing to go on with; --extend 10 adds ten epochs to "
            "its last stage"
        )
    if run.status != "complete" and out is not None:
        raise RunError(f"{shown} is not finished, so it goes on in its own folder: leave --out out")
    if extend and run.recipe.stage[last_stage(run) - 1].optimizer == "exact":
        raise RunError(f"{shown} ends with a stage that is solved exactly: it has no epochs to add")
    return run.begun


def _quoted(folder: Path) -> str:
    return shlex.quote(printable(folder))


def last_stage(run: Run) -> int:
    """Return the number of the stage that epochs are added to."""
    return run.stages[-1].stage if run.status == "complete" else len(run.recipe.stage)
