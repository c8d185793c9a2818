"""The network's resizing from operations that every runtime has: two products of matrices.

TensorFlow's own is one operation, which neither ONNX nor LiteRT know. It gives the same pixels to
within 0.005 of 255, as ``images.squares`` does in NumPy.
"""

from typing import Any

import keras
import tensorflow as tf

from vgg_transfer.images.squares import Resize


class PlainResize(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Brings images of any one size to ``size`` x ``size``; see ``images.resize.resizing``."""

    def __init__(self, size: int, how: Resize) -> None:
        super().__init__(name="resize", dtype="float32")
        self.size, self.how = size, how

    def call(self, images: Any) -> Any:
        """Return (number, size, size, 3) of (number, height, width, 3)."""
        number, height, width = (tf.shape(images)[axis] for axis in range(3))
        if self.how == "crop":
            side = tf.minimum(height, width)
            top, left = (height - side) // 2, (width - side) // 2
            images = images[:, top : top + side, left : left + side]
            height = width = side
        above, beside = tf.constant(0), tf.constant(0)
        if self.how == "pad":
            above, beside = tf.maximum(width - height, 0) // 2, tf.maximum(height - width, 0) // 2
        size = self.size
        rows = tf.reshape(tf.transpose(images, (1, 0, 2, 3)), (height, number * width * 3))
        lower = tf.reshape(
            self._weights(height, above) @ rows,
            tf.stack([size, number, width, 3]),
        )
        columns = tf.reshape(tf.transpose(lower, (2, 1, 0, 3)), (width, number * size * 3))
        narrower = tf.reshape(
            self._weights(width, beside) @ columns, tf.stack([size, number, size, 3])
        )
        return tf.ensure_shape(tf.transpose(narrower, (1, 2, 0, 3)), (None, size, size, 3))

    def _weights(self, side: Any, black: Any) -> Any:
        """Return the matrix (size, side); ``black`` pixels stand before and behind the others."""
        step = tf.cast(side + 2 * black, tf.float32) / self.size
        centres = (tf.range(self.size, dtype=tf.float32)[:, None] + 0.5) * step
        places = tf.cast(tf.range(side + 2 * black), tf.float32) + 0.5
        weights = tf.maximum(1 - tf.abs(places - centres) / tf.maximum(step, 1.0), 0.0)
        weights /= tf.reduce_sum(weights, axis=1, keepdims=True)
        return weights[:, black : black + side]

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Return what Keras asks for."""
        return (input_shape[0], self.size, self.size, 3)
