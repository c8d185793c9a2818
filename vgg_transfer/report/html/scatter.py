"""Accuracy against time, as a drawing: a numbered point with its interval for each recipe."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from vgg_transfer.comparison import Comparison, Standing
from vgg_transfer.report.html.svg import drawing, element, text
from vgg_transfer.report.spans import round_ticks
from vgg_transfer.words import duration

_WIDTH, _LEFT, _RIGHT, _TOP, _HEIGHT = 960.0, 64.0, 32.0, 24.0, 360.0
_ACROSS = _WIDTH - _LEFT - _RIGHT
_LOG_FROM = 5.0
_POINT = 11.0
_ROUND = (1, 2, 5, 10, 20, 30)  # of a second, a minute and an hour


def scatter(comparison: Comparison) -> Markup:
    """Return the drawing of a comparison; nothing where no recipe has a result."""
    standings = comparison.standings
    if not standings:
        return Markup("")
    low, high, ticks = _shares(standings)
    bottom = _TOP + _HEIGHT

    def up(share: float) -> float:
        return bottom - _HEIGHT * (share - low) / (high - low)

    parts = []
    for tick in ticks:
        ends = {"x1": _LEFT, "x2": _WIDTH - _RIGHT, "y1": up(tick), "y2": up(tick)}
        parts += [
            element("line", **ends, class_="grid"),
            text(_LEFT - 12, up(tick) + 4, f"{100 * tick:.3g}%", "muted", "end"),
        ]
    times = _Times(standings)
    parts += [
        text(times.across(tick), bottom + 24, duration(tick, "round"), "muted", "middle")
        for tick in times.ticks
    ]
    for number, one in enumerate(standings, start=1):
        kind = "recommended" if one.name == comparison.recommended else "other"
        x = times.across(one.seconds)
        ends = {"x1": x, "x2": x, "y1": up(one.interval.low), "y2": up(one.interval.high)}
        parts += [
            element("line", **ends, class_=f"whisker {kind}"),
            *(
                element("circle", cx=x - _POINT - 5, cy=up(seed), r=2.2, class_=f"seed {kind}")
                for seed in one.by_seed
            ),
            element("circle", cx=x, cy=up(one.accuracy), r=_POINT, class_=f"place {kind}"),
            text(x, up(one.accuracy) + 4, f"{number}", f"number {kind}", "middle"),
        ]
    words = "time of one training, with an empty store of activations"
    parts.append(text(_LEFT + _ACROSS / 2, bottom + 50, words, "muted", "middle"))
    title = f"accuracy of {len(standings)} recipes against their training time"
    return drawing(_WIDTH, bottom + 60, title, parts)


def _shares(standings: Sequence[Standing]) -> tuple[float, float, list[float]]:
    found = [s for one in standings for s in (*one.by_seed, one.interval.low, one.interval.high)]
    low, high = max(min(found) - 0.01, 0.0), min(max(found) + 0.01, 1.0)
    return low, high, round_ticks(low, high, 6)


class _Times:
    """Where seconds stand; by their logarithm where recipes differ much."""

    def __init__(self, standings: Sequence[Standing]) -> None:
        seconds = [one.seconds for one in standings]
        least, most = min(seconds), max(seconds)
        self._is_log = 0 < least * _LOG_FROM < most
        self._low = least / 1.5 if self._is_log else 0.0
        self._high = (most * 1.5 if self._is_log else most * 1.15) or 1.0
        if self._is_log:
            units = [factor * unit for unit in (1, 60, 3600) for factor in _ROUND]
            self.ticks = [float(tick) for tick in units if self._low <= tick <= self._high]
            self.ticks = self.ticks[:: math.ceil(len(self.ticks) / 9) or 1]
        else:
            unit = 1.0 if self._high < 120 else 60.0 if self._high < 7200 else 3600.0
            self.ticks = [unit * tick for tick in round_ticks(0.0, self._high / unit, 7)]

    def across(self, seconds: float) -> float:
        """Return where so many seconds stand."""
        if self._is_log:
            share = math.log(max(seconds, self._low) / self._low)
            share /= math.log(self._high / self._low)
        else:
            share = seconds / self._high
        return _LEFT + _ACROSS * share
