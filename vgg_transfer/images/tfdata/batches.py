"""Batches of pixels from image records: streamed, in an order that a seed decides.

Memory does not grow with the number of images: files are decoded as they are needed.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgg_transfer.images.batch_form import BatchForm, Encode, Picture, steps_per_epoch
from vgg_transfer.images.changing.augmenter import augmenter, mixer
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.images.moments import (
    BEGINNING,
    StageSeed,
    Start,
    mixing_seed,
    seed_words,
    view_seed,
)
from vgg_transfer.images.order import Sampling, draw
from vgg_transfer.images.resize import resizing
from vgg_transfer.images.tfdata.failures import keeps_errors
from vgg_transfer.images.unchanged import unchanged_pixels
from vgg_transfer.recipe import Augmentation

# Around every function given to tf.data. Without it TensorFlow rewrites their source, and that of
# all they call, so that Python's `if` and `for` understand tensors: a second in every training, for
# functions that have neither.
unconverted = tf.autograph.experimental.do_not_convert


def plain_batches(
    records: Sequence[Picture], form: BatchForm, is_mirrored: bool = False
) -> tf.data.Dataset:
    """Return batches of float32 pixels 0..255, in the order given: unchanged, or left for right."""
    numbers = untuned(tf.data.Dataset.range(len(records)))
    batches = _batched(numbers, _reader(records, form), form)
    return (batches.map(unconverted(mirrored)) if is_mirrored else batches).prefetch(2)


def validation_batches(
    records: Sequence[ImageRecord], form: BatchForm, encode: Encode
) -> tf.data.Dataset:
    """Return (pixels, target) batches of unchanged images in their own order."""
    labels = np.array([record.label for record in records], np.int32)
    targets = tf.data.Dataset.from_tensor_slices(labels).batch(form.batch_size)
    targets = targets.map(unconverted(encode))
    pixels = plain_batches(records, form)
    return tf.data.Dataset.zip((pixels, targets))


def rendered_batches(
    records: Sequence[Picture], views: Sequence[int], augmentation: Augmentation, form: BatchForm
) -> tf.data.Dataset:
    """Return batches of images as stored views, in the order given; view 0 is the plain image.

    A view depends on its number and the image only, so that trainings with other seeds share it.
    """
    read = _reader(records, form)
    change = augmenter(augmentation.of_one_image, form.size)
    pairs = zip(views, records, strict=True)
    seeds = np.stack([view_seed(view, record.digest) for view, record in pairs])

    def render(number: Any, view: Any, seed: Any) -> Any:
        pixels = read(number)
        return tf.cond(view > 0, lambda: change(pixels, seed), lambda: pixels)

    wanted = (np.arange(len(records)), np.array(views, np.int64), seeds)
    return _batched(untuned(tf.data.Dataset.from_tensor_slices(wanted)), render, form).prefetch(2)


def mirrored(batch: Any) -> Any:
    """Return the mirror images of a batch of pixels, left for right."""
    return tf.reverse(batch, axis=[2])


def training_batches(
    records: Sequence[ImageRecord],
    form: BatchForm,
    encode: Encode,
    augmentation: Augmentation,
    stage_seed: StageSeed,
    epochs: int,
    sampling: Sampling = "all",
    start: Start = BEGINNING,
) -> tf.data.Dataset:
    """Return the (pixels, target) batches of all epochs of a stage, one after another.

    An epoch has ``steps_per_epoch`` batches and shows as many images as there are, newly augmented:
    each once, or every class equally often. An image that is repeated is changed in another way.
    """
    every_label = [record.label for record in records]
    labels = tf.constant(every_label, tf.int32)
    read = _reader(records, form)
    change = None if augmentation.changes_nothing else augmenter(augmentation, form.size)

    def words(number: Any, before: Any, epoch: Any) -> NDArray[np.int64]:
        return seed_words(stage_seed, int(epoch), records[int(number)].digest, int(before))

    def load(number: Any, before: Any, epoch: Any) -> tuple[Any, Any]:
        pixels = read(number)
        if change is not None:
            seed = tf.numpy_function(words, [number, before, epoch], tf.int64)
            pixels = change(pixels, tf.ensure_shape(seed, (2,)))
        return pixels, labels[number]

    def batches_of(drawn: tf.data.Dataset, epoch: Any) -> tf.data.Dataset:
        return _batched(drawn, lambda number, before: load(number, before, epoch), form)

    skipped = start.step * form.batch_size
    batches = epochs_of(
        every_label, sampling, stage_seed, range(start.epoch, epochs), skipped, batches_of
    )
    done = start.epoch * steps_per_epoch(len(records), form.batch_size) + start.step
    return targeted(batches, encode, augmentation, stage_seed, done)


def epochs_of(
    labels: Sequence[int],
    sampling: Sampling,
    stage_seed: StageSeed,
    epochs: range,
    skipped: int,
    batches_of: Callable[[tf.data.Dataset, Any], tf.data.Dataset],
) -> tf.data.Dataset:
    """Return the batches of epochs, each made from what it draws, from (seed, stage, epoch).

    What is drawn are pairs: the number of an image, and how often it came before in the epoch. Of
    the first epoch so many pairs are skipped.
    """

    def drawn(epoch: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return draw(labels, sampling, (stage_seed.seed, stage_seed.stage, int(epoch)))

    def one_epoch(epoch: Any) -> tf.data.Dataset:
        pairs = tf.numpy_function(drawn, [epoch], (tf.int64, tf.int64))
        pairs = tuple(tf.ensure_shape(one, (len(labels),)) for one in pairs)
        left = tf.data.Dataset.from_tensor_slices(pairs)
        if skipped:
            left = left.skip(tf.where(epoch == epochs.start, tf.constant(skipped, tf.int64), 0))
        return batches_of(left, epoch)

    numbers = tf.data.Dataset.range(epochs.start, epochs.stop)
    return untuned(numbers).flat_map(unconverted(one_epoch))


def untuned(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Return the dataset without TensorFlow's autotuning; what is made of it has none either.

    Its thread tunes ever more rarely, up to once a minute, and an iterator that ends waits for
    it: fits, passes and evaluations stood still for up to 40 seconds with both cores idle. All
    our parallelism is set by hand, so there is nothing to tune.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def targeted(
    batches: tf.data.Dataset,
    encode: Encode,
    augmentation: Augmentation,
    stage_seed: StageSeed,
    done: int = 0,
) -> tf.data.Dataset:
    """Turn (batch, labels) into (batch, target), mixed where the augmentation mixes images.

    How they are mixed follows from their number, of which so many are done.
    """
    mix = mixer(augmentation)
    if mix is None:
        return batches.map(unconverted(lambda batch, labels: (batch, encode(labels)))).prefetch(2)
    seed = mixing_seed(stage_seed, 0)

    def mixed(number: Any, pair: tuple[Any, Any]) -> tuple[Any, Any]:
        batch, labels = pair
        return mix(batch, encode(labels), tf.stack([seed[0], seed[1] + number]))

    return batches.enumerate(done).map(unconverted(mixed)).prefetch(2)


def _reader(records: Sequence[Picture], form: BatchForm) -> Callable[[Any], Any]:
    """Return a function from an image's number to its pixels in the wanted form."""
    resize = resizing(form.size, form.resize)

    @keeps_errors
    def pixels_of(number: NDArray[np.int64]) -> NDArray[np.uint8]:
        return unchanged_pixels(records[int(number)], form.size)

    def read(number: Any) -> Any:
        raw = tf.ensure_shape(tf.numpy_function(pixels_of, [number], tf.uint8), (None, None, 3))
        resized = resize(tf.cast(raw, tf.float32)[tf.newaxis])[0]
        return tf.ensure_shape(resized, (form.size, form.size, 3))

    return read


def _batched(data: tf.data.Dataset, read: Callable[..., Any], form: BatchForm) -> tf.data.Dataset:
    """Return batches of what is read for each element, by all cores, in order."""
    images = data.map(unconverted(read), num_parallel_calls=os.cpu_count() or 1, deterministic=True)
    return images.batch(form.batch_size)
