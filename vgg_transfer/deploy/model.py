"""A run's model, read back and checked: it is this run's, whole, and of its classes."""

import zipfile
from typing import Any

import keras

from vgg_transfer.errors import RunError
from vgg_transfer.run import Run
from vgg_transfer.run.refusing import check_model
from vgg_transfer.words import excerpt, printable


def model_of(run: Run) -> keras.Model:
    """Return the model of a run, from raw RGB pixels to class probabilities.

    Raises:
        RunError: it is missing, damaged, or another one.
    """
    file = run.model_file
    check_model(run)
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise RunError(f'the model "{printable(file)}" cannot be read: {error.strerror}') from error
    if not zipfile.is_zipfile(file):
        raise damaged(run, "it is cut short, or something else than a Keras model")
    try:
        model = keras.saving.load_model(file, compile=False)
    except Exception as error:  # Keras raises nearly anything for a damaged file
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise damaged(run, excerpt(reason, 300)) from error
    _check_fits(run, model)
    return model


def damaged(run: Run, reason: str) -> RunError:
    """Return the error that says a run's model is damaged, and what to do."""
    return RunError(
        f'the model "{printable(run.model_file)}" is damaged: {reason}. Put back a copy of this '
        "file, or train again"
    )


def _check_fits(run: Run, model: Any) -> None:
    """Refuse a model that is not this run's: of other inputs, or of other classes."""
    shapes = [
        [tuple(one.shape) for one in getattr(model, ends, None) or ()]
        for ends in ("inputs", "outputs")
    ]
    classes = len(run.class_names)
    fit = [(None, classes), (None, 1)] if classes == 2 else [(None, classes)]
    if shapes[0] != [(None, None, None, 3)] or len(shapes[1]) != 1 or shapes[1][0] not in fit:
        raise damaged(
            run,
            f"it is another one, from {shapes[0]} to {shapes[1]}; this run has "
            f"pictures and {classes} classes",
        )
