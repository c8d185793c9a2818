"""Mean and standard deviation of each colour channel, in one pass over batches of pixels."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np

from vgg_transfer.run import Channels

# A channel that varies less than this, in pixels of 0 to 255, is taken as constant.
_CONSTANT = 1e-3


def measure_channels(batches: Iterable[Any]) -> Channels:
    """Return mean and deviation over all pixels of all batches (image, height, width, channel).

    One batch is held at a time. Each image's mean and squared distances from it are joined to
    those before (Chan et al., 1979): no large sums are subtracted, so nothing is lost.
    """
    count = 0
    mean = distances = np.zeros(3)
    for image in chain.from_iterable(np.asarray(batch) for batch in batches):
        pixels = image.reshape(-1, 3)
        its_mean = pixels.mean(axis=0, dtype=np.float64)
        its_distances = pixels.var(axis=0, dtype=np.float64) * len(pixels)
        apart, joined = its_mean - mean, count + len(pixels)
        distances = distances + its_distances + apart**2 * (count * len(pixels) / joined)
        mean = mean + apart * (len(pixels) / joined)
        count = joined
    if not count:
        raise ValueError("channels cannot be measured without images")
    deviation = np.sqrt(distances / count)
    deviation[deviation < _CONSTANT] = 1.0
    return Channels(tuple(mean.tolist()), tuple(deviation.tolist()))
