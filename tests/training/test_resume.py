"""A training that is stopped anywhere and goes on ends as if it had never been stopped."""

from hashlib import sha256

import pytest
from support.heard import Heard
from support.weights import weights_of

from vgg_transfer.events import Stepped
from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage, Stopping
from vgg_transfer.recipe.stage import CosinePlan, PlateauPlan
from vgg_transfer.run import read
from vgg_transfer.training import resume, train

HEAD = Stage(train=("head",), epochs=3, stopping=Stopping(patience=1))
BLOCK2 = Stage(
    train=("head", "block2"),
    epochs=3,
    rate=1e-2,
    plan=PlateauPlan(patience=1),
    stopping=Stopping(patience=2),
)
ALL = Stage(train=("head", "block2", "block1"), epochs=2, rate=1e-3)


class Killed(BaseException):
    """What a kill is to a test: nothing of ours is asked any more."""


class KilledAt(Heard):
    """Kills the training at a batch, counted from 1; never with None."""

    def __init__(self, batch=None):
        super().__init__()
        self.batch, self.batches = batch, 0

    def on(self, event):
        if isinstance(event, Stepped):
            self.batches += 1
            if self.batches == self.batch:
                raise Killed


def recipe_of(*stages, **changes):
    settings = {
        "size": 16,
        "precision": "fp32",
        "preprocess": "rescale",
        "batch_size": 8,
        "base": Base(weights="none", blocks=2, width=0.1),
        "head": Head(dense=(4,), batch_norm=True, dropout=0.3),
        "augmentation": Augmentation(flip="horizontal", rotation=20.0),
        "views": 2,
    }
    return Recipe(**(settings | changes), stage=stages)


def story(run):
    """Return all that must be the same in two runs: everything but what the clock decides."""
    return {
        "epochs": [
            (e.stage, e.epoch, e.loss, e.accuracy, e.val_loss, e.val_accuracy, dict(e.rates))
            for e in run.history
        ],
        "stages": [(s.epochs, s.best_epoch, s.best, s.views) for s in run.stages],
        "weights": [sha256(tensor.tobytes()).hexdigest()[:8] for tensor in weights_of(run)],
        "metrics": run.metrics,
        "judged": run.judged,
    }


def killed_and_resumed(recipe, images, folder, batches):
    """Train, kill it at the first batch, resume, kill that at the second one, and so on.

    Return the run that came to its end, and how often it was killed.
    """
    listeners = [KilledAt(batch) for batch in (*batches, None)]
    for kills, listen in enumerate(listeners):
        try:
            if kills:
                return resume(folder, listen=listen), kills
            return train(recipe, images, folder, listen=listen, checkpoint_minutes=0), kills
        except Killed:
            assert read(folder).status == "running"
    raise AssertionError("the last one is not killed")


RECIPES = {
    "exact": recipe_of(
        Stage(train=("head",), optimizer="exact"),
        BLOCK2.changed(plan=CosinePlan(warm_up=1.0), keep="last", stopping=None),
        head=Head(),
    ),
    "views, a rate found, ema, pull, worth it": recipe_of(
        HEAD.changed(find_rate=True),
        BLOCK2.changed(keep="ema", average_epochs=1.0, pull=0.5, block_decay=0.5),
        ALL,
        until="worth it",
    ),
    "fresh, mixed, balanced, swa": recipe_of(
        HEAD,
        BLOCK2.changed(keep="swa", average_epochs=2, stopping=None),
        views="fresh",
        augmentation=Augmentation(rotation=20.0, mixup=0.3),
        sampling="balanced",
    ),
}


@pytest.mark.parametrize(
    "name",
    [name if name == "exact" else pytest.param(name, marks=pytest.mark.slow) for name in RECIPES],
)
def test_it_ends_as_if_it_had_never_been_killed(name, images, tmp_path):
    recipe = RECIPES[name]
    expected = train(recipe, images, tmp_path / "whole")
    batches = [4 + list(RECIPES).index(name), 4]  # in the middle of epochs, and between them
    run, kills = killed_and_resumed(recipe, images, tmp_path / "run", batches)
    assert kills == 2
    assert story(run) == story(expected)
    assert not list(run.folder.glob("checkpoint-*"))
