"""The schedule as one drawing: which blocks trained, at what rate, and how the curves went."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from vgg_transfer.report.html.svg import drawing, element, path, text
from vgg_transfer.report.spans import Span, epoch_ticks, round_ticks, spans_of
from vgg_transfer.run import Epoch, Run

# Units of the drawing, about pixels.
_WIDTH, _LEFT, _RIGHT = 960.0, 92.0, 92.0
_ACROSS = _WIDTH - _LEFT - _RIGHT
_HEAD, _ROW, _BAR = 34.0, 26.0, 20.0
_CURVES, _ABOVE = 132.0, 54.0
_LOG_FROM = 20.0
_POINTS_UP_TO = 60  # epochs that are drawn as points
_LETTER = 6.6  # the width of one, about


@dataclass(frozen=True)
class _Axis:
    """Where epochs stand: epoch 1 has the first share of the width."""

    epochs: int

    def middle(self, place: int) -> float:
        return _LEFT + _ACROSS * (place - 0.5) / self.epochs

    def begin(self, place: int) -> float:
        return _LEFT + _ACROSS * (place - 1) / self.epochs


def timeline(run: Run) -> Markup:
    """Return the drawing of a run's stages; nothing where no epoch was finished."""
    spans = spans_of(run)
    if not spans:
        return Markup("")
    axis = _Axis(spans[-1].places.stop - 1)
    blocks = _blocks(run, spans)
    rows = _HEAD + _ROW * len(blocks)
    accuracy = rows + _ABOVE
    loss = accuracy + _CURVES + _ABOVE
    end = loss + _CURVES
    parts = [
        *_stages(spans, axis, end),
        *_block_rows(spans, axis, blocks),
        *_panel("accuracy", accuracy, spans, axis),
        *_panel("loss", loss, spans, axis),
        *(
            text(axis.middle(number), end + 20, f"{number}", "muted", "middle")
            for number in epoch_ticks(axis.epochs, 14)
        ),
        text(_LEFT + _ACROSS / 2, end + 40, "epochs, through all stages", "muted", "middle"),
    ]
    title = f"{len(spans)} stages over {axis.epochs} epochs: blocks, rates, accuracy and loss"
    return drawing(_WIDTH, end + 48, title, parts)


def _blocks(run: Run, spans: Sequence[Span]) -> list[str]:
    """Return the blocks to show, the head first, down to one that never trained."""
    every = ["head", *reversed(run.recipe.base.block_names)]
    trained = {block for span in spans for block in _trained(span)}
    lowest = max((every.index(one) for one in trained if one in every), default=0)
    return every[: lowest + 2]


def _trained(span: Span) -> list[str]:
    return span.outcome.title.split(" + ")


def _stages(spans: Sequence[Span], axis: _Axis, end: float) -> Iterator[Markup]:
    """Yield the names of the stages, and a line where each but the first begins."""
    for span in spans:
        left = axis.begin(span.first)
        room = axis.begin(span.places.stop) - left
        if span is not spans[0]:
            yield element("line", x1=left, x2=left, y1=4, y2=end, class_="line")
        number = f"{span.outcome.stage}"
        name = f"stage {number}"
        kept = f" · {span.kept}"
        for words in (name + kept, name, number):
            if len(words) * _LETTER < room or words == number:
                yield text(left + 6, 18, words, "strong")
                break


def _block_rows(spans: Sequence[Span], axis: _Axis, blocks: Sequence[str]) -> Iterator[Markup]:
    for row, block in enumerate(blocks):
        top = _HEAD + _ROW * row
        middle = top + _BAR / 2
        yield text(_LEFT - 12, middle + 4, block, "", "end")
        for span in spans:
            left, right = axis.begin(span.first) + 1.5, axis.begin(span.places.stop) - 1.5
            if block not in _trained(span):
                yield element("line", x1=left, x2=right, y1=middle, y2=middle, class_="frozen")
                continue
            place = {"x": left, "y": top, "width": right - left, "height": _BAR, "rx": 3}
            yield element("rect", **place, class_="bar")
            rates = [epoch.rates.get(block, 0.0) for epoch in span.epochs]
            if any(rates):
                yield _rates(span, axis, rates, top)
            words = rate_in_words(max(rates)) if any(rates) else "solved" if span.is_solved else ""
            if len(words) * _LETTER + 8 < right - left:
                yield text(left + 6, middle + 4, words, "onbar")


