"""A contact sheet: rows of square pictures with names beside them and heads above them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vgg_transfer.report.figures.lettering import Letters, any_letters, letters
from vgg_transfer.report.figures.page import (
    LINE,
    MARGIN,
    MUTED,
    SMALL,
    TEXT,
    TITLE,
    Page,
    down,
    wrapped,
)

# Inches.
_WIDEST_LABEL = 1.6
_BESIDE_LABEL = 0.2
_CELL = 1.15
_GAP = 0.07
_AFTER_FIRST = 0.2  # more room: the first column is of another kind
_HEAD = 0.23  # from the top of a column's head to its first picture
_NARROWEST = 7.0


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


def draw_sheet(rows: Sequence[SheetRow], heads: Sequence[str], caption: Caption) -> Figure:
    """Return a figure with a row per image and a column per head; the first column stands apart.

    Every text is drawn as it is: nothing in it is read as mathematics, and what is too long for
    its place is shortened.
    """
    with any_letters():
        used = letters()
        labels = [name for row in rows for name in (row.name, row.kind)]
        label = min(_WIDEST_LABEL, max((used.inches(text, SMALL) for text in labels), default=0.0))
        first = MARGIN + label + _BESIDE_LABEL
        width = max(_left_of(len(heads), first) - _GAP + MARGIN, _NARROWEST)
        room = width - 2 * MARGIN
        phrases = used.lines(caption.phrases, "  ·  ", room, TEXT)
        notes = wrapped(used, caption.notes, room, SMALL)
        body = MARGIN + down(TITLE) + down(TEXT, len(phrases)) + 0.2
        foot = body + _HEAD + len(rows) * (_CELL + _GAP) - _GAP + 0.2
        page = Page(width, foot + down(SMALL, len(notes)) + MARGIN - 0.1)
        title = used.fitted(caption.title, room, TITLE, "bold")
        page.write(MARGIN, MARGIN, title, used.font(TITLE, "bold"))
        for number, line in enumerate(phrases):
            top = MARGIN + down(TITLE) + down(TEXT, number)
            page.write(MARGIN, top, line, used.font(TEXT), MUTED)
        _draw_body(page, used, rows, heads, (first, body))
        for number, line in enumerate(notes):
            page.write(MARGIN, foot + down(SMALL, number), line, used.font(SMALL), MUTED)
        page.measure_paper()
    return page


def _draw_body(
    page: Page,
    used: Letters,
    rows: Sequence[SheetRow],
    heads: Sequence[str],
    corner: tuple[float, float],
) -> None:
    """Draw heads, labels and pictures; the corner is the first head's, left and top."""
    small = used.font(SMALL)
    first, top = corner
    for column, head in enumerate(heads):
        middle = _left_of(column, first) + _CELL / 2
        page.write(middle, top, used.fitted(head, _CELL, SMALL), small, MUTED, "center")
    under_heads = top + _HEAD
    room = first - _BESIDE_LABEL - MARGIN
    for number, row in enumerate(rows):
        upper = under_heads + number * (_CELL + _GAP)
        middle = upper + _CELL / 2
        page.write(MARGIN, middle - down(SMALL), used.fitted(row.name, room, SMALL), small)
        page.write(MARGIN, middle, used.fitted(row.kind, room, SMALL), small, MUTED)
        for column, (_, picture) in enumerate(zip(heads, row.pictures, strict=True)):
            left = _left_of(column, first)
            page.paper.imshow(
                picture,
                extent=(left, left + _CELL, upper + _CELL, upper),
                aspect="auto",  # the page is in inches, so that a square place is square
                origin="upper",
                interpolation="antialiased",
            )
    if len(heads) > 1:
        between = _left_of(1, first) - (_GAP + _AFTER_FIRST) / 2
        last = under_heads + len(rows) * (_CELL + _GAP) - _GAP
        page.paper.plot([between, between], [under_heads, last], color=LINE, linewidth=0.8)


def _left_of(column: int, first: float) -> float:
    """Return where a column begins, or one behind the last would."""
    return first + column * (_CELL + _GAP) + (_AFTER_FIRST if column else 0.0)
