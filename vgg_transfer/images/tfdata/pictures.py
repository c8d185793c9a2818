"""Batches of pixels to judge, by tf.data: decoded once, as they are needed, in the order given."""

import os
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgg_transfer.images.changing.augmenter import augmenter
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.flow import Flow
from vgg_transfer.images.moments import view_seed
from vgg_transfer.images.resize import resizing
from vgg_transfer.images.tfdata.batches import mirrored, unconverted, untuned
from vgg_transfer.recipe import Averaging, Recipe


def rendered(flow: Flow, recipe: Recipe, averaging: Averaging) -> tf.data.Dataset:
    """Return batches of (numbers of the pictures, float32 pixels 0..255).

    Args:
        flow: the pictures; is told which cannot be read, and why, while the batches are drawn.
        recipe: gives size, resizing, batch size and augmentation.
        averaging: ``"none"`` renders each picture as it is; ``"flip"`` puts the mirror images of a
            batch behind it; a number of views puts them behind each picture, from whose digest they
            follow.
    """
    views = averaging if isinstance(averaging, int) else 0
    images = _decoded(flow, recipe, views)
    if views:
        images = images.flat_map(unconverted(_with_views(recipe, views)))
    else:
        images = images.map(unconverted(lambda number, pixels, _: (number, pixels)))
    batches = images.batch(recipe.batch_size)
    if averaging == "flip":
        batches = batches.map(unconverted(_with_mirror_images))
    return batches.prefetch(2)


def _decoded(flow: Flow, recipe: Recipe, views: int) -> tf.data.Dataset:
    """Return (number, pixels at the recipe's size, seeds of the views) of what can be read."""
    size = recipe.size
    resize = resizing(size, recipe.resize)

    def decode(number: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[np.int64], bool]:
        picture = flow.picture(int(number))
        seeds = np.zeros((views + 1, 2), np.int64)
        try:
            pixels = picture.pixels(size)
        except Undecodable as reason:
            flow.give_up(int(number), reason)
            return np.zeros((1, 1, 3), np.float32), seeds, False
        if views:
            digest = picture.digest(pixels)
            seeds = np.stack([view_seed(view, digest) for view in range(views + 1)])
        return pixels, seeds, True

    def load(number: Any) -> tuple[Any, Any, Any, Any]:
        pixels, seeds, is_readable = tf.numpy_function(
            decode, [number], (tf.float32, tf.int64, tf.bool)
        )
        resized = resize(tf.ensure_shape(pixels, (None, None, 3))[tf.newaxis])[0]
        return (
            number,
            tf.ensure_shape(resized, (size, size, 3)),
            tf.ensure_shape(seeds, (views + 1, 2)),
            tf.ensure_shape(is_readable, ()),
        )

    one_number = tf.TensorSpec((), tf.int64)
    drawn = tf.data.Dataset.from_generator(flow.numbers, output_signature=one_number)
    numbers = untuned(drawn)
    images = numbers.map(
        unconverted(load), num_parallel_calls=os.cpu_count() or 1, deterministic=True
    )
    readable = images.filter(unconverted(lambda *image: image[-1]))
    return readable.map(unconverted(lambda *image: image[:-1]))


def _with_views(recipe: Recipe, views: int) -> Any:
    """Return a function from a picture to its renderings; the first is the picture itself."""
    change = augmenter(recipe.augmentation.of_one_image, recipe.size)

    def renderings(number: Any, pixels: Any, seeds: Any) -> tf.data.Dataset:
        def render(view: Any, seed: Any) -> tuple[Any, Any]:
            return number, tf.cond(view > 0, lambda: change(pixels, seed), lambda: pixels)

        wanted = tf.data.Dataset.from_tensor_slices((tf.range(views + 1), seeds))
        return wanted.map(render, num_parallel_calls=os.cpu_count() or 1, deterministic=True)

    return renderings


def _with_mirror_images(numbers: Any, batch: Any) -> tuple[Any, Any]:
    return (
        tf.concat([numbers, numbers], axis=0),
        tf.concat([batch, mirrored(batch)], axis=0),
    )
