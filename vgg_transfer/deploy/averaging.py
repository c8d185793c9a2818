"""Test-time augmentation: each image is judged in several renderings, and the answers averaged."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgg_transfer.errors import RecipeError, did_you_mean
from vgg_transfer.images.tfdata.batches import BatchForm, plain_batches, rendered_batches
from vgg_transfer.network.inference import asked
from vgg_transfer.recipe import Augmentation, Recipe

Averaging = Literal["flip"] | int
_MOST_VIEWS = 64


def read_averaging(text: str) -> Averaging:
    """Read ``flip`` or a number of views, as a person types it."""
    if text == "flip":
        return "flip"
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_VIEWS:
        return int(text)
    raise RecipeError(
        f'test-time augmentation is "flip" (the image and its mirror image) or a number of views '
        f'from 1 to {_MOST_VIEWS}; received "{text}".{did_you_mean(text, ["flip"])}'
    )


def check(averaging: Averaging, recipe: Recipe) -> None:
    """Refuse views of a recipe that has nothing to render them with."""
    if averaging != "flip" and recipe.augmentation.changes_nothing:
        raise RecipeError(
            f"{averaging} augmented views were asked for, but the run's recipe changes no image: "
            'average over the mirror image with "flip", or leave test-time augmentation out'
        )


def averaged(
    model: keras.Model,
    paths: Sequence[Path],
    shape: BatchForm,
    averaging: Averaging,
    augmentation: Augmentation,
    counted: Callable[[int], None],
) -> NDArray[np.float32]:
    """Return mean class probabilities: over the image and its mirror image, or over the image and
    so many augmented views of it, which are the same in every call.

    ``counted`` is called after each batch with how many images are done, or a few more at the end.
    """
    if averaging == "flip":
        return _mirrored(model, paths, shape, counted)
    renderings = averaging + 1
    pictures = [_Picture(path, _digest(path)) for path in paths for _ in range(renderings)]
    batches = rendered_batches(pictures, list(range(renderings)) * len(paths), augmentation, shape)
    rows = asked(model, batches, _every_batch(shape.batch_size / renderings, counted))
    means: NDArray[np.float32] = rows.reshape(len(paths), renderings, -1).mean(axis=1)
    return means


def _mirrored(
    model: keras.Model, paths: Sequence[Path], shape: BatchForm, counted: Callable[[int], None]
) -> NDArray[np.float32]:
    def with_mirror_images(batch: Any) -> Any:
        return tf.concat([batch, tf.reverse(batch, axis=[2])], axis=0)

    batches = plain_batches(paths, shape).map(with_mirror_images)
    rows = asked(model, batches, _every_batch(shape.batch_size, counted))
    found = []
    for first in range(0, len(paths), shape.batch_size):
        both = rows[2 * first : 2 * (first + shape.batch_size)]
        found.append((both[: len(both) // 2] + both[len(both) // 2 :]) / 2)
    return np.concatenate(found)


@dataclass(frozen=True)
class _Picture:
    """A file and what its bytes are: all that a rendering follows from."""

    path: Path
    digest: str


def _every_batch(images: float, counted: Callable[[int], None]) -> Callable[[], None]:
    """Return what is called after each batch, which brings so many images nearer to the end."""
    batches = 0

    def stepped() -> None:
        nonlocal batches
        batches += 1
        counted(int(batches * images))

    return stepped


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
