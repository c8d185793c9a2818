"""How often answers of each confidence are right, as a drawing."""

from collections.abc import Sequence

from markupsafe import Markup

from vgg_transfer.evaluation.reliability import Bin
from vgg_transfer.report.html.svg import drawing, element, text

_LEFT, _TOP, _SIDE = 56.0, 16.0, 320.0
_COUNTS = 56.0  # the height of the bars below
_LEAST = 1.5


def reliability_drawing(bins: Sequence[Bin], calibrated: Sequence[Bin] = ()) -> Markup:
    """Return the drawing: promised below, kept at the side, on the diagonal where both agree.

    Args:
        bins: of the answers as they are.
        calibrated: of the same answers at a temperature, drawn as rings. Default: none.
    """
    low = _TOP + _SIDE
    parts = [
        element("line", x1=_LEFT, y1=low, x2=_LEFT + _SIDE, y2=_TOP, class_="diagonal"),
        text(_LEFT + _SIDE * 0.30, low - _SIDE * 0.30 - 10, "as sure as right", "muted", "end"),
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _across(share), _up(share)
        parts.append(element("line", x1=_LEFT, x2=_LEFT + _SIDE, y1=y, y2=y, class_="grid"))
        parts.append(text(_LEFT - 10, y + 4, f"{share:.0%}", "muted", "end"))
        parts.append(text(x, low + _COUNTS + 40, f"{share:.0%}", "muted", "middle"))
    most = max(one.images for one in bins)
    bottom = low + 22 + _COUNTS
    for one in bins:
        x, (high, least) = _across(one.mean), (_up(one.interval.high), _up(one.interval.low))
        parts.append(element("line", x1=x, x2=x, y1=high, y2=least, class_="whisker"))
        parts.append(element("circle", cx=x, cy=_up(one.right), r=5.0, class_="point"))
        height = max(_COUNTS * one.images / most, _LEAST)
        left, right = _across(one.low) + 1.5, _across(one.high) - 1.5
        said = element("title", f"{one.images} answers between {one.low:.0%} and {one.high:.0%}")
        place = {"x": left, "y": bottom - height, "width": right - left, "height": height}
        parts.append(element("rect", said, **place, class_="count"))
    parts.append(text(_LEFT + _SIDE, bottom + 36, "how sure the answer was", "muted", "end"))
    parts += [
        element("circle", cx=_across(one.mean), cy=_up(one.right), r=5.0, class_="ring")
        for one in calibrated
    ]
    title = "how often answers of each confidence were right"
    return drawing(_LEFT + _SIDE + 16, bottom + 44, title, parts)


def _across(share: float) -> float:
    return _LEFT + _SIDE * share


def _up(share: float) -> float:
    return _TOP + _SIDE * (1 - share)
