"""Figures by matplotlib's objects alone: no pyplot, nothing global, nothing left behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from numpy.typing import NDArray

from vgg_transfer.report.lettering import DOTS_PER_INCH, Letters, any_letters, letters

_INK, _MUTED, _LINE = "#1f2328", "#656d76", "#c8ced5"

# Inches.
_MARGIN = 0.35
_WIDEST_LABEL = 1.6
_BESIDE_LABEL = 0.2
_CELL = 1.15
_GAP = 0.07
_AFTER_FIRST = 0.2  # more room: the first column is of another kind
_HEAD = 0.23  # from the top of a column's head to its first picture
_NARROWEST = 7.0
# Points, and from one line to the next in heights of the letters.
_TITLE, _TEXT, _SMALL = 15.0, 10.0, 9.0
_LEADING = 1.45


@dataclass(frozen=True)
class SheetRow:
    """One row of a contact sheet: its names at the left, its square pictures (RGB, 0..255)."""

    name: str
    kind: str
    pictures: tuple[NDArray[np.uint8], ...]


@dataclass(frozen=True)
class Caption:
    """The words around a sheet: a title, phrases below it, and sentences at the foot."""

    title: str
    phrases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def contact_sheet(rows: Sequence[SheetRow], heads: Sequence[str], caption: Caption) -> Figure:
    """Return a figure with a row per image and a column per head; the first column stands apart.

    Every text is drawn as it is: nothing in it is read as mathematics, and what is too long for
    its place is shortened.
    """
    with any_letters():
        used = letters()
        labels = [name for row in rows for name in (row.name, row.kind)]
        label = min(_WIDEST_LABEL, max((used.inches(text, _SMALL) for text in labels), default=0.0))
        first = _MARGIN + label + _BESIDE_LABEL
        width = max(_left_of(len(heads), first) - _GAP + _MARGIN, _NARROWEST)
        room = width - 2 * _MARGIN
        phrases = used.lines(caption.phrases, "  ·  ", room, _TEXT)
        notes = [
            line for note in caption.notes for line in used.lines(note.split(), " ", room, _SMALL)
        ]
        body = _MARGIN + _down(_TITLE) + _down(_TEXT, len(phrases)) + 0.2
        foot = body + _HEAD + len(rows) * (_CELL + _GAP) - _GAP + 0.2
        height = foot + _down(_SMALL, len(notes)) + _MARGIN - 0.1
        figure = Figure((width, height), dpi=DOTS_PER_INCH, facecolor="white")
        page = figure.add_axes((0, 0, 1, 1))
        title = used.fitted(caption.title, room, _TITLE, "bold")
        _write(page, _MARGIN, _MARGIN, title, used.font(_TITLE, "bold"))
        for number, line in enumerate(phrases):
            top = _MARGIN + _down(_TITLE) + _down(_TEXT, number)
            _write(page, _MARGIN, top, line, used.font(_TEXT), _MUTED)
        _draw_body(page, used, rows, heads, (first, body))
        for number, line in enumerate(notes):
            _write(page, _MARGIN, foot + _down(_SMALL, number), line, used.font(_SMALL), _MUTED)
        # The page is measured in inches from its upper left corner. Said last, because each
        # picture moves the limits to itself.
        page.set_axis_off()
        page.set_xlim(0, width)
        page.set_ylim(height, 0)
    return figure


def write_figure(figure: Figure, file: Path, kind: str) -> None:
    """Write a figure as ``"png"``, ``"pdf"`` or ``"svg"``, whatever the file is called."""
    with any_letters():
        figure.savefig(file, format=kind, dpi=DOTS_PER_INCH, facecolor="white")


def _draw_body(
    page: Axes,
    used: Letters,
    rows: Sequence[SheetRow],
    heads: Sequence[str],
    corner: tuple[float, float],
) -> None:
    """Draw heads, labels and pictures; the corner is the first head's, left and top."""
    small = used.font(_SMALL)
    first, top = corner
    for column, head in enumerate(heads):
        middle = _left_of(column, first) + _CELL / 2
        _write(page, middle, top, used.fitted(head, _CELL, _SMALL), small, _MUTED, "center")
    under_heads = top + _HEAD
    room = first - _BESIDE_LABEL - _MARGIN
    for number, row in enumerate(rows):
        upper = under_heads + number * (_CELL + _GAP)
        middle = upper + _CELL / 2
        _write(page, _MARGIN, middle - _down(_SMALL), used.fitted(row.name, room, _SMALL), small)
        _write(page, _MARGIN, middle, used.fitted(row.kind, room, _SMALL), small, _MUTED)
        for column, (_, picture) in enumerate(zip(heads, row.pictures, strict=True)):
            left = _left_of(column, first)
            page.imshow(
                picture,
                extent=(left, left + _CELL, upper + _CELL, upper),
                aspect="auto",  # the page is in inches, so that a square place is square
                origin="upper",
                interpolation="antialiased",
            )
    if len(heads) > 1:
        between = _left_of(1, first) - (_GAP + _AFTER_FIRST) / 2
        last = under_heads + len(rows) * (_CELL + _GAP) - _GAP
        page.plot([between, between], [under_heads, last], color=_LINE, linewidth=0.8)


def _left_of(column: int, first: float) -> float:
    """Return where a column begins, or one behind the last would."""
    return first + column * (_CELL + _GAP) + (_AFTER_FIRST if column else 0.0)


def _down(points: float, lines: int = 1) -> float:
    """Return the inches that lines of text take."""
    return lines * points * _LEADING / 72


def _write(
    page: Axes,
    left: float,
    top: float,
    text: str,
    font: FontProperties,
    colour: str = _INK,
    align: str = "left",
) -> None:
    """Write a line below ``top``; lines of one size share their baseline, whatever the letters."""
    page.text(
        left,
        top + font.get_size_in_points() * (1 + _LEADING) / 2 / 72,
        text,
        fontproperties=font,
        color=colour,
        horizontalalignment=align,
        verticalalignment="baseline",
        parse_math=False,
        usetex=False,
    )
