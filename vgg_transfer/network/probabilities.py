"""From logits to class probabilities, whatever the output of the head."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.images.batch_form import BatchForm, Picture
from vgg_transfer.images.feed import feed
from vgg_transfer.network.head_layers import has_sigmoid
from vgg_transfer.recipe import Head


def probabilities_layer(head: Head, classes: int) -> keras.Layer:
    """Return the layer that turns logits into probabilities."""
    kind = "sigmoid" if has_sigmoid(head, classes) else "softmax"
    return keras.layers.Activation(kind, name="probabilities", dtype="float32")


def probabilities(
    model: keras.Model,
    records: Sequence[Picture],
    shape: BatchForm,
    stepped: Callable[[], None] | None = None,
) -> NDArray[np.float32]:
    """Return the probabilities of image files, of shape (image, class).

    Args:
        model: from ``servable``; a single sigmoid output becomes two columns.
        records: the image files, with the SHA-256 of their bytes.
        shape: their size in pixels, how they are resized, and the images of a batch.
        stepped: called after each batch. Default: None.
    """
    return of_batches(model, feed().plain_batches(records, shape), stepped)


def of_batches(
    model: keras.Model, batches: Any, stepped: Callable[[], None] | None = None
) -> NDArray[np.float32]:
    """Return the probabilities of batches of pixels, as ``probabilities`` does of files."""
    ticker = keras.callbacks.LambdaCallback(
        on_predict_batch_end=lambda batch, logs: stepped and stepped()  # noqa: ARG005
    )
    return of_all_classes(model.predict(batches, verbose=0, callbacks=[ticker]))


def of_all_classes(found: Any) -> NDArray[np.float32]:
    """Return one column per class; a single one holds the probability of the second of two."""
    found = np.asarray(found, np.float32)
    return np.concatenate([1 - found, found], axis=1) if found.shape[1] == 1 else found
