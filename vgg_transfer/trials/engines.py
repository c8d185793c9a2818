"""The engines: each trains one trial and writes its run, here or in another process."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, runtime_checkable

from vgg_transfer import run as record
from vgg_transfer.errors import ResumeError, TrainingError
from vgg_transfer.events import Listener, Said
from vgg_transfer.images import ImageSet
from vgg_transfer.run import Run
from vgg_transfer.sweeping import is_held
from vgg_transfer.trials.process import train_in_child
from vgg_transfer.trials.trial import Trial

Engine = Callable[[Trial, ImageSet, Path, Listener], Run]
"""Trains a trial on an image set, writes the run to a path, and returns it; the listener hears its
events. The path is free, or holds this very trial unfinished: the engine goes on with it, or raises
a ``ResumeError``. Whatever an engine raises ends this trial and no other."""


@runtime_checkable
class ManyAtOnce(Protocol):
    """An engine that trains several trials at the same time, each called for in its own thread."""

    at_once: int

    def __call__(
        self, trial: Trial, image_set: ImageSet, folder: Path, listen: Listener, /
    ) -> Run: ...

    def check(self, folder: Path, image_set: ImageSet) -> None:
        """Refuse to begin where trials could not write to a folder, or not read the images."""

    def stop(self) -> None:
        """End the trials that run; each raises ``KeyboardInterrupt`` where it was called for."""


def check_engine(engine: Engine, folder: Path, image_set: ImageSet) -> None:
    """Refuse to begin what the machines of an engine cannot train; any other engine can.

    Args:
        engine: trains the trials.
        folder: where runs will be written; it exists.
        image_set: the images to train on.

    Raises:
        ClusterError: with what is wrong on which machine.
    """
    if isinstance(engine, ManyAtOnce):
        engine.check(folder, image_set)


def in_this_process(trial: Trial, image_set: ImageSet, folder: Path, listen: Listener) -> Run:
    """Train here: quick to start, but peak memory is then that of all trials together."""
    from vgg_transfer.training import resume, train

    if record.is_unfinished(folder):
        return resume(folder, listen=listen)
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


def trained(
    engine: Engine,
    trial: Trial,
    image_set: ImageSet,
    folder: Path,
    listen: Listener,
    aside: Path | None = None,
) -> Run:
    """Run a trial, or go on with it; where that is refused, say so and train it anew.

    Args:
        engine: trains the trial.
        trial: what to train.
        image_set: the images to train on.
        folder: where the run is written; free, or holds this trial unfinished.
        listen: is given the events of the training.
        aside: where what is unfinished goes if it cannot go on; free. [default: it is deleted]
    """
    try:
        return engine(trial, image_set, folder, listen)
    except ResumeError as refused:
        if is_held(folder):  # another program is training in it, and can
            raise
        kept = "" if aside is None else f'. What was begun is now in "{aside}"'
        reason = " ".join(str(refused).split())
        listen(Said(f"it is trained from its beginning{kept}, because {reason}"))
        if aside is None:
            shutil.rmtree(folder)
        else:
            folder.rename(aside)
    return engine(trial, image_set, folder, listen)


def trained_or_failed(
    engine: Engine,
    trial: Trial,
    image_set: ImageSet,
    folder: Path,
    listen: Listener,
    aside: Path | None = None,
) -> Run:
    """Run a trial as ``trained`` does; return its run also where the training diverged.

    A training that diverged has written its last good weights and why it ended.

    Args:
        engine: trains the trial.
        trial: what to train.
        image_set: the images to train on.
        folder: where the run is written; free, or holds this trial unfinished.
        listen: is given the events of the training.
        aside: where what is unfinished goes if it cannot go on; free. [default: it is deleted]

    Raises:
        TrainingError: the training broke and left no run.
    """
    try:
        return trained(engine, trial, image_set, folder, listen, aside)
    except TrainingError:
        if not (folder / "run.json").is_file() or record.is_unfinished(folder):
            raise
        return record.read(folder)
