"""Augmentation by Keras layers, with randomness that belongs to the image.

Each image's changes depend on (seed, stage, epoch, image) only, never on what ran before or on
the batch it sits in: every change draws from a seed that is handed in with the image.
"""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from vgg_transfer.images.changing.changes import another_seed, by_layer, changes_of
from vgg_transfer.recipe import Augmentation

Augmenter = Callable[[Any, Any], Any]


def augmenter(augmentation: Augmentation, size: int) -> Augmenter:
    """Return a function from (pixels 0..255, two-number seed) to changed pixels 0..255."""
    changes = changes_of(augmentation, size)

    def apply(pixels: Any, seed: Any) -> Any:
        # Keras's colour layers are right for values 0..1 only (saturation is clipped wrongly
        # for 0..255), so all layers work there.
        image = pixels[None] / 255.0
        for number, change in enumerate(changes):
            image = change(image, another_seed(seed, number, 0))
        return ops.reshape(ops.clip(image[0], 0.0, 1.0) * 255.0, (size, size, 3))

    return apply


def mixer(augmentation: Augmentation) -> Callable[[Any, Any, Any], tuple[Any, Any]] | None:
    """Return a function from (batch, targets, seed) to mixed ones; None where nothing is mixed.

    MixUp works on images and on activations alike, CutMix on images.
    """
    layers: list[keras.Layer] = []
    if augmentation.mixup:
        layers.append(keras.layers.MixUp(augmentation.mixup, dtype="float32"))
    if augmentation.cutmix:
        factor = (augmentation.cutmix, augmentation.cutmix)
        layers.append(keras.layers.CutMix(factor, dtype="float32"))
    if not layers:
        return None

    def apply(batch: Any, targets: Any, seed: Any) -> tuple[Any, Any]:
        both = {"images": ops.cast(batch, "float32"), "labels": targets}
        for number, layer in enumerate(layers):
            both = by_layer(layer)(both, another_seed(seed, number, 0))
        return ops.cast(both["images"], batch.dtype), both["labels"]

    return apply
