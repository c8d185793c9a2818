"""What a training came to, as a person reads it when it ends, and whenever it is shown again."""

import shlex
from collections.abc import Sequence

from vgg_transfer.cli.display.metrics import show_metrics
from vgg_transfer.cli.display.screen import Screen, near
from vgg_transfer.disk import is_there
from vgg_transfer.recipe import averaging_in_words
from vgg_transfer.run import Run
from vgg_transfer.run.folder import resume_command
from vgg_transfer.run.found import look


def show_trained(screen: Screen, run: Run) -> None:
    """Write what a training came to and where it lies; draw its figures beside it."""
    show_result(screen, run)
    draw_kept(screen, run)
    show_place(screen, run)


def show_result(screen: Screen, run: Run) -> None:
    """Write how good a model is, or what is kept where the training was stopped; and the advice."""
    screen.say()
    if run.metrics is not None:
        what = {"test": "held-out test images", "val": "validation images"}[run.judged_on]
        show_metrics(screen, run.metrics, what + averaging_in_words(run.recipe.tta))
    elif run.status == "interrupted":
        screen.note("stopped", [f"interrupted: {_kept(run)}"], "bold yellow")
    if run.advice and not run.advice[-1].goes_on:
        screen.note("advice", [run.advice[-1].said], "bold")


def draw_kept(screen: Screen, run: Run) -> None:
    """Write history.png and confusion.png into a run folder; what goes wrong is only said."""
    from vgg_transfer.report.figures.named import draw_into_folder

    if trouble := draw_into_folder(run):
        screen.cautions([trouble])


def show_place(screen: Screen, run: Run) -> None:
    """Write where a run lies, and the commands that do something with it."""
    folder = near(run.folder)
    screen.note("saved in", [str(folder)])
    screen.say()
    for command in _commands(run):
        screen.say(f"  {command}")


def _kept(run: Run) -> str:
    if is_there(run.model_file):
        return "the best weights so far are kept; they were not judged"
    return "no epoch was finished, so there is no model yet; how far it came is kept"


def _commands(run: Run) -> Sequence[str]:
    folder = near(run.folder)
    quoted = shlex.quote(str(folder))
    use = [f"vgg-transfer evaluate {quoted}", f"vgg-transfer predict {quoted} IMAGES"]
    return [
        *([resume_command(folder)] if look(run).can_go_on else []),
        *(use if is_there(run.model_file) else []),
    ]