def _rates(span: Span, axis: _Axis, rates: Sequence[float], top: float) -> Markup:
    """Return the area below a rate, each epoch as a step, its highest as high as the bar."""
    low, most = top + _BAR, max(rates)
    points = [(axis.begin(span.first) + 1.5, low)]
    for place, rate in zip(span.places, rates, strict=True):
        height = low - _BAR * rate / most
        ends = max(axis.begin(place), points[0][0]), axis.begin(place + 1)
        points += [(ends[0], height), (min(ends[1], axis.begin(span.places.stop) - 1.5), height)]
    points.append((points[-1][0], low))
    return element("path", d=path(points) + "Z", class_="rate")


def rate_in_words(rate: float) -> str:
    """Return a rate as it is written in a recipe: ``3e-5``."""
    return f"{rate:.2g}".replace("e-0", "e-")


def _panel(name: str, top: float, spans: Sequence[Span], axis: _Axis) -> Iterator[Markup]:
    """Yield the curves of ``accuracy`` or ``loss`` on training and validation images."""
    own = {"training": _value(name), "validation": _value(f"val_{name}")}
    values = [of(e) for of in own.values() for span in spans for e in span.epochs]
    scale = _Scale.of(name, [value for value in values if math.isfinite(value)] or [1.0])
    yield text(_LEFT - 12, top - 12, name, "strong", "end")
    for tick in scale.ticks:
        height = top + scale.down(tick)
        ends = {"x1": _LEFT, "x2": _LEFT + _ACROSS, "y1": height, "y2": height}
        yield element("line", **ends, class_="grid")
        shown = f"{100 * tick:.3g}%" if name == "accuracy" else f"{tick:g}"
        yield text(_LEFT - 12, height + 4, shown, "muted", "end")
    for kind, of in own.items():
        for span in spans:
            yield from _curve(kind, of, span, axis, lambda value: top + scale.down(value))
    yield from _names(own, spans, axis, lambda value: top + scale.down(value))


def _value(name: str) -> Callable[[Epoch], float]:
    return lambda epoch: float(getattr(epoch, name))


@dataclass(frozen=True)
class _Scale:
    """From values to heights of a panel."""

    low: float
    high: float
    ticks: tuple[float, ...]
    is_log: bool = False

    @classmethod
    def of(cls, name: str, values: Sequence[float]) -> "_Scale":
        low, high = min(values), max(values)
        if name == "accuracy":
            low = min(low, 0.98)
            ticks = round_ticks(low, 1.0, 5)
            below = [2 * ticks[0] - ticks[1]] if ticks[0] > low + 1e-9 else []
            return cls((below or ticks)[0], 1.0, (*below, *ticks))
        if 0 < low * _LOG_FROM < high:
            powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
            tens = [10.0**power for power in powers]
            return cls(low / 1.1, high * 1.1, tuple(t for t in tens if low <= t <= high), True)
        high = high * 1.05 or 1.0
        return cls(0.0, high, tuple(round_ticks(0.0, high, 5)))

    def down(self, value: float) -> float:
        """Return how far below the upper end of the panel a value stands."""
        if self.is_log:
            share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return _CURVES * (1 - share)


def _curve(
    kind: str,
    of: Callable[[Epoch], float],
    span: Span,
    axis: _Axis,
    height: Callable[[float], float],
) -> Iterator[Markup]:
    points = [
        (axis.middle(place), height(of(epoch)))
        for place, epoch in zip(span.places, span.epochs, strict=True)
        if math.isfinite(of(epoch))
    ]
    if len(points) > 1:
        yield element("path", d=path(points), class_=f"curve {kind}")
    if axis.epochs <= _POINTS_UP_TO or len(points) == 1:
        for x, y in points:
            yield element("circle", cx=x, cy=y, r=2.4, class_=f"dot {kind}")
    kept = span.outcome.best_epoch
    if kind == "validation" and kept and math.isfinite(of(span.epochs[kept - 1])):
        x, y = axis.middle(span.places[kept - 1]), height(of(span.epochs[kept - 1]))
        yield element("circle", cx=x, cy=y, r=6.0, class_="kept")


def _names(
    own: dict[str, Callable[[Epoch], float]],
    spans: Sequence[Span],
    axis: _Axis,
    height: Callable[[float], float],
) -> Iterator[Markup]:
    """Yield the name of each curve behind its end; two that would touch stand apart."""
    last = spans[-1].epochs[-1]
    ends = {kind: height(of(last)) for kind, of in own.items() if math.isfinite(of(last))}
    if len(ends) == 2 and abs(ends["training"] - ends["validation"]) < 16:
        middle = sum(ends.values()) / 2
        below = max(ends, key=lambda kind: (ends[kind], kind == "training"))
        ends = {kind: middle + (8 if kind == below else -8) for kind in ends}
    x = axis.middle(spans[-1].places.stop - 1) + 12
    for kind, y in ends.items():
        yield text(x, y + 4, kind, f"name {kind}")
