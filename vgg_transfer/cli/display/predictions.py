"""Predictions for a person: a table as they come, a line for each, and what cannot be read."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from rich.table import Column, Table
from rich.text import Text

from vgg_transfer.cli.display.screen import Screen
from vgg_transfer.words import counted, duration, listed, printable

if TYPE_CHECKING:
    from vgg_transfer.cli.json.answers import PredictedFile
    from vgg_transfer.cli.prediction_journal import Tally

SHOWN = 20
_ROWS_AT_ONCE = 1000  # whose widths are known together
_HEADS = {"possible": "may be", "sure": "sure", "familiar": "familiar"}


def show_table(screen: Screen, rows: "Iterable[PredictedFile]", asked: Sequence[str]) -> None:
    """Print a row for each file that can be read and each of its classes.

    Args:
        screen: where to.
        rows: what is told of each file.
        asked: which of ``possible``, ``sure`` and ``familiar`` are told.
    """
    each, is_first = iter(rows), True
    while some := list(islice(each, _ROWS_AT_ONCE)):
        readable = [row for row in some if row.error is None]
        if readable:
            screen.console.print(_table(screen, readable, asked, is_first))
            is_first = False


def line_of(row: "PredictedFile") -> str:
    """Return what is told of a file in one line."""
    if row.error is not None:
        return f"{printable(row.path)}: cannot be read: {row.error}"
    classes = ", ".join(f"{printable(one.class_)} {one.probability:.1%}" for one in row.top)
    said = []
    if row.sure is not None:
        said.append("sure" if row.sure else "I don't know")
    if row.possible is not None:
        said.append(f"may be {_possible(row.possible)}")
    if row.familiar is not None:
        said.append("familiar" if row.familiar else "unlike anything trained on")
    return "; ".join([f"{printable(row.path)}: {classes}", *said])


def reasons_of(tally: "Tally") -> list[str]:
    """Return a line for each of the first files that cannot be read, and how many follow."""
    lines = [f'  "{printable(row.path)}": {row.error}' for row in tally.reasons[:SHOWN]]
    return [*lines, *more_than_shown(tally.unreadable)]


def more_than_shown(number: int) -> list[str]:
    """Return a line that says how many follow those that are shown."""
    return [f"and {number - SHOWN} more"] if number > SHOWN else []


def speed_of(images: int, seconds: float) -> str:
    """Return how many images were answered for, in which time."""
    rate = images / max(seconds, 1e-9)
    a_second = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
    return f"{counted(images, 'image', ',')} in {duration(seconds)}: {a_second} a second"


def _table(
    screen: Screen, rows: "Sequence[PredictedFile]", asked: Sequence[str], is_first: bool
) -> Table:
    more = [name for name in ("sure", "possible", "familiar") if name in asked]
    table = Table(
        Column("path", overflow="fold"),
        Column("class", overflow="fold"),
        Column("probability", justify="right", no_wrap=True),
        *(Column(_HEADS[name], overflow="fold") for name in more),
        box=None,
        padding=(0, 2, 0, 0),
        pad_edge=False,
        header_style="dim",
        show_header=is_first,
    )
    for row in rows:
        path = printable(row.path)
        said = list(_said(row))
        for one in row.top:
            share = f"{one.probability:.1%}"
            table.add_row(Text(path), Text(printable(one.class_)), share, *said)
            said = ["" for _ in said]
            # A person needs it once; a program that reads lines needs it in each.
            path = "" if screen.console.is_terminal else path
    return table


def _said(row: "PredictedFile") -> Iterator[str]:
    """Yield what was asked for of a file beside its class, in words."""
    if row.sure is not None:
        yield "yes" if row.sure else "I don't know"
    if row.possible is not None:
        yield _possible(row.possible)
    if row.familiar is not None:
        yield "yes" if row.familiar else "unlike anything trained on"


def _possible(names: Sequence[str]) -> str:
    return listed(map(printable, names), quoted=False) or "none is likely enough"
