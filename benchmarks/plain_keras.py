"""The usual recipe, as Keras's transfer-learning guide writes it, timed epoch by epoch.

https://keras.io/guides/transfer_learning/: freeze the base, train a new head, then open the top
of the base at a low rate. Only the list of images comes from vgg_transfer, so that both train on
the same files and split.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from vgg_transfer.images import ImageRecord
from vgg_transfer.network import Weights


@dataclass(frozen=True)
class Plain:
    """Seconds of every epoch of both phases, and the accuracy after the last."""

    head_epochs: tuple[float, ...]
    block5_epochs: tuple[float, ...]
    test_accuracy: float | None


class _Clock(keras.callbacks.Callback):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.seconds.append(time.perf_counter() - self.began)


def train_plain(
    train: Sequence[ImageRecord],
    validation: Sequence[ImageRecord],
    test: Sequence[ImageRecord],
    weights: Weights,
    size: int,
    epochs: tuple[int, int],
    augment: bool,
) -> Plain:
    """Train the head, then block5 as well, for so many ``epochs`` each, with Keras's defaults.

    Without test images there is no accuracy.
    """
    batches = [batches_of(records, size) for records in (train, validation)]
    base = frozen_base(weights, size)

    inputs = keras.Input((size, size, 3))
    tensor = inputs
    if augment:
        tensor = keras.layers.RandomFlip("horizontal")(tensor)
        tensor = keras.layers.RandomRotation(0.1)(tensor)
    tensor = keras.applications.vgg16.preprocess_input(tensor)
    tensor = keras.layers.GlobalAveragePooling2D()(base(tensor, training=False))
    outputs = keras.layers.Dense(1)(keras.layers.Dropout(0.2)(tensor))
    model = keras.Model(inputs, outputs)

    head, block5 = _Clock(), _Clock()
    compile_binary(model, 1e-3)
    model.fit(batches[0], epochs=epochs[0], validation_data=batches[1], callbacks=[head], verbose=0)
    if epochs[1]:
        base.trainable = True
        for layer in base.layers:
            layer.trainable = layer.name.startswith("block5")
        compile_binary(model, 1e-5)
        model.fit(
            batches[0], epochs=epochs[1], validation_data=batches[1], callbacks=[block5], verbose=0
        )
    accuracy = None
    if test:
        found = model.evaluate(batches_of(test, size), verbose=0, return_dict=True)
        accuracy = float(found["accuracy"])
    return Plain(tuple(head.seconds), tuple(block5.seconds), accuracy)


def frozen_base(weights: Weights, size: int) -> keras.Model:
    """Return VGG16 without its top, with the weights given; nothing of it trains."""
    base = keras.applications.VGG16(weights=None, include_top=False, input_shape=(size, size, 3))
    for layer in base.layers:
        if layer.weights:
            layer.set_weights([weights.tensors[f"{layer.name}/{p}"] for p in ("kernel", "bias")])
    base.trainable = False
    return base


def compile_binary(model: keras.Model, rate: float) -> None:
    """Compile as the guide does: Adam, cross-entropy of logits."""
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)],
    )


def batches_of(records: Sequence[ImageRecord], size: int) -> tf.data.Dataset:
    """Decode, resize, cache in memory, batch and prefetch, as the guide does."""
    paths = [str(record.path) for record in records]
    labels = np.array([[record.label] for record in records], np.float32)

    def load(path: Any, label: Any) -> tuple[Any, Any]:
        image = tf.io.decode_image(tf.io.read_file(path), channels=3, expand_animations=False)
        return tf.ensure_shape(tf.image.resize(image, (size, size)), (size, size, 3)), label

    images = tf.data.Dataset.from_tensor_slices((paths, labels))
    # TensorFlow's autotuning can hold an ending iterator for up to a minute. The usual recipe is
    # timed without that: its one real work here, decoding, is done once and kept in memory.
    options = tf.data.Options()
    options.autotune.enabled = False
    images = images.with_options(options)
    images = images.map(load, num_parallel_calls=tf.data.AUTOTUNE).cache()
    return images.shuffle(1000, seed=0).batch(32).prefetch(tf.data.AUTOTUNE)
