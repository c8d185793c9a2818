"""What a run's model says of pictures, as rows of numbers; a batch is decoded at a time."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from vgg_transfer.deploy.averaging import averaged
from vgg_transfer.deploy.model import damaged, model_of
from vgg_transfer.deploy.renderings import rendered
from vgg_transfer.events import ImagesCounted, Listener
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import Given
from vgg_transfer.network.probabilities import of_all_classes
from vgg_transfer.recipe import Averaging
from vgg_transfer.recipe.averaging import renderings_of
from vgg_transfer.run import Run


def judge(
    run: Run,
    pictures: Sequence[Given],
    averaging: Averaging,
    listen: Listener,
    blocks: Sequence[str] = (),
) -> list[NDArray[np.float32] | Undecodable]:
    """Return the model's class probabilities for each picture, or why it cannot be read.

    Args:
        run: whose model is asked.
        pictures: what is judged.
        averaging: over which renderings of a picture.
        listen: hears ``ImagesCounted``.
        blocks: behind the probabilities come the outputs of these blocks, each averaged over space
            and brought to length 1. [default: none]
    """
    unreadable: dict[int, Undecodable] = {}
    batches = rendered(pictures, run.recipe, averaging, unreadable)
    found: dict[int, NDArray[np.float32]] = {}
    for number, row in averaged(asking(run, blocks), batches, renderings_of(averaging)):
        found[number] = row
        listen(ImagesCounted(number + 1, len(pictures)))
    return [
        unreadable[number] if number in unreadable else found[number]
        for number in range(len(pictures))
    ]


def asking(run: Run, blocks: Sequence[str] = ()) -> Callable[[Any], NDArray[np.float32]]:
    """Return the run's model, from pixels to rows of numbers; it is loaded when first asked.

    Args:
        run: whose model is asked.
        blocks: as ``judge`` takes them. [default: none]
    """

    @cache
    def model() -> keras.Model:
        whole = model_of(run)
        outputs = [whole.get_layer(f"{block}_pool").output for block in blocks]
        pooled = [ops.mean(ops.cast(one, "float32"), axis=(1, 2)) for one in outputs]
        features = [ops.normalize(one, axis=-1) for one in pooled]
        return keras.Model(whole.input, [whole.output, *features]) if blocks else whole

    def ask(pixels: Any) -> NDArray[np.float32]:
        found = model().predict_on_batch(pixels)
        answers, *features = found if blocks else [found]
        row = np.concatenate([of_all_classes(answers), *features], axis=1)
        if not np.isfinite(row).all():
            raise damaged(run, "what it answers is not a number, so its weights are not")
        return row

    return ask
