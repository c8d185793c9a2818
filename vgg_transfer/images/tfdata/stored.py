"""Batches of stored rows by tf.data, and the clock that runs while a batch is awaited."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgg_transfer.images.batch_form import Encode, steps_per_epoch
from vgg_transfer.images.moments import StageSeed, Start
from vgg_transfer.images.order import Sampling
from vgg_transfer.images.stored_rows import StoredRows
from vgg_transfer.images.tfdata.batches import epochs_of, targeted, unconverted, untuned
from vgg_transfer.images.tfdata.failures import keeps_errors
from vgg_transfer.recipe import Augmentation


def held(rows: StoredRows) -> StoredRows:
    """Return the rows as they are: tf.data reads ahead."""
    return rows


def stored_training_batches(
    rows: StoredRows,
    batch_size: int,
    encode: Encode,
    augmentation: Augmentation,
    stage_seed: StageSeed,
    epochs: int,
    sampling: Sampling,
    start: Start,
) -> tf.data.Dataset:
    """Return (rows, target) batches of all epochs, from a place in them."""
    labels = tf.constant(rows.labels, tf.int32)

    def batches_of(drawn: tf.data.Dataset, epoch: Any) -> tf.data.Dataset:
        return drawn.batch(batch_size).map(
            lambda numbers, before: (
                _rows(rows, numbers, before, epoch),
                tf.gather(labels, numbers),
            ),
            num_parallel_calls=2,
            deterministic=True,
        )

    skipped = start.step * batch_size
    left = range(start.epoch, epochs)
    batches = epochs_of(rows.labels, sampling, stage_seed, left, skipped, batches_of)
    done = start.epoch * steps_per_epoch(len(rows.labels), batch_size) + start.step
    return targeted(batches, encode, augmentation, stage_seed, done)


def stored_validation_batches(rows: StoredRows, batch_size: int, encode: Encode) -> tf.data.Dataset:
    """Return (rows, target) batches in the order of the images."""
    labels = np.array(rows.labels, np.int32)

    def read(numbers: Any, label: Any) -> tuple[Any, Any]:
        first = tf.constant(0, tf.int64)
        return _rows(rows, numbers, tf.zeros_like(numbers), first), encode(label)

    return (
        untuned(tf.data.Dataset.from_tensor_slices((np.arange(len(labels)), labels)))
        .batch(batch_size)
        .map(unconverted(read), num_parallel_calls=2, deterministic=True)
        .prefetch(2)
    )


def timed(batches: tf.data.Dataset, waited: Callable[[float], None]) -> tf.data.Dataset:
    """Return the same batches; ``waited`` is told the seconds in which one was awaited."""

    def now(_: Any) -> NDArray[np.float64]:
        return np.array(time.perf_counter())

    def stop(began: NDArray[np.float64]) -> NDArray[np.bool_]:
        waited(time.perf_counter() - float(began))
        return np.array(True)

    def tick(number: Any) -> Any:
        return tf.numpy_function(now, [number], tf.float64)

    def passed_on(began: Any, batch: Any) -> Any:
        with tf.control_dependencies([tf.numpy_function(stop, [began], tf.bool)]):
            return tf.nest.map_structure(tf.identity, batch)

    # A zip asks its parts in turn: first for the time, then for the batch.
    ticks = tf.data.Dataset.counter().map(unconverted(tick))
    both = tf.data.Dataset.zip((ticks, batches)).map(unconverted(passed_on))
    options = tf.data.Options()
    # Otherwise tf.data would fetch ahead of the clock and nothing would ever wait for it.
    options.experimental_optimization.inject_prefetch = False
    return both.with_options(options)


def _rows(rows: StoredRows, *arguments: Any) -> Any:
    """Read rows inside tf.data."""

    def read(numbers: Any, before: Any, epoch: NDArray[np.int64]) -> NDArray[Any]:
        return rows.shown(numbers, before, int(epoch))

    stored = tf.numpy_function(keeps_errors(read), arguments, rows.dtype)
    tensor = tf.ensure_shape(stored, (None, *rows.shape))
    return tf.bitcast(tensor, tf.bfloat16) if tensor.dtype == tf.uint16 else tensor
