"""The letters of a figure: fonts, how wide a text is, and how one that is too wide is shortened."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager

from vgg_transfer.words import printable

DOTS_PER_INCH = 150

# DejaVu comes with matplotlib; these have the letters that it lacks, where they are installed.
_WIDER_FONTS = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Microsoft YaHei",
    "Hiragino Sans",
    "Arial Unicode MS",
)
_LONGEST = 400  # letters that are looked at where a text has to be shortened


@dataclass(frozen=True)
class Letters:
    """The fonts of one figure, and the renderer that measures texts; sizes are in points."""

    families: tuple[str, ...]
    renderer: RendererBase

    def font(self, points: float, weight: str = "normal") -> FontProperties:
        """Return the font of this size and weight."""
        return FontProperties(family=list(self.families), size=points, weight=weight)

    def inches(self, text: str, points: float, weight: str = "normal") -> float:
        """Return how wide a text is on one line, in inches."""
        font, line = self.font(points, weight), printable(text)
        width, _, _ = self.renderer.get_text_width_height_descent(line, font, ismath=False)
        return width / DOTS_PER_INCH

    def fitted(self, text: str, room: float, points: float, weight: str = "normal") -> str:
        """Return the text on one line; without its middle if it is wider than ``room`` inches."""
        text = printable(text)
        if self.inches(text, points, weight) <= room:
            return text
        for kept in range(min(len(text), _LONGEST) - 1, 0, -1):
            start = (2 * kept + 2) // 3  # the end tells files apart as well
            shorter = f"{text[:start]}…{text[len(text) - kept + start :]}"
            if self.inches(shorter, points, weight) <= room:
                return shorter
        return "…"

    def lines(self, parts: Sequence[str], joint: str, room: float, points: float) -> list[str]:
        """Return words or phrases, joined, in as few lines of ``room`` inches as possible."""
        lines: list[str] = []
        for part in parts:
            longer = f"{lines[-1]}{joint}{printable(part)}" if lines else ""
            if lines and self.inches(longer, points) <= room:
                lines[-1] = longer
            else:
                lines.append(self.fitted(part, room, points))
        return lines

    def wrapped(self, sentences: Sequence[str], room: float, points: float) -> list[str]:
        """Return sentences in lines of ``room`` inches; each sentence begins a line."""
        return [line for text in sentences for line in self.lines(text.split(), " ", room, points)]


def letters() -> Letters:
    """Return letters measured at ``DOTS_PER_INCH``, in the widest choice of fonts installed."""
    installed = fontManager.get_font_names()
    families = ("DejaVu Sans", *(name for name in _WIDER_FONTS if name in installed))
    return Letters(families, FigureCanvasAgg(Figure(dpi=DOTS_PER_INCH)).get_renderer())


@contextmanager
def any_letters() -> Iterator[None]:
    """Draw a letter that no font has as a box, without matplotlib's warning."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        yield
