"""The catalogue: each entry of an augmentation as a change of one image, most by a Keras layer.

A new augmentation is a field of `Augmentation` in `recipe/augmentation.py`, with its numbers and
its words, and one entry here: its layer in `_of_place` or `_of_light`, or a change of its own in
`changes_of`. It goes behind those that are there: their order decides which seed each one draws.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from vgg_transfer.recipe import Augmentation

# From (one image 0..1 as a batch of one, two-number seed) to the changed image.
Change = Callable[[Any, Any], Any]

_FILL = {"nearest": "nearest", "reflect": "reflect", "black": "constant"}
_UNIT = {"value_range": (0.0, 1.0)}


def changes_of(wanted: Augmentation, size: int) -> list[Change]:
    """Return all that is wanted and nothing else: place first, then light, then what is lost."""
    changes = _of_place(wanted, size)
    if wanted.rand_augment:
        operations = _operations(wanted.rand_augment, wanted.fill)
        changes.append(_some_of(operations, wanted.rand_augment_operations))
    changes += [by_layer(layer) for layer in _of_light(wanted)]
    if wanted.blur:
        changes.append(_blur(wanted.blur, size))
    if wanted.erasing:
        erasing = (wanted.erasing, wanted.erasing)
        changes.append(by_layer(keras.layers.RandomErasing(erasing, **_UNIT)))
    return changes


def by_layer(layer: keras.Layer) -> Change:
    """Let a layer draw from the seed it is handed, and keep nothing of it for the next call."""

    def change(image: Any, seed: Any) -> Any:
        states = [
            (state, ops.cast(another_seed(seed, 0, 1000 * part), state.dtype))
            for part, state in enumerate(layer.variables)
        ]
        with keras.StatelessScope(state_mapping=states):
            return layer(image, training=True)

    return change


def another_seed(seed: Any, first: int, second: int) -> Any:
    """Return another seed that belongs to the same image.

    Keras counts up the second number with every draw, so different users differ in the first.
    """
    return seed + ops.cast(np.array([first, second]), seed.dtype)


def _of_place(wanted: Augmentation, size: int) -> list[Change]:
    fill = {"fill_mode": _FILL[wanted.fill]}
    kinds, padding, turn = keras.layers, wanted.crop_padding, wanted.rotation / 360.0
    layers = _wanted(
        (wanted.flip != "none", lambda: kinds.RandomFlip("horizontal")),
        # Not Keras's "horizontal_and_vertical", which mirrors in both directions or in none.
        (wanted.flip == "both", lambda: kinds.RandomFlip("vertical")),
        (padding, lambda: kinds.ZeroPadding2D(padding)),
        (padding, lambda: _cropping(size)),
        (turn, lambda: kinds.RandomRotation(turn, **fill)),
        (wanted.shift, lambda: kinds.RandomTranslation(wanted.shift, wanted.shift, **fill)),
        (wanted.shear, lambda: kinds.RandomShear(wanted.shear, wanted.shear, **fill)),
        (wanted.zoom, lambda: kinds.RandomZoom(wanted.zoom, wanted.zoom, **fill)),
    )
    return [by_layer(layer) for layer in layers]


def _cropping(size: int) -> keras.Layer:
    """Return what cuts a square at a place that is drawn."""
    if keras.backend.backend() == "tensorflow":
        return keras.layers.RandomCrop(size, size)
    return _Cropping(size)


class _Cropping(keras.layers.Layer):  # type: ignore[misc]
    """Keras's ``RandomCrop`` for JAX, where that one cuts at a place that must not be drawn."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size, self.generator = size, keras.random.SeedGenerator(0)

    def call(self, image: Any, training: bool = False) -> Any:
        most = image.shape[1] - self.size + 1
        top, left = (keras.random.randint((), 0, most, seed=self.generator) for _ in range(2))
        return ops.slice(image, (0, top, left, 0), (1, self.size, self.size, 3))


def _of_light(wanted: Augmentation) -> list[keras.Layer]:
    # A single number would be an upper bound alone: contrast would only ever rise.
    contrast = (wanted.contrast, wanted.contrast)
    hue = (0.0, 2 * wanted.hue)  # Keras turns hue by up to half of its factor.
    kinds = keras.layers
    return _wanted(
        (wanted.brightness, lambda: kinds.RandomBrightness(wanted.brightness, **_UNIT)),
        (wanted.contrast, lambda: kinds.RandomContrast(contrast, **_UNIT)),
        (wanted.saturation, lambda: _saturation(wanted.saturation)),
        (wanted.hue, lambda: kinds.RandomHue(hue, **_UNIT)),
        (wanted.grayscale, lambda: kinds.RandomGrayscale(wanted.grayscale)),
    )


