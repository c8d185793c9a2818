"""What a run's model says about images."""

import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.deploy.averaging import averaged, checked
from vgg_transfer.deploy.renderings import rendered
from vgg_transfer.errors import RunError
from vgg_transfer.events import ImagesCounted, Listener, nobody
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import Given, given
from vgg_transfer.network.probabilities import of_all_classes
from vgg_transfer.recipe import Averaging
from vgg_transfer.recipe.averaging import renderings_of
from vgg_transfer.run.refusing import check_model
from vgg_transfer.run.values import Pictures, Prediction, Run
from vgg_transfer.words import excerpt, printable


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
    run: Run, pictures: Sequence[Given], averaging: Averaging, listen: Listener
) -> list[NDArray[np.float32] | Undecodable]:
    """Return the model's class probabilities for each picture, or why it cannot be read."""
    unreadable: dict[int, Undecodable] = {}
    batches = rendered(pictures, run.recipe, averaging, unreadable)
    found: dict[int, NDArray[np.float32]] = {}
    for number, row in averaged(_model_of(run), batches, renderings_of(averaging)):
        found[number] = row
        listen(ImagesCounted(number + 1, len(pictures)))
    return [
        unreadable[number] if number in unreadable else found[number]
        for number in range(len(pictures))
    ]


def _model_of(run: Run) -> Callable[[Any], NDArray[np.float32]]:
    """Return the run's model, from pixels to class probabilities; it is loaded when first asked."""
    model = cache(lambda: _load(run))

    def ask(pixels: Any) -> NDArray[np.float32]:
        found = of_all_classes(model().predict_on_batch(pixels))
        if not np.isfinite(found).all():
            raise RunError(_damaged(run, "what it answers is not a number, so its weights are not"))
        return found

    return ask


def _load(run: Run) -> keras.Model:
    file = run.model_file
    check_model(run)
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise RunError(f'the model "{printable(file)}" cannot be read: {error.strerror}') from error
    if not zipfile.is_zipfile(file):
        raise RunError(_damaged(run, "it is cut short, or something else than a Keras model"))
    try:
        model = keras.saving.load_model(file, compile=False)
    except Exception as error:  # Keras raises nearly anything for a damaged file
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RunError(_damaged(run, excerpt(reason, 300))) from error
    _check_fits(run, model)
    return model


def _check_fits(run: Run, model: Any) -> None:
    """Refuse a model that is not this run's: of other inputs, or of other classes."""
    shapes = [
        [tuple(one.shape) for one in getattr(model, ends, None) or ()]
        for ends in ("inputs", "outputs")
    ]
    classes = len(run.class_names)
    fit = [(None, classes), (None, 1)] if classes == 2 else [(None, classes)]
    if shapes[0] != [(None, None, None, 3)] or len(shapes[1]) != 1 or shapes[1][0] not in fit:
        raise RunError(
            _damaged(
                run,
                f"it is another one, from {shapes[0]} to {shapes[1]}; this run has "
                f"pictures and {classes} classes",
            )
        )


def _damaged(run: Run, reason: str) -> str:
    return (
        f'the model "{printable(run.model_file)}" is damaged: {reason}. Put back a copy of this '
        "file, or train again"
    )


def _prediction(
    picture: Given, class_names: Sequence[str], answer: NDArray[np.float32] | Undecodable
) -> Prediction:
    if isinstance(answer, Undecodable):
        return Prediction(picture.path, None, {}, str(answer))
    ordered = sorted(zip(class_names, answer.tolist(), strict=True), key=lambda pair: -pair[1])
    return Prediction(picture.path, ordered[0][0], dict(ordered))
