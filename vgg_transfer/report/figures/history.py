"""The history of a run: loss, accuracy and rate over all stages, on one axis of epochs."""

import math
from collections.abc import Sequence
from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from vgg_transfer.errors import RunError
from vgg_transfer.report.figures.curves import Span, draw_accuracy, draw_loss, draw_rate, rate_of
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
    set_ticks,
    wrapped,
)
from vgg_transfer.report.figures.wording import accuracy_in_words, images_in_words
from vgg_transfer.run import Run

# Inches.
_WIDTH, _LEFT, _RIGHT = 7.2, 0.85, 1.0
_ACROSS = _WIDTH - _LEFT - _RIGHT
_CURVES, _RATES = 1.7, 0.45  # heights of the panels
_ABOVE_PANEL = 0.36
_BELOW_PANELS = 0.62  # the numbers of the epochs, and what they are
_BESIDE = 0.05  # from a boundary to the words of its stage

_MOST_LINES = 6  # above a stage


def history(run: Run) -> Figure:
    """Draw loss, accuracy and rate of all stages on one axis of epochs.

    A ring marks the epoch whose weights a stage kept. The rate is that of the highest block that
    trains.

    Raises:
        RunError: no epoch was finished.
    """
    if not run.history:
        raise RunError(
            f'the run "{run.folder}" has no history to draw: no epoch was finished before it was '
            f"{run.status}; train again"
        )
    spans = _spans(run)
    with any_letters():
        used = letters()
        heads, notes = _heads(spans, used), _notes(run, used)
        if not heads:  # too narrow: numbers above the stages, and the words below the panels
            notes = [*_listed(spans, used), *notes]
            heads = [[str(span.outcome.stage)] for span in spans]
        top = MARGIN + down(TITLE) + down(SMALL) + 0.18
        loss = top + down(SMALL, max(map(len, heads))) + _ABOVE_PANEL
        accuracy = loss + _CURVES + _ABOVE_PANEL
        rate = accuracy + _CURVES + _ABOVE_PANEL
        end = rate + _RATES if _rate_varies(run) else accuracy + _CURVES

        page = Page(_WIDTH, end + _BELOW_PANELS + down(SMALL, len(notes)) + MARGIN - 0.15)
        _write_title(page, used, run)
        _draw_stages(page, used, spans, heads, (top, end))
        draw_loss(_panel(page, used, run, "loss", loss), used, spans)
        draw_accuracy(_panel(page, used, run, "accuracy", accuracy), used, spans)
        if _rate_varies(run):
            draw_rate(_panel(page, used, run, "rate", rate, _RATES), used, spans)
        _number_epochs(page, used, len(run.history), end)
        for number, line in enumerate(notes):
            below = end + _BELOW_PANELS + down(SMALL, number)
            page.write(MARGIN, below, line, used.font(SMALL), MUTED)
    return page


def _spans(run: Run) -> list[Span]:
    outcomes = {outcome.stage: outcome for outcome in run.stages}
    spans, first = [], 1
    for stage, group in groupby(run.history, key=lambda epoch: epoch.stage):
        spans.append(Span(outcomes[stage], tuple(group), first))
        first = spans[-1].places.stop
    return spans


def _kept(span: Span) -> str:
    """Say which weights a stage left."""
    if not span.outcome.best_epoch:
        return "kept what it began with"
    return f"○ kept epoch {span.outcome.best_epoch} of {len(span.epochs)}"


def _heads(spans: Sequence[Span], used: Letters) -> list[list[str]]:
    """Return what stands above each stage in lines; nothing where one of them has no room."""
    heads = []
    per_epoch = _ACROSS / (spans[-1].places.stop - 1)
    for span in spans:
        room = len(span.epochs) * per_epoch - 2 * _BESIDE
        if span is spans[-1]:
            room += _RIGHT - MARGIN
        first, *others = span.outcome.title.split(" + ")
        blocks = [first, *(f"+ {block}" for block in others)]
        lines = [
            line
            for words in ([f"stage {span.outcome.stage}"], blocks, _kept(span).split(" "))
            for line in used.lines(words, " ", room, SMALL)
        ]
        if len(lines) > _MOST_LINES or any("…" in line for line in lines):
            return []
        heads.append(lines)
    return heads


