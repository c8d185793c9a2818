"""A figure as a page: measured in inches from its upper left corner, with no text read as code."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
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
    """A figure that a notebook shows as the last value of a cell, with or without pyplot."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__((width, height), dpi=DOTS_PER_INCH, facecolor="white")
        paper = self.add_axes((0, 0, 1, 1))
        paper.set_axis_off()
        self.paper = paper
        self.measure_paper()

    def measure_paper(self) -> None:
        """Measure the paper in inches, downwards. Say it again after a picture was put on it."""
        width, height = self.get_size_inches()
        self.paper.set_xlim(0, width)
        self.paper.set_ylim(height, 0)

    def panel(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return axes for data at a place on the paper, with no frame."""
        across, down = self.get_size_inches()
        place = (left / across, 1 - (top + height) / down, width / across, height / down)
        axes = self.add_axes(place, facecolor="none")
        for spine in axes.spines.values():
            spine.set_visible(False)
        return axes

    def write(
        self,
        left: float,
        top: float,
        text: str,
        font: FontProperties,
        colour: str = INK,
        align: str = "left",
        angle: float = 0.0,
    ) -> Text:
        """Write a line below ``top``; lines of one size share their baseline.

        ``angle`` is in degrees, upwards, about where the baseline begins.
        """
        return self.paper.text(
            left,
            top + font.get_size_in_points() * (1 + _LEADING) / 2 / 72,
            text,
            fontproperties=font,
            color=colour,
            horizontalalignment=align,
            verticalalignment="baseline",
            rotation=angle,
            rotation_mode="anchor",
            parse_math=False,
            usetex=False,
        )

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Return what IPython shows, and how large: sharper than the screen's own dots."""
        file = BytesIO()
        with any_letters():
            self.savefig(file, format="png", dpi=_NOTEBOOK_DOTS, facecolor="white")
        width, height = (round(inches * _SCREEN_DOTS) for inches in self.get_size_inches())
        return file.getvalue(), {"width": width, "height": height}


def down(points: float, lines: int = 1) -> float:
    """Return the inches that lines of text take."""
    return lines * points * _LEADING / 72


def wrapped(used: Letters, sentences: Sequence[str], room: float, points: float) -> list[str]:
    """Return sentences in lines that fit, each sentence on a line of its own."""
    return [line for text in sentences for line in used.lines(text.split(), " ", room, points)]


def set_ticks(axes: Axes, used: Letters, side: str, ticks: Sequence[tuple[float, str]]) -> None:
    """Put these ticks and no others on the ``"x"`` or ``"y"`` axis, without marks."""
    axis = axes.xaxis if side == "x" else axes.yaxis
    axis.set_ticks(
        [value for value, _ in ticks],
        [text for _, text in ticks],
        fontproperties=used.font(SMALL),
        color=MUTED,
        parse_math=False,
        usetex=False,
    )
    axis.set_minor_locator(NullLocator())
    axis.set_tick_params(length=0, pad=6)


def write_figure(figure: Figure, file: Path | str, kind: str | None = None) -> None:
    """Write a figure as ``"png"``, ``"pdf"`` or ``"svg"``; left out, the file's ending says it."""
    with any_letters():
        figure.savefig(file, format=kind, dpi=DOTS_PER_INCH, facecolor="white")
