"""Which classes are taken for which: a square of true classes (rows) and answers (columns)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from vgg_transfer.errors import RunError
from vgg_transfer.evaluation.sentences import accuracy_with_interval, images_judged
from vgg_transfer.report.figures.lettering import Letters, any_letters, letters
from vgg_transfer.report.figures.page import INK, MARGIN, MUTED, SMALL, TITLE, Page, down
from vgg_transfer.run import Run
from vgg_transfer.words import printable

# Inches.
_WIDTH, _NARROWEST = 7.2, 4.9
_AXIS_NAME = 0.24  # of the room that the name of an axis takes
_WIDEST_NAME, _BESIDE = 1.5, 0.1
_LARGEST_CELL = 1.3
_SQUARE = 4.9  # its side, where there are more than a few classes
_NAME_EVERY = 0.19  # names of rows closer than this would touch
_SHARE_CELL = 0.55  # from here a cell has room for its share below its count
_SCALE_WIDTH, _SCALE_HEIGHT = 2.2, 0.12

# A mistake of 2% is to be seen beside 95% that are right, so small shares are spread.
_RIGHT, _WRONG, _SPREAD = "Blues", "Oranges", PowerNorm(0.5, 0.0, 1.0)
_DARK, _DARK_WRONG = 0.4, 0.6  # from this share on letters are white
_NO_IMAGES = "#eceff2"
_MISTAKES = 8  # are told in words where cells have no numbers
_LEAN = 45.0  # degrees of column names that are wider than their column


@dataclass(frozen=True)
class _Square:
    """The cells, and where they are in inches.

    ``names`` are short enough to stand beside them; ``shares`` of a class without images are NaN.
    """

    names: tuple[str, ...]
    counts: NDArray[np.int64]
    shares: NDArray[np.float64]
    left: float
    top: float
    cell: float
    names_lean: bool
    leaning: float
    has_numbers: bool

    @property
    def side(self) -> float:
        """Its width, which is its height."""
        return self.cell * len(self.counts)

    @property
    def width(self) -> float:
        """How wide its page is."""
        last = self.side
        if self.names_lean:  # the last name leans beyond its column
            last += self.leaning - self.cell / 2
        return min(max(self.left + last + MARGIN, _NARROWEST), _WIDTH)

    def across(self, column: int) -> float:
        """Return where the middle of a column is."""
        return self.left + (column + 0.5) * self.cell

    def upper(self, row: int) -> float:
        """Return where a row begins."""
        return self.top + row * self.cell


@any_letters()
def confusion(run: Run) -> Figure:
    """Draw what the run answered for the images of each class, as counts and shares.

    What was right is blue, and framed where there is room; what was wrong is orange. Where cells
    are too small for numbers scales explain their colours, not every class is named, and the most
    frequent mistakes are told in words.

    Args:
        run: one that was judged on its test or validation images.

    Returns:
        The figure: a row per true class, a column per answer.

    Raises:
        RunError: the run was not judged.
    """
    if run.metrics is None:
        raise RunError(
            f'the run "{run.folder}" has no answers to draw: it was {run.status} before it was '
            "judged; train again"
        )
    used = letters()
    square = _laid_out(np.array(run.metrics.confusion), run.class_names, used)
    below = square.top + square.side + 0.2
    room = square.width - 2 * MARGIN
    lines = used.wrapped([_notes(square)], room, SMALL)
    if not square.has_numbers:
        lines += _mistakes(square)
    scale = 0.0 if square.has_numbers else 0.75
    page = Page(used, square.width, below + scale + down(SMALL, len(lines)) + MARGIN - 0.1)
    page.write_title(f"Accuracy {accuracy_with_interval(run.metrics)}")
    judged = f"{images_judged(run.metrics, run.judged_on)}  ·  run {printable(run.folder.name)}"
    page.write_lines(MARGIN + down(TITLE), [used.fitted(judged, room, SMALL)])
    _draw_cells(page, square)
    _name_classes(page, square)
    if scale:
        _draw_scale(page, square.left, below)
    page.write_lines(below + scale, lines)
    page.measure_paper()
    return page


def _laid_out(counts: NDArray[np.int64], names: Sequence[str], used: Letters) -> _Square:
    """Return the square: as large as its names leave room for, cells no larger than need be."""
    images = counts.sum(axis=1, keepdims=True)
    shares = np.where(images > 0, counts / np.maximum(images, 1), np.nan)
    shown = tuple(used.fitted(name, _WIDEST_NAME, SMALL) for name in names)
    widest = max(used.inches(name, SMALL) for name in shown)
    left = MARGIN + _AXIS_NAME + widest + _BESIDE
    cell = min(_LARGEST_CELL, _SQUARE / len(names))
    names_lean = widest > cell - 0.1
    leaning = widest * math.sin(math.radians(_LEAN)) if names_lean else 0.0
    # The last name leans beyond its column, and the page ends there.
    cell = min(cell, (_WIDTH - left - leaning - 0.15) / len(names))
    top = MARGIN + down(TITLE) + down(SMALL) + _AXIS_NAME + leaning + 0.38
    has_numbers = used.inches(str(counts.max()), SMALL) < cell - 0.08
    return _Square(shown, counts, shares, left, top, cell, names_lean, leaning, has_numbers)


def _draw_cells(page: Page, square: _Square) -> None:
    right, end = square.left + square.side, square.top + square.side
    shares = np.ma.masked_invalid(square.shares)
    wrong = np.ma.array(shares, mask=shares.mask | np.eye(len(shares), dtype=bool))
    for of, colours in (
        (shares, colormaps[_RIGHT].with_extremes(bad=_NO_IMAGES)),
        (wrong, colormaps[_WRONG].with_extremes(bad="none")),
    ):
        page.paper.imshow(
            of,
            cmap=colours,
            norm=_SPREAD,
            extent=(square.left, right, end, square.top),
            aspect="auto",  # the page is in inches, so that a square place is square
            origin="upper",
            interpolation="nearest",
        )
    if not square.has_numbers:
        return
    for edge in range(1, len(square.counts)):
        inset = edge * square.cell
        page.paper.plot([square.left, right], [square.top + inset] * 2, color="white", linewidth=1)
        page.paper.plot([square.left + inset] * 2, [square.top, end], color="white", linewidth=1)
    for place in range(len(square.counts)):
        corner = (square.left + place * square.cell, square.upper(place))
        side = square.cell
        frame = Rectangle(corner, side, side, fill=False, color=INK, linewidth=1.2, zorder=3)
        page.paper.add_patch(frame)
    _write_numbers(page, square)


def _write_numbers(page: Page, square: _Square) -> None:
    with_share = _shows_shares(square)
    for (row, column), count in np.ndenumerate(square.counts):
        share = float(square.shares[row, column])
        if math.isnan(share):
            continue
        dark = share > (_DARK if row == column else _DARK_WRONG)
        colour = "white" if dark else INK if count else MUTED
        middle = square.upper(row) + square.cell / 2
        top = middle - down(SMALL, 2 if with_share else 1) / 2
        across = square.across(column)
        page.write(across, top, f"{count}", SMALL, colour, "center", "bold")
        if with_share:
            page.write(across, top + down(SMALL), _percent(share), SMALL, colour, "center")


def _percent(share: float) -> str:
    """Return a share without rounding what is rare to nothing, or all but one to all."""
    return f"{share:.1%}" if 0 < share < 0.01 or 0.99 < share < 1 else f"{share:.0%}"


def _shows_shares(square: _Square) -> bool:
    return square.cell >= _SHARE_CELL


def _every(square: _Square) -> int:
    """Return the step from one class that is named to the next."""
    return max(1, math.ceil(_NAME_EVERY / square.cell))


def _name_classes(page: Page, square: _Square) -> None:
    line = down(SMALL)
    middle = square.left + square.side / 2
    page.write(middle, MARGIN + down(TITLE) + down(SMALL) + 0.16, "answer", SMALL, MUTED, "center")
    beside = MARGIN - (SMALL * 1.225 - SMALL) / 72
    half_way = square.top + square.side / 2
    page.write(beside, half_way, "true class", SMALL, MUTED, "center", angle=90.0)
    for number in range(0, len(square.names), _every(square)):
        name = square.names[number]
        beside = square.upper(number) + square.cell / 2 - line / 2
        page.write(square.left - _BESIDE, beside, name, align="right")
        above = square.top - line - (_BESIDE if square.names_lean else 0.02)
        align, angle = ("left", _LEAN) if square.names_lean else ("center", 0.0)
        page.write(square.across(number), above, name, align=align, angle=angle)


def _draw_scale(page: Page, left: float, top: float) -> None:
    """Draw the scales that say which colour is which share."""
    shades = np.linspace(0.0, 1.0, 256)
    for row, (colours, name) in enumerate(((_RIGHT, "right"), (_WRONG, "wrong"))):
        upper = top + row * (_SCALE_HEIGHT + 0.06)
        page.paper.imshow(
            shades[None] ** 2,  # even in colour, as the spread of the cells is
            cmap=colours,
            norm=_SPREAD,
            extent=(left, left + _SCALE_WIDTH, upper + _SCALE_HEIGHT, upper),
            aspect="auto",
            origin="upper",
        )
        page.write(left + _SCALE_WIDTH + _BESIDE, upper - 0.03, name, SMALL, MUTED)
    for share in (0.0, 0.05, 0.25, 0.5, 1.0):
        place = left + _SCALE_WIDTH * float(_SPREAD(share))
        below = top + 2 * _SCALE_HEIGHT + 0.08
        page.write(place, below, f"{share:.0%}", SMALL, MUTED, "center")


def _notes(square: _Square) -> str:
    percent = "colours and percent" if square.has_numbers and _shows_shares(square) else "colours"
    framed = " in frames" if square.has_numbers else ""
    notes = [f"Blue{framed}: right. Orange: wrong. {percent.capitalize()} are shares of a row."]
    if _every(square) > 1:
        notes.append(f"One class in {_every(square)} is named.")
    if np.isnan(square.shares).any():
        notes.append("Grey rows: classes without images.")
    return " ".join(notes)


def _mistakes(square: _Square) -> list[str]:
    """Return the most frequent mistakes in words, a line each."""
    found = [
        (int(count), row, column)
        for (row, column), count in np.ndenumerate(square.counts)
        if count and row != column
    ]
    if not found:
        return ["No image was taken for another class."]
    images = square.counts.sum(axis=1)
    return [
        "Most frequent mistakes:",
        *(
            f"{count} of {images[row]} {square.names[row]} taken for {square.names[column]}"
            for count, row, column in sorted(found, key=lambda one: -one[0])[:_MISTAKES]
        ),
    ]
