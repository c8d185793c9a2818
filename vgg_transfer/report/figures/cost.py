"""What accuracy costs: each recipe of a comparison as a point, accuracy over seconds."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from vgg_transfer.comparison.costs import LEFT_OUT
from vgg_transfer.comparison.record import Comparison, Standing
from vgg_transfer.errors import ComparisonError
from vgg_transfer.report.figures.curves import ROUND_STEPS
from vgg_transfer.report.figures.lettering import any_letters, letters
from vgg_transfer.report.figures.page import (
    BLUE,
    MARGIN,
    MUTED,
    ORANGE,
    SMALL,
    TITLE,
    Page,
    down,
)
from vgg_transfer.report.figures.placing import Bar, Box, place_names
from vgg_transfer.words import duration

# Inches.
_WIDTH, _LEFT = 7.2, 0.85
_ACROSS = _WIDTH - _LEFT - MARGIN
_HEIGHT, _TALLER = 3.3, 0.12  # of the panel, and what each recipe after the eighth adds
_WIDEST_NAME = 2.0
_SEEDS_BESIDE = -0.08  # beside the point, so that neither hides the other
_POINT, _DOT = 0.08, 0.03  # half of what they take
_FAR = 0.2  # a name that is farther from its point needs a line to it

_LOG_FROM = 5.0  # seconds that span more than this factor stand on a logarithmic axis
_MOST_STEPS = 6
_NEXT_TICK = 0.65  # inches from one to the next, at least
_ROUND = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)  # of a second, a minute and an hour
_ROUND_SECONDS = (
    *(number * 10.0**power for power in range(-3, 0) for number in (1.0, 2.0, 5.0)),
    *(number * unit for unit in (1.0, 60.0, 3600.0) for number in _ROUND),
    *(number * 3600.0 * 10.0**power for power in range(2, 5) for number in (0.5, 1.0, 2.0)),
)


@any_letters()
def accuracy_against_cost(comparison: Comparison) -> Figure:
    """Draw the accuracy of each recipe, with its 95% interval and every seed, over its seconds.

    The recommended recipe is filled; its name says so.

    Args:
        comparison: from ``vt.compare``, ``vt.compare_runs`` or ``vt.read_comparison``, with at
            least one trial that came to its end.

    Returns:
        The figure; its time axis is logarithmic where recipes differ more than fivefold.

    Raises:
        ComparisonError: no trial came to its end.
    """
    standings = sorted(comparison.standings, key=lambda one: one.seconds)
    if not standings:
        raise ComparisonError(
            f"a comparison of {len(comparison.trials)} trials has nothing to draw: none of them "
            "came to its end; their reasons are in its `trials`"
        )
    used = letters()
    height = _HEIGHT + _TALLER * max(0, len(standings) - 8)
    top = MARGIN + down(TITLE) + 0.3
    foot = top + height + 0.62
    notes = used.wrapped(_notes(comparison), _WIDTH - 2 * MARGIN, SMALL)
    page = Page(used, _WIDTH, foot + down(SMALL, len(notes)) + MARGIN - 0.15)
    page.write_title("Accuracy against training time")
    panel = page.panel(_LEFT, top, _ACROSS, height)
    _set_times(page, panel, standings)
    _set_shares(page, panel, standings)
    for one in standings:
        _draw_standing(page, panel, one, one.name == comparison.recommended)
    _name_standings(page, panel, standings, comparison.recommended)
    what = "time of one training, with an empty store of activations"
    if LEFT_OUT in comparison.notes:
        what = "time of one training, less activations that were stored before"
    page.write(_LEFT + _ACROSS / 2, foot - 0.3, what, SMALL, MUTED, "center")
    page.write_lines(foot, notes)
    return page


def _notes(comparison: Comparison) -> list[str]:
    seeds = len(comparison.seeds)
    return [
        f"{comparison.test_images:,} {comparison.judged_on} images, {seeds} "
        f"seed{'s' * (seeds > 1)}. Point and bar: mean and 95% interval; small dots: single seeds.",
        "Bars that overlap do not say that recipes are equal: the verdict compares them image by "
        "image.",
    ]


def _set_times(page: Page, panel: Axes, standings: Sequence[Standing]) -> None:
    seconds = [one.seconds for one in standings]
    least, most = min(seconds), max(seconds)
    if 0 < least * _LOG_FROM < most:
        panel.set_xscale("log")
        low, high = least / 1.6, most * 1.6
        factor = (high / low) ** (_NEXT_TICK / _ACROSS)
        times: list[float] = []
        for time in _ROUND_SECONDS:
            if low <= time <= high and (not times or time >= factor * times[-1]):
                times.append(time)
    else:
        low, high = 0.0, most * 1.25 or 1.0
        step = next((one for one in _ROUND_SECONDS if high / one <= _MOST_STEPS), high)
        times = [step * number for number in range(int(high / step) + 1)]
    panel.set_xlim(low, high)
    page.set_ticks(panel, "x", [(time, duration(time, "round")) for time in times])


def _set_shares(page: Page, panel: Axes, standings: Sequence[Standing]) -> None:
    shares = [share for one in standings for share in (*one.by_seed, *_ends(one))]
    pad = max(0.0, 0.01 - (max(shares) - min(shares)) / 2)
    low, high = max(min(shares) - pad, 0.0), min(max(shares) + pad, 1.0)
    found = MaxNLocator(5, steps=ROUND_STEPS).tick_values(low, high)
    ticks = [float(tick) for tick in found if -1e-9 < tick < 1 + 1e-9]
    digits = 0 if all(abs(100 * tick - round(100 * tick)) < 1e-6 for tick in ticks) else 1
    panel.set_ylim(ticks[0], ticks[-1])
    page.set_ticks(panel, "y", [(tick, f"{tick:.{digits}%}") for tick in ticks])


def _ends(one: Standing) -> tuple[float, float]:
    return one.interval.low, one.interval.high


def _draw_standing(page: Page, panel: Axes, one: Standing, recommended: bool) -> None:
    colour = ORANGE if recommended else BLUE
    panel.plot([one.seconds] * 2, _ends(one), color=colour, linewidth=1.6, clip_on=False)
    beside = panel.transData + ScaledTranslation(_SEEDS_BESIDE, 0, page.dpi_scale_trans)
    panel.plot(
        [one.seconds] * len(one.by_seed),
        one.by_seed,
        linestyle="none",
        marker="o",
        markersize=2.6,
        color=colour,
        alpha=0.7,
        transform=beside,
        clip_on=False,
    )
    panel.plot(
        [one.seconds],
        [one.accuracy],
        marker="o",
        markersize=8,
        color=colour,
        markerfacecolor=colour if recommended else "white",
        markeredgewidth=1.6,
        clip_on=False,
    )


def _name_standings(
    page: Page, panel: Axes, standings: Sequence[Standing], recommended: str
) -> None:
    """Write each name where it covers nothing; a thin line leads to one that stands far away."""
    names, weights, sizes = [], [], []
    for one in standings:
        weight, remark = ("bold", " (recommended)") if one.name == recommended else ("normal", "")
        names.append(page.letters.fitted(one.name, _WIDEST_NAME, SMALL, weight) + remark)
        weights.append(weight)
        sizes.append((page.letters.inches(names[-1], SMALL, weight), down(SMALL)))
    bars, drawn = _bars(panel, page.dpi, standings)
    room = Box(*(edge / page.dpi for edge in panel.get_window_extent().extents))
    height = float(page.get_figheight())
    places = place_names(bars, sizes, drawn, room)
    for bar, name, weight, place in zip(bars, names, weights, places, strict=True):
        text = page.write(place.left, height - place.high, name, weight=weight)
        text.set_path_effects([withStroke(linewidth=3, foreground="white")])  # over the grid
        edge = min(max(bar.across, place.left), place.right)
        end = min(max(bar.point, place.low), place.high)
        if max(abs(edge - bar.across), end - bar.high, bar.low - end) > _FAR:
            ends = [height - bar.point, height - end]
            page.paper.plot([bar.across, edge], ends, color=MUTED, linewidth=0.5)


def _bars(panel: Axes, dpi: float, standings: Sequence[Standing]) -> tuple[list[Bar], list[Box]]:
    """Return each standing's point and interval in inches, and boxes around all that was drawn."""
    bars, drawn = [], []
    for one in standings:
        shares = [(one.seconds, share) for share in (one.accuracy, *_ends(one), *one.by_seed)]
        places = panel.transData.transform(shares) / dpi
        across = float(places[0, 0])
        point, low, high, *seeds = (float(up) for up in places[:, 1])
        bars.append(Bar(across, point, low, high))
        drawn.append(Box(across - _POINT, point - _POINT, across + _POINT, point + _POINT))
        drawn.append(Box(across - _DOT, low - _DOT, across + _DOT, high + _DOT))
        left = across + _SEEDS_BESIDE
        drawn += [Box(left - _DOT, up - _DOT, left + _DOT, up + _DOT) for up in seeds]
    return bars, drawn
