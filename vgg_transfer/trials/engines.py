"""The engines: each trains one trial and writes its run, here or in another process."""

from collections.abc import Callable
from pathlib import Path

from vgg_transfer import run as record
from vgg_transfer.errors import TrainingError
from vgg_transfer.events import Listener
from vgg_transfer.images import ImageSet
from vgg_transfer.run import Run
from vgg_transfer.trials.process import train_in_child
from vgg_transfer.trials.trial import Trial

Engine = Callable[[Trial, ImageSet, Path, Listener], Run]
"""Trains a trial on an image set, writes the run to a path that is free, and returns it; the
listener hears its events. Whatever an engine raises ends this trial and no other."""


def in_this_process(trial: Trial, image_set: ImageSet, folder: Path, listen: Listener) -> Run:
    """Train here: quick to start, but peak memory is then that of all trials together."""
    from vgg_transfer.training import train

    return train(trial.recipe, image_set, folder, seed=trial.seed, listen=listen, cache=trial.cache)


def in_a_clear_session(trial: Trial, image_set: ImageSet, folder: Path, listen: Listener) -> Run:
    """Train here, after Keras has let go of what the trainings before left behind."""
    import keras

    keras.utils.clear_session()
    return in_this_process(trial, image_set, folder, listen)


def in_own_process(trial: Trial, image_set: ImageSet, folder: Path, listen: Listener) -> Run:
    """Train in a new Python process, which ends with this one whatever happens.

    Raises:
        VggTransferError: what the training raised, or a TrainingError that says how it died.
    """
    train_in_child(trial, image_set, folder.absolute(), listen)
    return record.read(folder)


def trained_or_failed(
    engine: Engine, trial: Trial, image_set: ImageSet, folder: Path, listen: Listener
) -> Run:
    """Run a trial; return its run also where the training diverged.

    A training that diverged has written its last good weights and why it ended.

    Args:
        engine: trains the trial.
        trial: what to train.
        image_set: the images to train on.
        folder: where the run is written; free.
        listen: is given the events of the training.

    Raises:
        TrainingError: the training broke and left no run.
    """
    try:
        return engine(trial, image_set, folder, listen)
    except TrainingError:
        if not (folder / "run.json").is_file():
            raise
        return record.read(folder)
