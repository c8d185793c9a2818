"""A figure as a page: in inches from its upper left corner, with texts drawn as they are."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import NullLocator

from vgg_transfer.report.figures.lettering import DOTS_PER_INCH, Letters, any_letters

INK, MUTED, LINE = "#1f2328", "#656d76", "#c8ced5"
BLUE, ORANGE = "#0b5cad", "#c2500a"  # told apart by the colour-blind as well, and in grey

# Points, and from one line to the next in heights of the letters.
TITLE, TEXT, SMALL = 15.0, 10.0, 9.0
_LEADING = 1.45

MARGIN = 0.35
_NOTEBOOK_DOTS = 110  # sharp in a notebook, and its file stays small
_SCREEN_DOTS = 96  # what browsers call an inch


class Page(Figure):
    """A figure that a notebook shows as the last value of a cell, with or without pyplot.

    Args:
        letters: the letters of all its texts; with them the size of a page is worked out.
        width: of the page, in inches.
        height: of the page, in inches.
    """

    def __init__(self, letters: Letters, width: float, height: float) -> None:
        super().__init__((width, height), dpi=DOTS_PER_INCH, facecolor="white")
        self.letters = letters
        paper = self.add_axes((0, 0, 1, 1))
        paper.set_axis_off()
        self.paper = paper
        self.measure_paper()

    def measure_paper(self) -> None:
        """Give the paper inches for units, downwards; to be repeated after ``imshow`` on it."""
        width, height = self.get_size_inches()
        self.paper.set_xlim(0, width)
        self.paper.set_ylim(height, 0)

    def panel(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return axes for data at a place on the paper: horizontal grid lines and no frame."""
        across, down = self.get_size_inches()
        place = (left / across, 1 - (top + height) / down, width / across, height / down)
        axes = self.add_axes(place, facecolor="none")
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.grid(visible=True, axis="y", color=LINE, linewidth=0.5, clip_on=False)
        axes.set_axisbelow(True)
        return axes

    def write_title(self, text: str) -> None:
        """Write the first line of the page, shortened to its width."""
        shown = self.letters.fitted(text, self.get_figwidth() - 2 * MARGIN, TITLE, "bold")
        self.write(MARGIN, MARGIN, shown, TITLE, weight="bold")

    def write_lines(
        self, top: float, lines: Sequence[str], points: float = SMALL, colour: str = MUTED
    ) -> None:
        """Write lines at the left margin, the first below ``top``, the others below each other."""
        for number, line in enumerate(lines):
            self.write(MARGIN, top + down(points, number), line, points, colour)

    def write(
        self,
        left: float,
        top: float,
        text: str,
        points: float = SMALL,
        colour: str = INK,
        align: str = "left",
        weight: str = "normal",
        angle: float = 0.0,
    ) -> Text:
        """Write one line of text; lines of one size share their baseline.

        Args:
            left: where it begins, in inches; where its middle or its end is, by ``align``.
            top: the upper end of the line, in inches.
            text: drawn as it is, and not shortened.
            points: the size of the letters. Default: small.
            colour: of the letters. Default: nearly black.
            align: ``"left"`` (default), ``"center"`` or ``"right"``.
            weight: ``"normal"`` (default) or ``"bold"``.
            angle: degrees anticlockwise about where the baseline begins. Default: 0.
        """
        return self.paper.text(
            left,
            top + points * (1 + _LEADING) / 2 / 72,
            text,
            fontproperties=self.letters.font(points, weight),
            color=colour,
            horizontalalignment=align,
            verticalalignment="baseline",
            rotation=angle,
            rotation_mode="anchor",
            parse_math=False,
            usetex=False,
        )

    def set_ticks(self, axes: Axes, side: str, ticks: Sequence[tuple[float, str]]) -> None:
        """Put these ticks and no others on the ``"x"`` or ``"y"`` axis, without marks."""
        axis = axes.xaxis if side == "x" else axes.yaxis
        axis.set_ticks(
            [value for value, _ in ticks],
            [text for _, text in ticks],
            fontproperties=self.letters.font(SMALL),
            color=MUTED,
            parse_math=False,
            usetex=False,
        )
        axis.set_minor_locator(NullLocator())
        axis.set_tick_params(length=0, pad=6)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Return what IPython shows, and how large: sharper than the screen's own dots."""
        file = BytesIO()
        with any_letters():
            self.savefig(file, format="png", dpi=_NOTEBOOK_DOTS, facecolor="white")
        width, height = (round(inches * _SCREEN_DOTS) for inches in self.get_size_inches())
        return file.getvalue(), {"width": width, "height": height}


def down(points: float, lines: int = 1) -> float:
    """Return the height of so many lines of text, in inches."""
    return lines * points * _LEADING / 72


def write_figure(figure: Figure, file: Path | str, kind: str | None = None) -> None:
    """Write a figure into a file.

    Args:
        figure: any of the figures of ``vt.plots``.
        file: its path; a file that is there is replaced.
        kind: ``"png"``, ``"pdf"`` or ``"svg"``. Default: by the ending of ``file``.
    """
    with any_letters():
        figure.savefig(file, format=kind, dpi=DOTS_PER_INCH, facecolor="white")
