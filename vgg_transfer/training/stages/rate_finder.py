"""The learning-rate finder: a short ramp of the rate, after which everything is as before."""

import math
from collections.abc import Sequence

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.images.moments import BEGINNING
from vgg_transfer.network import Network
from vgg_transfer.training.stages.inputs import StageInputs

_STEPS, _LOWEST, _HIGHEST = 60, 1e-6, 1.0
_SMOOTHING = 0.8
# A loss this many times the least so far has left for good.
_DIVERGED = 3.0
# A smoothed loss that falls by a smaller share than this does not fall.
_LEAST_FALL = 0.01


def find_rate(
    network: Network, inputs: StageInputs, class_weights: dict[int, float] | None = None
) -> float | None:
    """Return the rate at which the loss falls fastest, or None where it does not fall.

    The model must be compiled. Its weights, and the random state of dropout, are what they were
    afterwards; the optimizer is used up.
    """
    before = [(v, keras.ops.convert_to_numpy(v).copy()) for v in _state(network, inputs.model)]
    rates: list[float] = []
    losses: list[float] = []
    try:
        for step, (batch, target) in enumerate(inputs.train(BEGINNING).repeat().take(_STEPS)):
            rate = _LOWEST * (_HIGHEST / _LOWEST) ** (step / (_STEPS - 1))
            inputs.model.optimizer.learning_rate = rate
            inputs.model.reset_metrics()
            logs = inputs.model.train_on_batch(
                batch, target, class_weight=class_weights, return_dict=True
            )
            loss = float(logs["loss"])
            if not math.isfinite(loss) or (losses and loss > _DIVERGED * max(min(losses), 0.1)):
                break
            rates.append(rate)
            losses.append(loss)
    finally:  # Ctrl-C as well
        for variable, value in before:
            variable.assign(value)
    return steepest(rates, losses)


def steepest(rates: Sequence[float], losses: Sequence[float]) -> float | None:
    """Return the rate at the steepest fall of the smoothed loss, before its lowest point."""
    if len(losses) < 5:
        return None
    smooth = _smoothed(losses)
    lowest = int(np.argmin(smooth))
    if lowest < 2 or smooth[lowest] > (1 - _LEAST_FALL) * smooth[0]:
        return None
    slopes = np.gradient(smooth[: lowest + 1])
    return float(rates[int(np.argmin(slopes))])


def _smoothed(losses: Sequence[float]) -> NDArray[np.float64]:
    """Return a running mean that starts without a bias towards zero."""
    mean, found = 0.0, []
    for number, loss in enumerate(losses, start=1):
        mean = _SMOOTHING * mean + (1 - _SMOOTHING) * loss
        found.append(mean / (1 - _SMOOTHING**number))
    return np.array(found)


def _state(network: Network, model: keras.Model) -> list[keras.Variable]:
    """Return all variables that training steps change, but the optimizer's."""
    dropouts = [
        layer.seed_generator.state
        for layer in network.blocks["head"]
        if isinstance(layer, keras.layers.Dropout)
    ]
    return [*model.trainable_variables, *model.non_trainable_variables, *dropouts]
