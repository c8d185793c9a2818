"""Probabilities that keep what they promise: one number, the temperature, makes them so.

Logits are divided by it before they become probabilities (Guo et al., 2017). The order of classes
stays as it is, and so does every answer.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.evaluation.intervals import Interval, mean_interval
from vgg_transfer.words import counted

Floats = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]

_BINS = 15
_RESAMPLES = 1000
# A probability in float32 is not told from 1 above this; its logit would be infinite.
_LEAST = 1e-7
# Of the logarithm of the temperature, before any image was seen: half to double is likely. It
# decides where nearly all images are right, since then any temperature would do.
_SPREAD = 0.7


@dataclass(frozen=True)
class Calibration:
    """What makes probabilities keep what they promise.

    Args:
        temperature: logits are divided by it: above 1, the model promised too much.
        images: on how many validation images it was fitted.
    """

    temperature: float
    images: int


@dataclass(frozen=True)
class Reliability:
    """How far probabilities are from what they promise.

    Args:
        error: expected calibration error: how far the mean probability of the answers is from the
            share that is right, on average over 15 equal ranges of probability, from 0 to 1.
        error_interval: of it, by resampling images.
        by_chance: the error that so few images would show of probabilities that keep their promise.
        log_loss: mean of -ln(probability of the true class).
        log_loss_interval: of it.
    """

    error: float
    error_interval: Interval
    by_chance: float
    log_loss: float
    log_loss_interval: Interval


def fit_temperature(labels: Labels, probabilities: Floats) -> Calibration:
    """Return the temperature of the least log loss on images that were not trained on.

    With few images, or hardly a wrong one, it stays near 1.

    Args:
        labels: the true class of each image.
        probabilities: one row per image and one column per class.
    """
    from scipy.optimize import minimize_scalar

    def cost(logarithm: float) -> float:
        kept = tempered(probabilities, float(np.exp(logarithm)))
        return float(_losses(labels, kept).sum()) + 0.5 * (logarithm / _SPREAD) ** 2

    found = minimize_scalar(cost, bounds=(-3.0, 3.0), method="bounded")
    return Calibration(float(np.exp(found.x)), len(labels))


def tempered(probabilities: Floats, temperature: float) -> NDArray[np.float64]:
    """Return probabilities, one row per image, as they are at a temperature."""
    logits = np.log(np.clip(np.asarray(probabilities, np.float64), _LEAST, 1.0)) / temperature
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True), np.float64)


def reliability(labels: Labels, probabilities: Floats, seed: int = 0) -> Reliability:
    """Measure how far probabilities are from what they promise.

    Args:
        labels: the true class of each image.
        probabilities: one row per image and one column per class.
        seed: of the resampling. Default: 0.
    """
    sure = np.asarray(probabilities, np.float64).max(axis=1)
    excess = sure - (np.argmax(probabilities, axis=1) == labels)
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    rng, images = np.random.default_rng(seed), len(sure)
    error = _error(bins, excess)
    drawn = (rng.integers(images, size=images) for _ in range(_RESAMPLES))
    again = [_error(bins[some], excess[some]) for some in drawn]
    kept = (_error(bins, sure - (rng.random(images) < sure)) for _ in range(_RESAMPLES))
    # The basic bootstrap: what resampling adds to the error, chance has added already.
    low, high = 2 * error - np.quantile(again, [0.975, 0.025])
    losses = _losses(labels, probabilities)
    return Reliability(
        error,
        Interval(max(0.0, float(low)), max(0.0, float(high))),
        sum(kept) / _RESAMPLES,
        float(losses.mean()),
        mean_interval(losses.tolist()),
    )


def _error(bins: Labels, excess: Floats) -> float:
    """Return how far sure is from right, on average over images, range by range."""
    return float(np.abs(np.bincount(bins, excess, _BINS)).sum()) / len(bins)


def _losses(labels: Labels, probabilities: Floats) -> Floats:
    given = np.asarray(probabilities, np.float64)[np.arange(len(labels)), labels]
    return np.asarray(-np.log(np.maximum(given, np.finfo(np.float64).eps)))


@dataclass(frozen=True)
class Calibrated:
    """What a temperature that was fitted on validation images does to probabilities."""

    calibration: Calibration
    before: Reliability
    after: Reliability

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it does, for a person."""
        before, after = self.before, self.after
        return (
            f"at temperature {self.calibration.temperature:.2f}, fitted on "
            f"{counted(self.calibration.images, 'validation image', ',')}",
            f"expected calibration error {before.error:.3f} {_ends(before.error_interval)} before, "
            f"{after.error:.3f} {_ends(after.error_interval)} after; so few images would show "
            f"{after.by_chance:.3f} of probabilities that keep all they promise",
            f"log loss {before.log_loss:.3f} {_ends(before.log_loss_interval)} before, "
            f"{after.log_loss:.3f} {_ends(after.log_loss_interval)} after",
        )


def _ends(interval: Interval) -> str:
    return f"[{interval.low:.3f}, {interval.high:.3f}]"
