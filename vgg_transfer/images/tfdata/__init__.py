"""Batches of pixels by tf.data: decoded, put in order and augmented as they are needed."""
