"""How long a training waits for its input."""

import time
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgg_transfer.images.tfdata.batches import unconverted


class InputClock:
    """Adds up the seconds in which the next batch was asked for and not there yet."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, batches: tf.data.Dataset) -> tf.data.Dataset:
        """Return the same batches, with the clock running while one is awaited."""

        def now(_: Any) -> NDArray[np.float64]:
            return np.array(time.perf_counter())

        def stop(began: NDArray[np.float64]) -> NDArray[np.bool_]:
            self.seconds += time.perf_counter() - float(began)
            return np.array(True)

        def tick(number: Any) -> Any:
            return tf.numpy_function(now, [number], tf.float64)

        def passed_on(began: Any, batch: Any) -> Any:
            with tf.control_dependencies([tf.numpy_function(stop, [began], tf.bool)]):
                return tf.nest.map_structure(tf.identity, batch)

        # A zip asks its parts in turn: first for the time, then for the batch.
        ticks = tf.data.Dataset.counter().map(unconverted(tick))
        timed = tf.data.Dataset.zip((ticks, batches)).map(unconverted(passed_on))
        options = tf.data.Options()
        # Otherwise tf.data would fetch ahead of the clock and nothing would ever wait for it.
        options.experimental_optimization.inject_prefetch = False
        return timed.with_options(options)
