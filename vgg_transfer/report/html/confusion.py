"""Which classes were taken for which, as a table of buttons, or as a drawing for many classes."""

from dataclasses import dataclass

from markupsafe import Markup

from vgg_transfer.evaluation import Metrics
from vgg_transfer.report.html.svg import drawing, element
from vgg_transfer.words import printable

_MOST_AS_TABLE = 20
_MOST_MISTAKES = 12
_SIDE = 640.0


@dataclass(frozen=True)
class Cell:
    """How many images of a class (``label``) were taken for another (``answer``)."""

    label: int
    answer: int
    images: int
    of: int

    @property
    def share(self) -> float:
        """The share of the images of its class."""
        return self.images / self.of if self.of else 0.0

    @property
    def percent(self) -> str:
        """The share in percent; what is rare is not rounded to nothing, nor all but one to all."""
        share = 100 * self.share
        return f"{share:.1f}%" if 0 < share < 1 or 99 < share < 100 else f"{share:.0f}%"

    @property
    def is_right(self) -> bool:
        """Whether it is on the diagonal."""
        return self.label == self.answer


@dataclass(frozen=True)
class Confusion:
    """The cells by row; ``square`` is a drawing in place of a table where classes are many."""

    rows: tuple[tuple[Cell, ...], ...]
    mistakes: tuple[Cell, ...]
    square: Markup | None


def confusion_of(metrics: Metrics) -> Confusion:
    """Return what was taken for what, and the most frequent mistakes."""
    rows = tuple(
        tuple(Cell(label, answer, count, sum(row)) for answer, count in enumerate(row))
        for label, row in enumerate(metrics.confusion)
    )
    wrong = [cell for row in rows for cell in row if cell.images and not cell.is_right]
    mistakes = sorted(wrong, key=lambda cell: -cell.images)[:_MOST_MISTAKES]
    names = [one.name for one in metrics.per_class]
    square = _square(rows, names) if len(rows) > _MOST_AS_TABLE else None
    return Confusion(rows, tuple(mistakes), square)


def _square(rows: tuple[tuple[Cell, ...], ...], names: list[str]) -> Markup:
    """Return a square of colours; each cell with images says what it is, and can be clicked."""
    side = _SIDE / len(rows)
    parts = [element("rect", x=0, y=0, width=_SIDE, height=_SIDE, class_="empty")]
    for row in rows:
        for cell in row:
            if not cell.images:
                continue
            said = (
                f"{cell.images} of {cell.of} {printable(names[cell.label])}: "
                f"{printable(names[cell.answer])}"
            )
            parts.append(
                element(
                    "rect",
                    element("title", said),
                    x=cell.answer * side,
                    y=cell.label * side,
                    width=side,
                    height=side,
                    class_="right" if cell.is_right else "wrong",
                    fill_opacity=0.15 + 0.85 * cell.share**0.5,
                    data_label=cell.label,
                    data_answer=cell.answer,
                )
            )
    return drawing(_SIDE, _SIDE, f"which of {len(rows)} classes were taken for which", parts)
