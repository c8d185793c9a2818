"""``vgg-transfer runs``: a line for each training in a folder, and what to do next."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options

if TYPE_CHECKING:
    from rich.table import Table

    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.run.found import Found

_SPLITS = ("train", "val", "test")
_COLOURS = {
    "complete": "green",
    "running": "cyan",
    "interrupted": "yellow",
    "stopped": "yellow",
    "failed": "red",
    "damaged": "red",
}


def runs(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Folder that run folders lie in.")
    ] = Path("runs"),
    as_json: recipe_options.AsJson = False,
) -> None:
    """List the trainings in a folder: state, images, accuracy, time, and how to go on.

    Found are run folders in DIR and in the folders in it, so that runs/NAME and runs/reproduce/NAME
    are listed; the trials of a comparison lie deeper: give its own folder. A run is complete,
    interrupted (Ctrl-C) or failed; it is running where a program trains in it right now, and
    stopped where that program was killed. Images are train/val/test. The accuracy is on the test
    images, with its 95% interval; with a star it is on the validation images.
    """
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.trainings import ListedRun, RunsAnswer
    from vgg_transfer.run.found import runs_in

    found = runs_in(folder)
    screen = open_screen(as_json)
    if found:
        screen.console.print(_table(found, folder))
        _show_rest(screen, found)
    else:
        screen.say(f'there is no run in "{folder}"; `vgg-transfer train DATA` makes one')
    screen.answer(RunsAnswer(folder.absolute(), tuple(map(ListedRun.of, found))))


def _table(found: "Iterable[Found]", folder: Path) -> "Table":
    from rich.table import Column, Table
    from rich.text import Text

    from vgg_transfer.words import duration, printable

    table = Table(
        Column("run", overflow="fold"),
        Column("state", no_wrap=True),
        Column("recipe", overflow="fold"),
        Column("images", justify="right", no_wrap=True),
        Column("accuracy", no_wrap=True),
        Column("time", justify="right", no_wrap=True),
        box=None,
        padding=(0, 2, 0, 0),
        pad_edge=False,
        header_style="dim",
    )
    for one in found:
        name = one.folder.name if one.folder == folder else str(one.folder.relative_to(folder))
        recipe = printable(one.run.recipe.name) if one.run else ""
        table.add_row(
            Text(printable(name)),
            Text(one.state, _COLOURS[one.state]),
            Text(recipe),
            _images(one),
            _accuracy(one),
            duration(one.seconds) if one.seconds else "",
        )
    return table


def _images(one: "Found") -> str:
    return "/".join(str(one.run.image_set.count(split)) for split in _SPLITS) if one.run else ""


def _accuracy(one: "Found") -> str:
    from vgg_transfer.evaluation.intervals import in_points

    if one.run is None or one.run.metrics is None:
        return ""
    metrics, star = one.run.metrics, "*" if one.run.judged_on == "val" else ""
    return f"{in_points(metrics.accuracy)}%{star} {metrics.accuracy_interval}"


def _show_rest(screen: "Screen", found: "Sequence[Found]") -> None:
    """Write what is damaged, and the commands that go on with what is unfinished."""
    from vgg_transfer.cli.display.screen import near
    from vgg_transfer.run.folder import resume_command

    damage = [one.damage for one in found if one.damage]
    commands = [resume_command(near(one.folder)) for one in found if one.can_go_on]
    if damage:
        screen.say()
        screen.note("damaged", damage, "red")
    if commands:
        screen.say("\nTo go on with what is not finished:")
        for command in commands:
            screen.say(f"  {command}")
