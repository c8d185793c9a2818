"""Trainings that were broken off, made up in no time: a record, and how far they came."""

import tempfile
from dataclasses import replace
from pathlib import Path

from support.drawn import write_run
from vgg_transfer import run as record
from vgg_transfer.run import Begun, Checkpoint, Progress


def leave_unfinished(trial, image_set, folder, seconds=185.0):
    """Leave what a killed training of a trial leaves, with a checkpoint after so many seconds."""
    with tempfile.TemporaryDirectory() as elsewhere:
        run = write_run(trial.recipe, trial.seed, image_set, Path(elsewhere) / "run")
    begun = Begun("a digest", trial.cache, tensorboard="", int8=False, checkpoint_minutes=5.0)
    with record.begun(replace(run, folder=folder, begun=begun)):
        record.keep_checkpoint(folder, Checkpoint(Progress(seconds=seconds)))