def _listed(spans: Sequence[Span], used: Letters) -> list[str]:
    """Return the stages in words, in lines for the foot of the page."""
    phrases = [f"{span.outcome.stage} {span.outcome.title}: {_kept(span)}" for span in spans]
    return used.lines(phrases, "  ·  ", _WIDTH - 2 * MARGIN, SMALL)


def _write_title(page: Page, used: Letters, run: Run) -> None:
    room = _WIDTH - 2 * MARGIN
    title = used.fitted(f"Training of {run.recipe.name}", room, TITLE, "bold")
    page.write(MARGIN, MARGIN, title, used.font(TITLE, "bold"))
    result = (
        f"{accuracy_in_words(run.metrics)} {images_in_words(run.metrics, run.judged_on)}"
        if run.metrics
        else f"The training was {run.status}: its result was not judged"
    )
    page.write(MARGIN, MARGIN + down(TITLE), result, used.font(SMALL), MUTED)


def _draw_stages(
    page: Page,
    used: Letters,
    spans: Sequence[Span],
    heads: Sequence[Sequence[str]],
    ends: tuple[float, float],
) -> None:
    """Draw a line where each stage begins, through all panels, and write its words beside it."""
    top, end = ends
    for span, lines in zip(spans, heads, strict=True):
        left = _LEFT + _ACROSS * (span.first - 1) / (spans[-1].places.stop - 1)
        if span is not spans[0]:
            page.paper.plot([left, left], [top, end], color=LINE, linewidth=0.8)
        for number, line in enumerate(lines):
            colour = INK if number == 0 else ORANGE if line.startswith("○") else MUTED
            below = top + down(SMALL, number)
            page.write(left + _BESIDE, below, line, used.font(SMALL), colour)


def _panel(
    page: Page, used: Letters, run: Run, name: str, top: float, height: float = _CURVES
) -> Axes:
    """Return a panel with its name above its upper left corner, and no numbers yet."""
    page.write(MARGIN, top - 0.27, name, used.font(SMALL, "bold"))
    panel = page.panel(_LEFT, top, _ACROSS, height)
    panel.set_xlim(0.5, len(run.history) + 0.5)
    set_ticks(panel, used, "x", [])
    panel.grid(visible=True, axis="y", color=LINE, linewidth=0.5, clip_on=False)
    panel.set_axisbelow(True)
    return panel


def _rates(run: Run) -> list[float]:
    return sorted({rate for epoch in run.history if math.isfinite(rate := rate_of(epoch))})


def _rate_varies(run: Run) -> bool:
    return len(_rates(run)) > 1


def _notes(run: Run, used: Letters) -> list[str]:
    """Return what the panels do not show, in lines."""
    rates = _rates(run)
    notes = [f"The rate was {rates[0]:g} in every epoch."] if len(rates) == 1 else []
    notes += [advice.said for advice in run.advice if not advice.goes_on]
    return wrapped(used, notes, _WIDTH - 2 * MARGIN, SMALL)


def _number_epochs(page: Page, used: Letters, epochs: int, end: float) -> None:
    """Write the numbers of the epochs, and what they count, below the lowest panel."""
    numbers = MaxNLocator(10, integer=True).tick_values(1, epochs)
    step = numbers[1] - numbers[0]
    # The second must not touch the first.
    for number in (1, *(int(one) for one in numbers if 1 + 0.7 * step < one <= epochs)):
        place = _LEFT + _ACROSS * (number - 0.5) / epochs
        page.write(place, end + 0.06, f"{number}", used.font(SMALL), MUTED, "center")
    middle = _LEFT + _ACROSS / 2
    what = "epochs, counted through all stages"
    page.write(middle, end + 0.06 + down(SMALL), what, used.font(SMALL), MUTED, "center")
