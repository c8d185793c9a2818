"""Is what was measured what was published? The rule, and its verdict in words."""

from dataclasses import dataclass
from typing import Literal

from vgg_transfer.evaluation import Interval, Metrics
from vgg_transfer.evaluation.intervals import difference_of_shares
from vgg_transfer.reproduction.results import Published
from vgg_transfer.words import counted

Verdict = Literal["reproduced", "higher", "lower", "not reproduced", "refused"]

_FEWEST_IMAGES = 30


@dataclass(frozen=True)
class Agreement:
    """A verdict with its reason.

    Args:
        verdict: one of five words.
        reason: a phrase.
        difference: our share of right answers minus the published one; None where it is refused.
        interval: of the difference, 95%, from both samples of images.
    """

    verdict: Verdict
    reason: str
    difference: float | None = None
    interval: Interval | None = None


def compare_with(published: Published, metrics: Metrics) -> Agreement:
    """Compare what was measured with what was published.

    The difference gets a 95 % interval from both samples of images. It counts as reproduced where
    the interval reaches into the tolerance, as higher or lower where it lies wholly beyond.
    """
    if metrics.images < _FEWEST_IMAGES:
        verb = "is" if metrics.images == 1 else "are"
        return Agreement(
            "refused",
            f"{counted(metrics.images, 'test image')} {verb} too few for a verdict: give at least "
            f"{_FEWEST_IMAGES}",
        )
    difference = metrics.accuracy - published.accuracy
    interval = difference_of_shares(
        (metrics.correct, metrics.images), (published.correct, published.images)
    )
    if metrics.accuracy_interval.low <= metrics.majority_baseline:
        reason = (
            f'{metrics.accuracy:.1%} is not distinguishable from always answering "'
            f'{metrics.majority_class}" ({metrics.majority_baseline:.1%})'
        )
        return Agreement("not reproduced", reason, difference, interval)
    verdict = _verdict(interval, published.tolerance / 100)
    return Agreement(
        verdict, _reason(verdict, difference, interval, published), difference, interval
    )


def _verdict(interval: Interval, tolerance: float) -> Verdict:
    if interval.low > tolerance:
        return "higher"
    return "lower" if interval.high < -tolerance else "reproduced"


def _reason(verdict: Verdict, difference: float, interval: Interval, published: Published) -> str:
    found = (
        f"the difference of {100 * difference:+.1f} points [{100 * interval.low:+.1f}, "
        f"{100 * interval.high:+.1f}]"
    )
    same = f"the ±{published.tolerance:g} points that count as the same"
    if verdict != "reproduced":
        return f"{found} lies wholly {'above' if verdict == 'higher' else 'below'} {same}"
    tolerance = published.tolerance / 100
    if -tolerance <= interval.low and interval.high <= tolerance:
        return f"{found} lies within {same}"
    unseen = published.tolerance + 50 * (interval.high - interval.low)
    return (
        f"{found} cannot be told from {same}; with so many images, only a difference of more than "
        f"about {unseen:.0f} points could"
    )
