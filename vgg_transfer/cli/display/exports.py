"""How exported models and their checks look on the screen."""

from collections.abc import Sequence

from rich.table import Column, Table
from rich.text import Text

from vgg_transfer.artefacts import Checked
from vgg_transfer.cli.display.screen import Screen, near
from vgg_transfer.exports import Made
from vgg_transfer.words import printable, size_in_words


def show_made(screen: Screen, made: Sequence[Made]) -> None:
    """Write what was made: each with its size, its time and its check."""
    screen.say()
    screen.console.print(_table([one.checked for one in made]))
    screen.say()
    for one in made:
        if one.kept is not None:
            kept = one.kept
            screen.note(
                one.checked.format,
                [
                    f"{kept.exported:.1%} right on {kept.images} validation images, "
                    f"{kept.recorded:.1%} of them by the run's own model"
                ],
                width=15,
            )
    screen.note("saved in", [str(near(one.folder.absolute())) for one in made])
    if any(one.checked.pictures for one in made):
        screen.note("note", ["the reference pictures in golden/ travel with the model"])


def show_checked(screen: Screen, found: Sequence[Checked]) -> None:
    """Write what a check of each model saw, and which differ."""
    screen.console.print(_table(found))
    wrong = [one for one in found if not one.passed]
    if wrong:
        screen.say()
    for one in wrong:
        screen.note("wrong", [f"{one.artefact}: {one.sentence}"], "bold red")


def _table(found: Sequence[Checked]) -> Table:
    table = Table(
        Column("format", no_wrap=True),
        Column("size", justify="right", no_wrap=True),
        Column("one image", justify="right", no_wrap=True),
        Column("same class", justify="right", no_wrap=True),
        Column("differs by", justify="right", no_wrap=True),
        Column("at most", justify="right", no_wrap=True),
        Column("run by", overflow="fold"),
        box=None,
        padding=(0, 2, 0, 0),
        pad_edge=False,
        header_style="dim",
    )
    for one in found:
        table.add_row(
            Text(printable(one.format)),
            size_in_words(one.bytes),
            f"{one.milliseconds:.0f} ms",
            f"{one.same_class} of {one.pictures}",
            f"{one.largest_difference:.1g}",
            f"{one.tolerance:g}",
            Text(printable(one.runtime)),
            style="" if one.passed else "bold red",
        )
    return table