def _wanted(*entries: tuple[float, Callable[[], keras.Layer]]) -> list[keras.Layer]:
    """Return the layers whose amount is not 0; the others are not made."""
    return [make() for amount, make in entries if amount]


def _saturation(amount: float) -> keras.Layer:
    # Keras multiplies saturation by f / (1 - f); this range of f gives 1 ± amount.
    low, high = 1 - amount, 1 + amount
    return keras.layers.RandomSaturation((low / (1 + low), high / (1 + high)), **_UNIT)


def _operations(strength: float, fill: str) -> list[Change]:
    """Return what ``rand_augment`` draws from; at strength 1 as far as its paper goes."""
    # The layers of keras.layers.RandAugment, not that layer itself. It computes all of its eleven
    # operations for every image to keep two, and a low strength does not make it weak: at 0.02 it
    # inverts images, leaves them one bit or blurs them. At 1 it turns them by up to 360 degrees,
    # one way only. Its solarization is left out, since Keras cannot keep that one weak.
    kinds = keras.layers
    filled = {"fill_mode": _FILL[fill]}
    sharpness = (0.5 - 0.45 * strength, 0.5 + 0.45 * strength)  # Keras: 0.5 changes nothing
    fewest_bits = 8 - round(4 * strength)
    layers = (
        kinds.AutoContrast(**_UNIT),
        kinds.Equalization(**_UNIT),
        kinds.RandomShear(0.3 * strength, 0.3 * strength, **filled),
        kinds.RandomTranslation(0.45 * strength, 0.45 * strength, **filled),
        kinds.RandomRotation(30 / 360 * strength, **filled),
        kinds.RandomBrightness(0.5 * strength, **_UNIT),
        kinds.RandomContrast((0.9 * strength, 0.9 * strength), **_UNIT),
        _saturation(0.9 * strength),
        kinds.RandomPosterization((fewest_bits, 8), **_UNIT),
    )
    sharpen = by_layer(kinds.RandomSharpness(sharpness, **_UNIT))
    return [*map(by_layer, layers), _seeing_beyond(sharpen, 1)]


def _drawn(seed: Any, shape: tuple[int, ...], below: int | None = None) -> Any:
    """Draw whole numbers from 0 to ``below``; or numbers from 0 to 1 without it."""
    whole = {} if below is None else {"maxval": below, "dtype": "int32"}
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        # By Keras it would be other numbers than those of all stores there are.
        return tf.random.stateless_uniform(shape, seed, **whole)
    generator = keras.random.SeedGenerator(0)
    state = ops.cast(seed, generator.state.dtype)
    with keras.StatelessScope(state_mapping=[(generator.state, state)]):
        if below is None:
            return keras.random.uniform(shape, seed=generator)
        return keras.random.randint(shape, 0, below, seed=generator)


def _some_of(changes: Sequence[Change], times: int) -> Change:
    """Apply that many of the changes, one after another; the seed says which."""

    def apply(image: Any, seed: Any) -> Any:
        chosen = _drawn(seed, (times,), len(changes))
        for number in range(times):
            own = another_seed(seed, 1000 * (number + 1), 0)
            changed = ops.switch(chosen[number], changes, image, own)
            image = ops.reshape(changed, image.shape)
        return image

    return apply


def _blur(largest: float, size: int) -> Change:
    """Blur by a Gaussian whose sigma, in pixels, is drawn between 0 and the largest."""
    # Not keras.layers.RandomGaussianBlur: its sigma is meant to stay below 1, and it draws another
    # one for each direction.
    reach = min(math.ceil(3 * largest), size)
    side = 2 * reach + 1

    def apply(image: Any, seed: Any) -> Any:
        sigma = largest * _drawn(seed, ()) + 1e-6  # it is divided by
        # One direction after the other: the same result by far fewer multiplications.
        for kernel in ((side, 1), (1, side)):
            image = keras.ops.image.gaussian_blur(image, kernel, (sigma, sigma))
        return image

    return _seeing_beyond(apply, reach)


def _seeing_beyond(change: Change, reach: int) -> Change:
    """Continue the image as in a mirror for a change that looks at neighbours.

    Keras sees black beyond the border, which would darken it.
    """

    def apply(image: Any, seed: Any) -> Any:
        wide = ops.pad(image, [[0, 0], [reach, reach], [reach, reach], [0, 0]], "symmetric")
        return change(wide, seed)[:, reach:-reach, reach:-reach]

    return apply
