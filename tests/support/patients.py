"""Runs and recipes that are made up: healthy ones, to be given one problem at a time."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from support.origins import WEIGHTS, environment, images_used
from vgg_transfer.evaluation import evaluate
from vgg_transfer.recipe import Augmentation, Head, Recipe, Stage
from vgg_transfer.recipe.stage import CosinePlan
from vgg_transfer.run import Epoch, Judged, Run, StageOutcome

CLASSES = ("cat", "cow", "dog", "owl")
IMAGES = {"train": 800, "val": 800, "test": 800}


def healthy_recipe(**changes):
    """A head that is trained first, then block5 gently, on photographs of full size."""
    stages = (
        Stage(train=("head",), epochs=6),
        Stage(train=("head", "block5"), epochs=5, rate=3e-5, plan=CosinePlan(), keep="last"),
    )
    recipe = Recipe(
        name="healthy",
        head=Head(dropout=0.2),
        augmentation=Augmentation(flip="horizontal"),
        stage=stages,
    )
    return recipe.changed(**changes)


def counts_of(images=None, classes=CLASSES):
    """Return numbers of images by split and class, spread evenly."""
    return {
        split: {name: number // len(classes) for name in classes}
        for split, number in (IMAGES | (images or {})).items()
    }


def epochs_of(stage, *, loss, val_loss, accuracy, val_accuracy, rate=1e-3, **others):
    """Return a stage's epochs from one list for each number."""
    settings = {"seconds": 1.0, "images_per_second": 800.0, "waiting_share": 0.0} | others
    return tuple(
        Epoch(stage, number, *row, rates={"head": rate}, peak_memory_mb=500.0, **settings)
        for number, row in enumerate(
            zip(loss, accuracy, val_loss, val_accuracy, strict=True), start=1
        )
    )


def outcome_of(stage, title, epochs, best, ended="all epochs done"):
    return StageOutcome(stage, title, epochs, best, "val_loss", 0.3, ended, float(epochs))


HEAD = {
    "loss": [1.2, 0.8, 0.6, 0.52, 0.5, 0.49],
    "val_loss": [1.0, 0.7, 0.6, 0.56, 0.55, 0.55],
    "accuracy": [0.6, 0.7, 0.78, 0.8, 0.81, 0.81],
    "val_accuracy": [0.65, 0.74, 0.78, 0.8, 0.81, 0.81],
}
BLOCK = {
    "loss": [0.4, 0.3, 0.22, 0.19, 0.18],
    "val_loss": [0.4, 0.33, 0.3, 0.29, 0.29],
    "accuracy": [0.85, 0.89, 0.92, 0.94, 0.94],
    "val_accuracy": [0.86, 0.88, 0.9, 0.9, 0.9],
}


def answers_of(table, sure=0.9):
    """Return judged images: ``table`` has a row of counts of answers for each true class."""
    classes, judged = CLASSES[: len(table)], []
    for label, row in zip(classes, table, strict=True):
        for answer, times in zip(classes, row, strict=True):
            rest = (1 - sure) / (len(classes) - 1)
            shares = tuple(sure if name == answer else rest for name in classes)
            judged += [
                Judged(f"{label}{answer}{number}", "test", label, answer, shares)
                for number in range(times)
            ]
    return tuple(judged)


EVENLY = [[182, 6, 6, 6], [6, 182, 6, 6], [6, 6, 182, 6], [6, 6, 6, 182]]


def healthy_run(table=EVENLY, sure=0.9, **changes):
    """A run whose history, answers and numbers of images show nothing that is wrong."""
    judged = answers_of(table, sure)
    run = Run(
        folder=Path("healthy"),
        status="complete",
        seed=0,
        recipe=healthy_recipe(),
        class_names=CLASSES[: len(table)],
        image_set=images_used(counts=counts_of(classes=CLASSES[: len(table)])),
        weights=WEIGHTS,
        environment=environment(),
        stages=(outcome_of(1, "head", 6, 5), outcome_of(2, "head + block5", 5, 5)),
        history=epochs_of(1, **HEAD) + epochs_of(2, **BLOCK, rate=3e-5),
        seconds=11.0,
        judged_on="test",
        metrics=metrics_of(judged, CLASSES[: len(table)]),
        judged=judged,
    )
    return replace(run, **changes)


def with_stage_2(outcome=None, recipe=None, **numbers):
    """Return the healthy run with another second stage; one number stands for every epoch."""
    epochs = max((len(value) for value in numbers.values() if isinstance(value, list)), default=5)
    filled = {
        name: value if isinstance(value, list) else [value] * epochs
        for name, value in ({key: each[-1] for key, each in BLOCK.items()} | numbers).items()
        if name in BLOCK
    }
    others = {name: value for name, value in numbers.items() if name not in BLOCK}
    run = healthy_run()
    return replace(
        run,
        recipe=recipe or run.recipe,
        stages=(run.stages[0], outcome or outcome_of(2, "head + block5", epochs, epochs)),
        history=run.history[:6] + epochs_of(2, **filled, **others),
    )


def metrics_of(judged, classes):
    labels = np.array([classes.index(one.label) for one in judged])
    return evaluate(labels, np.array([one.probabilities for one in judged]), classes)


def inside_of(unchanged=None, dead=None, gradients=None, loss=0.2):
    """Return what was measured in a healthy model, or else what is given."""
    from vgg_transfer.doctor.runs.insides import Gradient, Insides

    unchanged = unchanged or {"block4": 1.0, "block5": 0.0, "head": 0.0}
    sizes = {"block5": (1e-4, 0.01), "head": (1e-3, 0.05)} | (gradients or {})
    return Insides(
        unchanged=unchanged,
        distance={block: 0.1 * (1 - share) for block, share in unchanged.items()},
        images=32,
        dead=dead or {"block5_conv3": (100, 98, 512)},
        gradients={block: Gradient(*size) for block, size in sizes.items()},
        loss=loss,
    )
