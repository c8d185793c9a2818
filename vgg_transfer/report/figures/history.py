"""The history of a run: loss, accuracy and rate over all stages, on one axis of epochs."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgg_transfer.errors import RunError
from vgg_transfer.evaluation.sentences import accuracy_with_interval, images_judged
from vgg_transfer.report.figures.curves import draw_accuracy, draw_loss, draw_rate, rate_of
from vgg_transfer.report.figures.lettering import Letters, any_letters, letters
from vgg_transfer.report.figures.page import (
    INK,
    LINE,
    MARGIN,
    MUTED,
    ORANGE,
    SMALL,
    TITLE,
    Page,
    down,
)
from vgg_transfer.report.spans import Span, epoch_ticks, spans_of
from vgg_transfer.run import Run
from vgg_transfer.words import printable

# Inches.
_WIDTH, _LEFT, _RIGHT = 7.2, 0.85, 1.0
_ACROSS = _WIDTH - _LEFT - _RIGHT
_CURVES, _RATES = 1.7, 0.45  # heights of the panels
_ABOVE_PANEL = 0.44
_BELOW_PANELS = 0.62  # the numbers of the epochs, and what they are
_BESIDE = 0.05  # from a boundary to the words of its stage

_MOST_LINES = 6  # above a stage
_MOST_NUMBERS = 12  # of epochs


@any_letters()
def history(run: Run) -> Figure:
    """Draw loss, accuracy and rate of all stages over the epochs.

    A ring marks the epoch whose weights a stage kept. The rate is that of the highest block that
    trains.

    Args:
        run: of any status, with at least one finished epoch.

    Returns:
        The figure; the result stands in its title, or why there is none.

    Raises:
        RunError: no epoch was finished.
    """
    if not run.history:
        raise RunError(
            f'the run "{run.folder}" has no history to draw: no epoch was finished before it was '
            f"{run.status}; train again"
        )
    spans = spans_of(run)
    used = letters()
    heads, notes = _heads(spans, used), _notes(run, used)
    if not heads:  # too narrow: numbers above the stages, and the words below the panels
        notes = [*_listed(spans, used), *notes]
        heads = [[(str(span.outcome.stage), INK)] for span in spans]
    top = MARGIN + down(TITLE) + down(SMALL) + 0.18
    loss = top + down(SMALL, max(map(len, heads))) + _ABOVE_PANEL
    accuracy = loss + _CURVES + _ABOVE_PANEL
    rate = accuracy + _CURVES + _ABOVE_PANEL
    end = rate + _RATES if _rate_varies(run) else accuracy + _CURVES

    page = Page(used, _WIDTH, end + _BELOW_PANELS + down(SMALL, len(notes)) + MARGIN - 0.15)
    page.write_title(f"Training of {run.recipe.name}")
    page.write_lines(MARGIN + down(TITLE), [used.fitted(_result(run), _WIDTH - 2 * MARGIN, SMALL)])
    _draw_stages(page, spans, heads, (top, end))
    draw_loss(page, _panel(page, run, "loss", loss), spans)
    draw_accuracy(page, _panel(page, run, "accuracy", accuracy), spans)
    if _rate_varies(run):
        draw_rate(page, _panel(page, run, "rate", rate, _RATES), spans)
    _number_epochs(page, len(run.history), end)
    page.write_lines(end + _BELOW_PANELS, notes)
    return page


def _kept(span: Span) -> str:
    """Say which weights a stage left, with a ring where one is drawn."""
    return f"○ {span.kept}" if span.outcome.best_epoch else span.kept


def _heads(spans: Sequence[Span], used: Letters) -> list[list[tuple[str, str]]]:
    """Return lines and colours above each stage; nothing where one has no room for its own."""
    heads = []
    per_epoch = _ACROSS / (spans[-1].places.stop - 1)
    for span in spans:
        room = len(span.epochs) * per_epoch - 2 * _BESIDE
        if span is spans[-1]:
            room += _RIGHT - MARGIN
        first, *others = span.outcome.title.split(" + ")
        blocks = [first, *(f"+ {block}" for block in others)]
        parts = (
            ([f"stage {span.outcome.stage}"], INK),
            (blocks, MUTED),
            (_kept(span).split(" "), ORANGE),
        )
        lines = [
            (line, colour)
            for words, colour in parts
            for line in used.lines(words, " ", room, SMALL)
        ]
        if len(lines) > _MOST_LINES or any("…" in line for line, _ in lines):
            return []
        heads.append(lines)
    return heads


def _listed(spans: Sequence[Span], used: Letters) -> list[str]:
    """Return the stages in words, in lines for the foot of the page."""
    phrases = [f"{span.outcome.stage} {span.outcome.title}: {_kept(span)}" for span in spans]
    return used.lines(phrases, "  ·  ", _WIDTH - 2 * MARGIN, SMALL)


def _result(run: Run) -> str:
    """Return the line below the title."""
    name = f"run {printable(run.folder.name)}"
    if run.metrics is None:
        return f"The training was {run.status}: its result was not judged  ·  {name}"
    accuracy = accuracy_with_interval(run.metrics)
    return f"Accuracy {accuracy} {images_judged(run.metrics, run.judged_on)}  ·  {name}"


def _draw_stages(
    page: Page,
    spans: Sequence[Span],
    heads: Sequence[Sequence[tuple[str, str]]],
    ends: tuple[float, float],
) -> None:
    """Draw a line where each stage begins, through all panels, and write its lines beside it."""
    top, end = ends
    for span, lines in zip(spans, heads, strict=True):
        left = _LEFT + _ACROSS * (span.first - 1) / (spans[-1].places.stop - 1)
        if span is not spans[0]:
            page.paper.plot([left, left], [top, end], color=LINE, linewidth=0.8)
        for number, (line, colour) in enumerate(lines):
            below = top + down(SMALL, number)
            page.write(left + _BESIDE, below, line, SMALL, colour)


def _panel(page: Page, run: Run, name: str, top: float, height: float = _CURVES) -> Axes:
    """Return a panel with its name above its upper left corner, and no ticks yet."""
    page.write(MARGIN, top - 0.27, name, weight="bold")
    panel = page.panel(_LEFT, top, _ACROSS, height)
    panel.set_xlim(0.5, len(run.history) + 0.5)
    page.set_ticks(panel, "x", [])
    return panel


def _rates(run: Run) -> list[float]:
    return sorted({rate for epoch in run.history if math.isfinite(rate := rate_of(epoch))})


def _rate_varies(run: Run) -> bool:
    return len(_rates(run)) > 1


def _notes(run: Run, used: Letters) -> list[str]:
    """Return what the panels do not show, in lines for the foot of the page."""
    rates = _rates(run)
    notes = [f"The rate was {rates[0]:g} in every epoch."] if len(rates) == 1 else []
    notes += [advice.said for advice in run.advice if not advice.goes_on]
    return used.wrapped(notes, _WIDTH - 2 * MARGIN, SMALL)


def _number_epochs(page: Page, epochs: int, end: float) -> None:
    """Write the numbers of the epochs, and what they count, below the lowest panel."""
    for number in epoch_ticks(epochs, _MOST_NUMBERS):
        place = _LEFT + _ACROSS * (number - 0.5) / epochs
        page.write(place, end + 0.06, f"{number}", SMALL, MUTED, "center")
    middle = _LEFT + _ACROSS / 2
    what = "epochs, counted through all stages"
    page.write(middle, end + 0.06 + down(SMALL), what, SMALL, MUTED, "center")
