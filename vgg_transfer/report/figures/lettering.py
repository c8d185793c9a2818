"""Letters on figures: fonts, how wide a text is, and what is done where it is too wide."""

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
    """The letters of one figure, with what measures them; sizes are in points."""

    families: tuple[str, ...]
    renderer: RendererBase

    def font(self, points: float, weight: str = "normal") -> FontProperties:
        """Return the font of a size."""
        return FontProperties(family=list(self.families), size=points, weight=weight)

    def inches(self, text: str, points: float, weight: str = "normal") -> float:
        """Return how wide a text is on one printable line."""
        font, line = self.font(points, weight), printable(text)
        width, _, _ = self.renderer.get_text_width_height_descent(line, font, ismath=False)
        return width / DOTS_PER_INCH

    def fitted(self, text: str, room: float, points: float, weight: str = "normal") -> str:
        """Return one printable line; where it is wider than the room, its middle is left out."""
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
        """Return words or phrases, joined, in as few lines as the room allows."""
        lines: list[str] = []
        for part in parts:
            longer = f"{lines[-1]}{joint}{printable(part)}" if lines else ""
            if lines and self.inches(longer, points) <= room:
                lines[-1] = longer
            else:
                lines.append(self.fitted(part, room, points))
        return lines


def letters() -> Letters:
    """Return the letters for a figure of ``DOTS_PER_INCH``."""
    installed = fontManager.get_font_names()
    families = ("DejaVu Sans", *(name for name in _WIDER_FONTS if name in installed))
    return Letters(families, FigureCanvasAgg(Figure(dpi=DOTS_PER_INCH)).get_renderer())


@contextmanager
def any_letters() -> Iterator[None]:
    """Let a letter that no font has be a box, without a warning on the terminal."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        yield
