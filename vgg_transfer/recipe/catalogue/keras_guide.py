"""What Keras's own guide to transfer learning does, to be compared with."""

from typing import Any

from vgg_transfer.recipe.augmentation import Augmentation
from vgg_transfer.recipe.head import Head
from vgg_transfer.recipe.recipe import Recipe
from vgg_transfer.recipe.stage import BLOCKS, Stage


def keras_guide(**changes: Any) -> Recipe:
    """Train as Keras's guide: the head for 20 epochs, then everything at 1e-5 for 10.

    Command: ``vgg-transfer train DATA --recipe keras-guide``

    "Transfer learning & fine-tuning" on keras.io, end-to-end example, as it was from 2020 on. The
    version of 2023 trains for 2 epochs and 1 only, by 64 images: ``--epochs 2,1 --set
    batch_size=64``. What differs: VGG16 with its own preprocessing takes the place of Xception;
    Adam's moments of the head are carried into the second stage, where the guide starts anew; more
    than two classes get a softmax. The guide gives no number for VGG16. Expect what ``frozen``
    gives, then a slow gain, whose epochs cost as much as those of ``full``.
    """
    return Recipe(
        name="keras-guide",
        description="as Keras's guide: frozen base for 20 epochs, then everything at 1e-5 for 10",
        source="the guide Transfer learning & fine-tuning of Keras (2020)",
        size=150,
        head=Head(dropout=0.2),
        # RandomRotation(0.1) turns by up to a tenth of a full circle; Keras's layers reflect.
        augmentation=Augmentation(flip="horizontal", rotation=36.0, fill="reflect"),
        views="fresh",
        stage=(
            Stage(train=("head",), epochs=20, rate=1e-3, keep="last"),
            Stage(train=BLOCKS, epochs=10, rate=1e-5, keep="last"),
        ),
    ).changed(**changes)
