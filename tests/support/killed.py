"""Trainings that are killed: at a batch, or drawn as if they had been."""

import json
from dataclasses import asdict, replace

import numpy as np

from support.drawn import images_of, recipe_of, write_run
from support.heard import Heard
from vgg_transfer.events import Stepped
from vgg_transfer.run import Begun, Checkpoint, Epoch, Progress, Within, begun, keep_checkpoint

BEGUN = Begun("digest", cache=True, tensorboard="", int8=False, checkpoint_minutes=5.0)


class Killed(BaseException):
    """What a kill is to a test: nothing of ours is asked any more."""


class KilledAt(Heard):
    """Kills the training at a batch, counted from the first one of its first stage."""

    def __init__(self, batch):
        super().__init__()
        self.left = batch

    def on(self, event):
        if isinstance(event, Stepped) and self.stages:
            self.left -= 1
            if self.left == 0:
                raise Killed


def epoch(number, stage=1):
    return Epoch(stage, number, 0.5, 0.7, 0.5, 0.75, {"head": 1e-3}, 1.0, 10.0, 0.0, 500.0)


def progress(epochs=2, step=3, seconds=61.0):
    """Return how far a training has come that is in the middle of its first stage."""
    within = Within(
        stage=1,
        epoch=epochs,
        step=step,
        ended=False,
        stored=False,
        best_epoch=epochs,
        best=0.5,
        epochs=tuple(epoch(number + 1) for number in range(epochs)),
        seconds=seconds,
    )
    return Progress(seconds=seconds, within=within)


def drawn_run(folder, name="tiny", **changes):
    """Write a finished run of ours, and return it."""
    run = write_run(recipe_of(name), 0, images_of(test=40), folder, wrong=4, **changes)
    file = run.folder / "run.json"
    facts = json.loads(file.read_text(encoding="utf-8")) | {"begun": asdict(BEGUN)}
    file.write_text(json.dumps(facts), encoding="utf-8")
    return replace(run, begun=BEGUN)


def killed_run(folder, name="tiny", reached=None):
    """Write what a killed training leaves, with a checkpoint where it has reached something."""
    whole = drawn_run(folder.with_name(f"{folder.name}-whole"), name)
    try:
        with begun(replace(whole, folder=folder, stages=(), history=(), seconds=0.0)) as run:
            checkpoint = Checkpoint(reached or progress(), {"weights/a": np.arange(3.0)})
            keep_checkpoint(run.folder, checkpoint)
            raise Killed
    except Killed:
        return run
