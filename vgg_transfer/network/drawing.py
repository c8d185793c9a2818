"""Random starting weights, drawn in NumPy: the same numbers whatever computes with them.

Keras draws with the generator of its backend, so that a seed would mean other weights on each.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A normal distribution that is cut off two standard deviations from its mean keeps this one.
_DEVIATION_LEFT = 0.87962566103423978


def drawn(initializer: Any, shape: Sequence[int]) -> NDArray[np.float32]:
    """Return the numbers that an initializer asks for; they follow from its seed and the shape.

    Args:
        initializer: Keras's ``HeNormal`` or ``GlorotUniform``, with a seed.
        shape: of a kernel: (height, width, channels in, out), or (in, out).
    """
    generator = np.random.default_rng(initializer.seed)
    places = math.prod(shape[:-2])
    fan_in, fan_out = places * shape[-2], places * shape[-1]
    fan = fan_in if initializer.mode == "fan_in" else (fan_in + fan_out) / 2
    deviation = math.sqrt(initializer.scale / fan)
    if initializer.distribution == "uniform":
        end = math.sqrt(3) * deviation
        found = (2 * generator.random(shape, np.float32) - 1) * np.float32(end)
    else:
        found = _cut_off(generator, shape) * np.float32(deviation / _DEVIATION_LEFT)
    return np.asarray(found, np.float32)


def _cut_off(generator: np.random.Generator, shape: Sequence[int]) -> NDArray[np.float32]:
    """Draw from the normal distribution; what lies beyond two deviations is drawn anew."""
    found = generator.standard_normal(math.prod(shape), np.float32)
    while (far := np.flatnonzero(np.abs(found) > 2)).size:
        found[far] = generator.standard_normal(far.size, np.float32)
    return found.reshape(shape)
