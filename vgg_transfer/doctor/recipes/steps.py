"""Whether a stage can get somewhere and end well: batches, patience, validation images."""

import math
from collections.abc import Iterator

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.recipes.case import RecipeCase
from vgg_transfer.finding import Finding
from vgg_transfer.recipe.stage import PlateauPlan
from vgg_transfer.words import counted

_SMALLEST_BATCH = 8
_NOISY = 0.01

ONE_STEP = Entry(
    "one-step",
    "warning",
    "A batch as large as all training images",
    "Every epoch is then a single step, and a training of ten epochs is over after ten of them.",
    "batch_size against the number of training images.",
)
SMALL_NORM = Entry(
    "small-norm",
    "warning",
    "Batch norm in the head on small batches",
    "Each unit is measured on as many numbers as a batch has images, so that in small batches what "
    "an image becomes depends mostly on which others are beside it.",
    f"batch_size below {_SMALLEST_BATCH} with head.batch_norm: the mean of 8 numbers is off by "
    "more than a third of their deviation (1 / root of 8).",
)
IDLE_PATIENCE = Entry(
    "idle-patience",
    "note",
    "Patience that cannot run out",
    "The setting does nothing: the stage ends before its patience could.",
    "patience against the epochs of its stage, for stopping and for a plateau plan.",
)
NO_VALIDATION = Entry(
    "no-validation",
    "error",
    "No validation images",
    "Nothing says when to stop and which epoch to keep; a training cannot begin.",
    "The number of images in the validation split.",
)
LUCKY_EPOCH = Entry(
    "lucky-epoch",
    "note",
    "One epoch is picked by few validation images",
    "At a constant rate the epochs differ by chance, and the best of them on few images is a lucky "
    "one: the number that chose it flatters, and another seed picks another.",
    'keep = "best" in a stage that trains blocks at a constant rate, where an accuracy of 95% has '
    "a standard error of a point or more: fewer than 475 validation images.",
)


def one_step(case: RecipeCase) -> Iterator[Finding]:
    """Find batches that take all training images at once."""
    images = case.images("train")
    for number, stage in case.learning:
        if images and case.batch_size(stage) >= images > 1:
            yield ONE_STEP.found(
                f"stage {number}",
                f"batches of {case.batch_size(stage)} from "
                f"{counted(images, 'training image', ',')}: {counted(stage.epochs, 'step')} in "
                f"{counted(stage.epochs, 'epoch')}",
                f"--set stage.{number}.batch_size={2 ** int(math.log2(max(images / 16, 1)))}",
            )


def small_norm(case: RecipeCase) -> Iterator[Finding]:
    """Find batch norm of a head that trains on small batches."""
    for number, stage in case.learning:
        batch = case.batch_size(stage)
        if case.recipe.head.batch_norm and "head" in stage.train and batch < _SMALLEST_BATCH:
            yield SMALL_NORM.found(
                f"stage {number}",
                f"head.batch_norm and batches of {counted(batch, 'image')}",
                f"--set stage.{number}.batch_size=32, or --set head.batch_norm=false",
            )


def idle_patience(case: RecipeCase) -> Iterator[Finding]:
    """Find patience of a stage that ends before it could run out."""
    for number, stage in case.learning:
        patient = {"stopping": stage.stopping.patience} if stage.stopping else {}
        if isinstance(stage.plan, PlateauPlan):
            patient["plan"] = stage.plan.patience
        for name, patience in patient.items():
            if patience >= stage.epochs:
                yield IDLE_PATIENCE.found(
                    f"stage {number}",
                    f"{name}.patience = {patience} in a stage of {counted(stage.epochs, 'epoch')}",
                    f"--set stage.{number}.{name}.patience={max(1, stage.epochs // 3)}, or more "
                    "epochs",
                )


def no_validation(case: RecipeCase) -> Iterator[Finding]:
    """Find an image set with images to train on and none to validate on."""
    if case.images("val") == 0 and case.images("train"):
        yield NO_VALIDATION.found(
            "images",
            f"0 validation images beside "
            f"{counted(case.images('train') or 0, 'training image', ',')}",
            "hold some back: --val 0.15",
        )


def lucky_epoch(case: RecipeCase) -> Iterator[Finding]:
    """Find stages whose best epoch is a matter of luck."""
    images = case.images("val")
    for number, stage in case.learning:
        constant = stage.plan.kind == "constant" and stage.keep == "best" and stage.epochs > 1
        error = math.sqrt(0.95 * 0.05 / images) if images else 0.0
        if constant and case.opened(stage) and error >= _NOISY:
            yield LUCKY_EPOCH.found(
                f"stage {number}",
                f"the best of {stage.epochs} epochs at a constant rate on "
                f"{counted(images or 0, 'validation image', ',')}, on which 95% is known to "
                f"±{100 * error:.1f} points (standard error)",
                f"let the rate fall and keep the last epoch: --set stage.{number}.plan.kind=cosine "
                f"--set stage.{number}.keep=last",
            )
