"""Augmentation as Keras layers in tf.data, with randomness that belongs to the image.

Each image's changes depend on (seed, stage, epoch, image) only, never on what ran before or on
the batch it sits in: every layer draws from a seed that is handed in with the image.
"""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from vgg_transfer.recipe import Augmentation

Augmenter = Callable[[Any, Any], Any]

_FILL = {"nearest": "nearest", "reflect": "reflect", "black": "constant"}


def augmenter(augmentation: Augmentation, size: int) -> Augmenter:
    """Return a function from (pixels 0..255, two-number seed) to changed pixels 0..255."""
    layers = _layers(augmentation, size)

    def apply(pixels: Any, seed: Any) -> Any:
        # Keras's colour layers are right for values 0..1 only (saturation is clipped wrongly
        # for 0..255), so all layers work there.
        image = pixels[tf.newaxis] / 255.0
        for number, layer in enumerate(layers):
            with keras.StatelessScope(state_mapping=_seeded(layer, seed, number)):
                image = layer(image, training=True)
        return tf.ensure_shape(tf.clip_by_value(image[0], 0.0, 1.0) * 255.0, (size, size, 3))

    return apply


def mixer(augmentation: Augmentation) -> Callable[[Any, Any, Any], tuple[Any, Any]] | None:
    """Return a function from (batch, targets, seed) to mixed ones; None where nothing is mixed.

    MixUp works on images and on activations alike, CutMix on images.
    """
    layers: list[keras.Layer] = []
    if augmentation.mixup:
        layers.append(keras.layers.MixUp(augmentation.mixup, dtype="float32"))
    if augmentation.cutmix:
        layers.append(
            keras.layers.CutMix((augmentation.cutmix, augmentation.cutmix), dtype="float32")
        )
    if not layers:
        return None

    def apply(batch: Any, targets: Any, seed: Any) -> tuple[Any, Any]:
        both = {"images": tf.cast(batch, tf.float32), "labels": targets}
        for number, layer in enumerate(layers):
            with keras.StatelessScope(state_mapping=_seeded(layer, seed, number)):
                both = layer(both, training=True)
        return tf.cast(both["images"], batch.dtype), both["labels"]

    return apply


def _seeded(layer: keras.Layer, seed: Any, number: int) -> list[tuple[Any, Any]]:
    """Map each random state of a layer to a seed of its own."""
    return [
        (state, tf.cast(seed + tf.constant([number, 1000 * part], seed.dtype), state.dtype))
        for part, state in enumerate(layer.variables)
    ]


def _layers(wanted: Augmentation, size: int) -> list[keras.Layer]:
    """Return the Keras layers for all that is wanted: place first, then light, then erasing."""
    fill = {"fill_mode": _FILL[wanted.fill]}
    unit = {"value_range": (0.0, 1.0)}
    kinds = keras.layers
    layers: list[keras.Layer] = []
    if wanted.flip != "none":
        layers.append(kinds.RandomFlip("horizontal"))
    if wanted.flip == "both":
        # Not Keras's "horizontal_and_vertical", which mirrors in both directions or in none.
        layers.append(kinds.RandomFlip("vertical"))
    if wanted.crop_padding:
        layers.append(kinds.ZeroPadding2D(wanted.crop_padding))
        layers.append(kinds.RandomCrop(size, size))
    if wanted.rotation:
        layers.append(kinds.RandomRotation(wanted.rotation / 360.0, **fill))
    if wanted.shift:
        layers.append(kinds.RandomTranslation(wanted.shift, wanted.shift, **fill))
    if wanted.shear:
        layers.append(kinds.RandomShear(wanted.shear, wanted.shear, **fill))
    if wanted.zoom:
        layers.append(kinds.RandomZoom(wanted.zoom, wanted.zoom, **fill))
    if wanted.brightness:
        layers.append(kinds.RandomBrightness(wanted.brightness, **unit))
    if wanted.contrast:
        # A single number would be an upper bound alone: contrast would only ever rise.
        layers.append(kinds.RandomContrast((wanted.contrast, wanted.contrast), **unit))
    if wanted.saturation:
        # Keras multiplies saturation by f / (1 - f); this range of f gives 1 ± saturation.
        low, high = 1 - wanted.saturation, 1 + wanted.saturation
        layers.append(kinds.RandomSaturation((low / (1 + low), high / (1 + high)), **unit))
    if wanted.hue:
        # Keras turns hue by up to half of its factor.
        layers.append(kinds.RandomHue((0.0, 2 * wanted.hue), **unit))
    if wanted.erasing:
        layers.append(kinds.RandomErasing((wanted.erasing, wanted.erasing), **unit))
    return layers
