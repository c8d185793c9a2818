"""A contact sheet: rows of square pictures with names beside them and heads above them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vgg_transfer.report.figures.lettering import any_letters, letters
from vgg_transfer.report.figures.page import LINE, MARGIN, MUTED, SMALL, TEXT, TITLE, Page, down

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


@any_letters()
def draw_sheet(rows: Sequence[SheetRow], heads: Sequence[str], caption: Caption) -> Figure:
    """Draw a row per image and a column per head; the first column stands apart.

    Texts are drawn as they are, never read as mathematics; one that is too long is shortened.
    """
    used = letters()
    labels = [name for row in rows for name in (row.name, row.kind)]
    label = min(_WIDEST_LABEL, max((used.inches(text, SMALL) for text in labels), default=0.0))
    first = MARGIN + label + _BESIDE_LABEL
    width = max(_left_of(len(heads), first) - _GAP + MARGIN, _NARROWEST)
    room = width - 2 * MARGIN
    phrases = used.lines(caption.phrases, "  ·  ", room, TEXT)
    notes = used.wrapped(caption.notes, room, SMALL)
    body = MARGIN + down(TITLE) + down(TEXT, len(phrases)) + 0.2
    foot = body + _HEAD + len(rows) * (_CELL + _GAP) - _GAP + 0.2
    page = Page(used, width, foot + down(SMALL, len(notes)) + MARGIN - 0.1)
    page.write_title(caption.title)
    page.write_lines(MARGIN + down(TITLE), phrases, TEXT)
    _draw_body(page, rows, heads, (first, body))
    page.write_lines(foot, notes)
    page.measure_paper()
    return page


def _draw_body(
    page: Page, rows: Sequence[SheetRow], heads: Sequence[str], corner: tuple[float, float]
) -> None:
    """Draw heads, labels and pictures; the corner is where the first head begins: left, top."""
    first, top = corner
    fitted = page.letters.fitted
    for column, head in enumerate(heads):
        middle = _left_of(column, first) + _CELL / 2
        page.write(middle, top, fitted(head, _CELL, SMALL), SMALL, MUTED, "center")
    under_heads = top + _HEAD
    room = first - _BESIDE_LABEL - MARGIN
    for number, row in enumerate(rows):
        upper = under_heads + number * (_CELL + _GAP)
        middle = upper + _CELL / 2
        page.write(MARGIN, middle - down(SMALL), fitted(row.name, room, SMALL))
        page.write(MARGIN, middle, fitted(row.kind, room, SMALL), SMALL, MUTED)
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
    """Return where a column begins, in inches; one behind the last is allowed."""
    return first + column * (_CELL + _GAP) + (_AFTER_FIRST if column else 0.0)
