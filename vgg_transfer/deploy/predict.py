"""What a run's model says about images."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from vgg_transfer.deploy.averaging import averaged, checked
from vgg_transfer.deploy.model import damaged, load_model
from vgg_transfer.deploy.renderings import rendered
from vgg_transfer.events import ImagesCounted, Listener, nobody
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import Given, given
from vgg_transfer.network.probabilities import of_all_classes
from vgg_transfer.recipe import Averaging
from vgg_transfer.recipe.averaging import renderings_of
from vgg_transfer.run.values import Pictures, Prediction, Run


def predict(
    run: Run,
    images: Pictures,
    averaging: Averaging | None = None,
    listen: Listener = nobody,
) -> list[Prediction]:
    """Say what is on images, with the run's model.

    Files are decoded a batch at a time, so that memory does not grow with their number.

    Args:
        run: whose model is asked.
        images: an image file, a folder of them (with all folders in it), a PIL picture, an array of
            pixels (height, width, 3; uint8, or floats from 0 to 255), or a list of any of these.
        averaging: test-time augmentation: ``"flip"`` averages over the mirror image too, a number
            from 1 to 64 over that many augmented views, ``"none"`` over nothing. Default: the
            recipe's ``tta``.
        listen: hears ``ImagesCounted``. Default: nobody.

    Returns:
        One prediction for each file or picture, in the order given, each file once. A file that
        cannot be read is among them, with the reason.

    Raises:
        ImageSetError: a path does not exist, there are no files, or an array holds no pixels.
        RecipeError: the run's recipe has nothing to render views with.
        RunError: the model is missing or damaged.
    """
    averaging = checked(averaging, run.recipe)
    pictures = given(images)
    return [
        _prediction(picture, run.class_names, answer)
        for picture, answer in zip(pictures, judge(run, pictures, averaging, listen), strict=True)
    ]


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
        blocks: behind the probabilities come the outputs of these blocks, each averaged over space.
            [default: none]
    """
    unreadable: dict[int, Undecodable] = {}
    batches = rendered(pictures, run.recipe, averaging, unreadable)
    found: dict[int, NDArray[np.float32]] = {}
    for number, row in averaged(_model_of(run, blocks), batches, renderings_of(averaging)):
        found[number] = row
        listen(ImagesCounted(number + 1, len(pictures)))
    return [
        unreadable[number] if number in unreadable else found[number]
        for number in range(len(pictures))
    ]


def _model_of(run: Run, blocks: Sequence[str]) -> Callable[[Any], NDArray[np.float32]]:
    """Return the run's model, from pixels to rows of numbers; it is loaded when first asked."""

    @cache
    def model() -> keras.Model:
        whole = load_model(run)
        outputs = [whole.get_layer(f"{block}_pool").output for block in blocks]
        pooled = [ops.mean(ops.cast(one, "float32"), axis=(1, 2)) for one in outputs]
        return keras.Model(whole.input, [whole.output, *pooled]) if blocks else whole

    def ask(pixels: Any) -> NDArray[np.float32]:
        found = model().predict_on_batch(pixels)
        answers, *features = found if blocks else [found]
        row = np.concatenate([of_all_classes(answers), *features], axis=1)
        if not np.isfinite(row).all():
            raise damaged(run, "what it answers is not a number, so its weights are not")
        return row

    return ask


def _prediction(
    picture: Given, class_names: Sequence[str], answer: NDArray[np.float32] | Undecodable
) -> Prediction:
    if isinstance(answer, Undecodable):
        return Prediction(picture.path, None, {}, str(answer))
    ordered = sorted(zip(class_names, answer.tolist(), strict=True), key=lambda pair: -pair[1])
    return Prediction(picture.path, ordered[0][0], dict(ordered))
