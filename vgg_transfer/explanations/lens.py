"""The model looked into: at which places of a block's last convolution a class is spoken for.

The saved model is one graph from raw pixels to probabilities, preprocessing among its layers, so
that a block in it is reached as any other layer is, and heads that read several blocks are followed
along every way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from vgg_transfer.deploy.model import model_of
from vgg_transfer.errors import RecipeError, did_you_mean
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import Given
from vgg_transfer.images.resize import resizing
from vgg_transfer.network.probabilities import of_all_classes
from vgg_transfer.run import Run
from vgg_transfer.training.devices import needs_tensorflow
from vgg_transfer.words import listed, printable

Floats = NDArray[np.float32]
AT_ONCE = 8  # pictures: what a picture of 224 px becomes in all blocks fills some 60 MB


@dataclass(frozen=True)
class Lens:
    """A run's model and the block that is looked at."""

    run: Run
    block: str

    @cached_property
    def _model(self) -> keras.Model:
        """From pixels to the block's last convolution, logits and probabilities."""
        model = model_of(self.run)
        before = model.get_layer(f"{self.block}_pool").input
        logits = model.get_layer("probabilities").input
        return keras.Model(model.input, [before, logits, model.output])

    @cached_property
    def _resize(self) -> Callable[[Any], Any]:
        layer: Callable[[Any], Any] = resizing(self.run.recipe.size, self.run.recipe.resize)
        return layer

    def square(self, picture: Given) -> tuple[Floats, tuple[int, int]]:
        """Return a picture as the network sees it, and the proportions it has: (height, width).

        Raises:
            Undecodable: it cannot be read.
        """
        pixels = picture.pixels(self.run.recipe.size)
        seen = ops.convert_to_numpy(self._resize(pixels[np.newaxis]))[0]
        return seen, (pixels.shape[0], pixels.shape[1])

    def probabilities(self, squares: Floats) -> Floats:
        """Return the probabilities of all classes, one row for each square of pixels."""
        parts = [squares[at : at + AT_ONCE] for at in range(0, len(squares), AT_ONCE)]
        found = [of_all_classes(self._model(part, training=False)[2]) for part in parts]
        return np.concatenate(found)

    def look(self, squares: Floats, labels: Sequence[int] | None) -> tuple[Floats, Floats]:
        """Return what speaks for a class, place by place, and all probabilities.

        Args:
            squares: pixels as the network sees them.
            labels: the class of each; None: the likeliest.

        Returns:
            Maps (picture, height, width) from 0, and a row of probabilities for each picture.
        """
        import tensorflow as tf

        with tf.GradientTape(watch_accessed_variables=False) as tape:
            pixels = tf.convert_to_tensor(squares)
            tape.watch(pixels)
            outputs, logits, found = self._model(pixels, training=False)
            probabilities = of_all_classes(found)
            wanted = probabilities.argmax(axis=1) if labels is None else np.array(labels)
            odds = _log_odds(logits, wanted)
        slopes = tape.gradient(odds, outputs)
        maps = _grad_cam(ops.cast(outputs, "float32"), ops.cast(slopes, "float32"))
        return ops.convert_to_numpy(maps), probabilities


def lens_of(run: Run, block: str | None = None) -> Lens:
    """Return the lens on a block of a run's model, by default its last one.

    Raises:
        RecipeError: the model has no such block.
        RunError: Keras does not compute with TensorFlow.
    """
    needs_tensorflow("what decides an answer is seen with")
    blocks = run.recipe.base.block_names
    if block is not None and block not in blocks:
        raise RecipeError(
            f'there is no block "{printable(block)}" in the model of "{printable(run.folder)}": it '
            f"has {listed(blocks)}.{did_you_mean(block, blocks)}"
        )
    return Lens(run, block or blocks[-1])


def squares_of(
    lens: Lens, pictures: Sequence[Given]
) -> list[tuple[Floats, tuple[int, int]] | Undecodable]:
    """Return each picture as the network sees it with its proportions, or why it cannot be read."""
    found: list[tuple[Floats, tuple[int, int]] | Undecodable] = []
    for picture in pictures:
        try:
            found.append(lens.square(picture))
        except Undecodable as reason:
            found.append(reason)
    return found


def _log_odds(logits: Any, labels: NDArray[np.integer[Any]]) -> Any:
    """Return ln(p / (1 - p)) of a class for each picture: that does not saturate as p does."""
    if logits.shape[-1] == 1:
        sign = ops.convert_to_tensor(np.where(labels == 1, 1.0, -1.0).astype(np.float32))
        return logits[:, 0] * sign
    chosen = ops.one_hot(labels, logits.shape[-1], dtype="float32")
    others = ops.logsumexp(logits - 1e9 * chosen, axis=-1)
    return ops.sum(logits * chosen, axis=-1) - others


def _grad_cam(outputs: Any, slopes: Any) -> Any:
    """Weigh each channel by its mean slope (Selvaraju et al., 2017)."""
    weights = ops.mean(slopes, axis=(1, 2), keepdims=True)
    return ops.relu(ops.sum(weights * outputs, axis=-1))
