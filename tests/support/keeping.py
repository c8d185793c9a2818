"""Stages that keep nothing, for tests that are about something else."""

from pathlib import Path

from vgg_transfer.events import nobody
from vgg_transfer.training.checkpoints import Pace
from vgg_transfer.training.stages.keeper import Keeping


def keeps_nothing():
    """Return how a stage keeps what it has reached: not at all."""
    return Keeping(Pace(Path("nowhere"), 1e9, nobody), save=lambda *_: None)
