"""The curves of a history: loss, accuracy and rate of each stage, each in a panel of its own."""

import math
from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import LogLocator, MaxNLocator

from vgg_transfer.report.figures.page import BLUE, INK, MUTED, ORANGE, SMALL, Page, down
from vgg_transfer.report.spans import Span
from vgg_transfer.run import Epoch

ROUND_STEPS = [1, 2, 2.5, 5, 10]

_LOG_FROM = 20.0  # a loss that spans more than this factor is drawn on a logarithmic axis
_FALLS_TO_NOTHING = 1000.0  # a rate that falls by more is drawn as it is
_MOST_TICKS = 6
_MOST_POINTS = 60  # up to here every epoch is a point, and not only a bend of a line


def draw_loss(page: Page, panel: Axes, spans: Sequence[Span]) -> None:
    """Draw the loss on training and validation images."""
    found = _finite([loss for span in spans for e in span.epochs for loss in (e.loss, e.val_loss)])
    low, high = min(found), max(found)
    if 0 < low * _LOG_FROM < high:
        panel.set_yscale("log")
        low, high = low / 1.1, high * 1.1
        ticks = _log_ticks(low, high)
    else:
        low, high = 0.0, high * 1.05 or 1.0
        ticks = [float(t) for t in MaxNLocator(4, steps=ROUND_STEPS).tick_values(low, high)]
    panel.set_ylim(low, high)
    page.set_ticks(panel, "y", [(tick, f"{tick:g}") for tick in ticks if low <= tick <= high])
    _draw_curves(page, panel, spans, lambda epoch: epoch.loss, lambda epoch: epoch.val_loss)


def draw_accuracy(page: Page, panel: Axes, spans: Sequence[Span]) -> None:
    """Draw the accuracy on training and validation images, up to 100%."""
    found = [share for span in spans for e in span.epochs for share in (e.accuracy, e.val_accuracy)]
    locator = MaxNLocator(4, steps=ROUND_STEPS)
    ticks = [t for t in locator.tick_values(min(*_finite(found), 0.98), 1.0) if t < 1 + 1e-9]
    panel.set_ylim(ticks[0], 1.0)
    page.set_ticks(panel, "y", [(tick, f"{100 * tick:.3g}%") for tick in ticks])
    _draw_curves(page, panel, spans, lambda epoch: epoch.accuracy, lambda epoch: epoch.val_accuracy)


def rate_of(epoch: Epoch) -> float:
    """Return the rate of the highest block to three digits; the others are rounding errors."""
    return float(f"{max(epoch.rates.values(), default=math.nan):.3g}")


def draw_rate(page: Page, panel: Axes, spans: Sequence[Span]) -> None:
    """Draw the rate as steps, each over the width of its epoch."""
    levels = sorted({rate for span in spans for e in span.epochs if (rate := rate_of(e)) > 0})
    low, high = levels[0], levels[-1]
    if low * _FALLS_TO_NOTHING < high:  # by its logarithm nothing else would be seen
        panel.set_ylim(0, high * 1.15)
        page.set_ticks(panel, "y", [(0.0, "0"), (high, f"{high:.2g}")])
    else:
        _set_log_rates(page, panel, levels)
    for span in spans:
        edges = [place - 0.5 for place in (*span.places, span.places.stop)]
        values = [rate_of(epoch) for epoch in span.epochs]
        panel.step(edges, [*values, values[-1]], where="post", color=INK, linewidth=1.2)


def _set_log_rates(page: Page, panel: Axes, levels: Sequence[float]) -> None:
    low, high = levels[0], levels[-1]
    panel.set_yscale("log")
    panel.set_ylim(low / 1.3, high * 1.3)
    # A third is named as well where it stands well between the others.
    middle = [rate for rate in levels if 0.3 < math.log(rate / low) / math.log(high / low) < 0.7]
    named = [low, *(middle if len(middle) == 1 else []), high]
    page.set_ticks(panel, "y", [(rate, f"{rate:.2g}") for rate in named])


def _draw_curves(
    page: Page,
    panel: Axes,
    spans: Sequence[Span],
    training: Callable[[Epoch], float],
    validation: Callable[[Epoch], float],
) -> None:
    """Draw both curves, broken between stages: each begins with the weights that were kept."""
    last = spans[-1].places.stop - 1
    for span in spans:
        for of, colour, width in ((training, MUTED, 1.0), (validation, BLUE, 1.8)):
            panel.plot(
                span.places,
                [of(epoch) for epoch in span.epochs],
                color=colour,
                linewidth=width,
                marker="." if last <= _MOST_POINTS or len(span.epochs) == 1 else "",
                clip_on=False,
            )
        kept = span.outcome.best_epoch
        if kept:
            panel.plot(
                [span.places[kept - 1]],
                [validation(span.epochs[kept - 1])],
                color=ORANGE,
                marker="o",
                markersize=9,
                markerfacecolor="none",
                markeredgewidth=1.6,
                clip_on=False,
            )
    end = spans[-1].epochs[-1]
    names = [(training(end), "training", MUTED), (validation(end), "validation", BLUE)]
    _name_lines(page, panel, [name for name in names if math.isfinite(name[0])], last)


def _name_lines(
    page: Page, panel: Axes, names: Sequence[tuple[float, str, str]], last: int
) -> None:
    """Write each curve's name behind its end; two names that would touch are moved apart."""
    heights = [panel.transData.transform((last, value))[1] / page.dpi for value, _, _ in names]
    middle, half = sum(heights) / max(len(heights), 1), down(SMALL) / 2
    crowded = len(names) == 2 and abs(heights[0] - heights[1]) < 2 * half
    for (value, name, colour), height in zip(names, heights, strict=True):
        upper = height > middle or (height == middle and name == "validation")
        moved = middle + (half if upper else -half) - height if crowded else 0.0
        panel.annotate(
            name,
            (last, value),
            (9, 72 * moved),
            textcoords="offset points",
            annotation_clip=False,
            verticalalignment="center",
            fontproperties=page.letters.font(SMALL),
            color=colour,
            path_effects=[withStroke(linewidth=3, foreground="white")],  # over the grid
            parse_math=False,
            usetex=False,
        )


def _log_ticks(low: float, high: float) -> list[float]:
    """Return round numbers from below ``low`` to above ``high``, as many as have room."""
    for parts in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        ticks = [float(tick) for tick in LogLocator(subs=parts).tick_values(low, high)]
        if sum(low <= tick <= high for tick in ticks) <= _MOST_TICKS:
            break
    return ticks


def _finite(values: Sequence[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)] or [1.0]
