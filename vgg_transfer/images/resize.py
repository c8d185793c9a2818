"""The one way that pixels are brought to size: in training, prediction and the saved model."""

import keras

from vgg_transfer.images.squares import Resize


def resizing(size: int, how: Resize) -> keras.Layer:
    """Return the layer that brings an image of any size to ``size`` x ``size``.

    ``squash`` changes the proportions, ``crop`` cuts the longer side, ``pad`` adds black.
    """
    return keras.layers.Resizing(
        size,
        size,
        crop_to_aspect_ratio=how == "crop",
        pad_to_aspect_ratio=how == "pad",
        antialias=True,
        name="resize",
        dtype="float32",
    )
