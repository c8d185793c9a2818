"""How a training goes on and ends: callbacks, patience, steps of an epoch."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.recipes.steps import IDLE_PATIENCE
from vgg_transfer.doctor.scripts.story.models import Asked, Fitted, Loaded
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.doctor.scripts.values.batches import Batches
from vgg_transfer.doctor.scripts.values.choices import Callback
from vgg_transfer.doctor.scripts.values.numbers import Floored, Quotient, number
from vgg_transfer.finding import Finding, Severity

KEEPS_LAST_WEIGHTS = Entry(
    "keeps-last-weights",
    "warning",
    "Stopped early, and left with the weights of the last epoch",
    "The training stops when it has been getting worse for a while, and what is kept is that worse "
    "model, not the best one.",
    "EarlyStopping without restore_best_weights=True, and no ModelCheckpoint(save_best_only=True) "
    "whose file is read again afterwards.",
)
STOPS_ON_TRAINING = Entry(
    "stops-on-training",
    "warning",
    "What decides watches the training images",
    "Training loss falls for as long as anything is learnt by heart; it never says when to stop, "
    "to slow down or which epoch to keep.",
    "A monitor of loss or accuracy without val_, in a training that has validation images.",
)
DROPPED_IMAGES = Entry(
    "dropped-images",
    "warning",
    "Steps that leave images out",
    "Rounded down, the last images are never seen in an epoch: of validation the number is of "
    "others than it says, and with fewer images than a batch there is no step at all.",
    "steps_per_epoch and validation_steps beside the images and the batch size where both are "
    "known, and where the script divides with `//`; `drop_remainder=True` of images that a model "
    "is judged by. A note where less than a batch is left out, an error where no step is left.",
)
_TRAINING = ("loss", "accuracy", "acc", "categorical_accuracy", "sparse_categorical_accuracy")


def callbacks(story: Story) -> Iterator[Finding]:
    """Find callbacks that watch the wrong thing, keep the wrong weights, or never act."""
    told: set[Finding] = set()
    for fitted in story.all(Fitted):
        for callback in fitted.callbacks or ():
            if "**" in callback.settings:
                continue
            for finding in _of_callback(story, fitted, callback):
                if finding not in told:
                    told.add(finding)
                    yield finding


def _of_callback(story: Story, fitted: Fitted, callback: Callback) -> Iterator[Finding]:
    where, settings = story.source.where, callback.settings
    kind = callback.kind
    monitor = settings.get("monitor", "val_loss")
    validated = fitted.validation is not None or "validation_split" in fitted.settings
    if callback.decides and monitor in _TRAINING and validated:
        line = callback.lines.get("monitor", callback.line)
        yield STOPS_ON_TRAINING.found(
            where(line),
            f"{kind} on line {callback.line} watches {monitor!r}",
            f"monitor='val_{monitor}'",
        )
    restores = settings.get("restore_best_weights", False) is not False
    if kind == "EarlyStopping" and not restores and not _read_again(story, fitted):
        yield KEEPS_LAST_WEIGHTS.found(
            where(callback.line),
            f"EarlyStopping on line {callback.line} without restore_best_weights, for the "
            f"training of line {fitted.line}",
            "restore_best_weights=True",
        )
    default = {"EarlyStopping": 0, "ReduceLROnPlateau": 10}.get(kind)
    patience = number(settings.get("patience", default)) if default is not None else None
    if patience is not None and fitted.epochs is not None and patience >= fitted.epochs > 1:
        line = callback.lines.get("patience", callback.line)
        yield IDLE_PATIENCE.found(
            where(line),
            f"{kind} with patience {patience:g} on line {line}, and {fitted.epochs} epochs on line "
            f"{fitted.lines.get('epochs', fitted.line)}",
            f"patience={max(1, fitted.epochs // 3)}, or more epochs",
        )


def _read_again(story: Story, fitted: Fitted) -> bool:
    """Return whether the best weights are written, and read afterwards."""
    if fitted.callbacks is None:
        return True
    saved = any(one.keeps_best for one in fitted.callbacks)
    return saved and any(isinstance(one, Loaded) for one in story.between(fitted))


def dropped_images(story: Story) -> Iterator[Finding]:
    """Find steps that do not reach all images."""
    told: set[tuple[int, str]] = set()
    for fitted in story.all(Fitted):
        for name, data in (
            ("steps_per_epoch", fitted.data),
            ("validation_steps", fitted.validation),
        ):
            line = fitted.lines.get(name, fitted.line)
            found = _dropped(name, fitted.settings.get(name), data, fitted)
            if found is not None and (line, name) not in told:
                told.add((line, name))
                severity, seen = found
                finding = DROPPED_IMAGES.found(
                    story.source.where(line),
                    f"{name} on line {line}: {seen}",
                    f"leave {name} out: Keras goes through all images by itself",
                )
                yield replace(finding, severity=severity)


def dropped_answers(story: Story) -> Iterator[Finding]:
    """Find what does not reach all images that a model is judged by."""
    told: set[int] = set()
    for one in (*story.all(Fitted), *story.all(Asked)):
        data = one.validation if isinstance(one, Fitted) else one.data
        if isinstance(data, Batches) and data.dropping and data.dropping not in told:
            told.add(data.dropping)
            finding = DROPPED_IMAGES.found(
                story.source.where(data.dropping),
                f"drop_remainder=True on line {data.dropping} leaves the last images out that line "
                f"{one.line} judges by",
                "leave drop_remainder out of what the model is judged by",
            )
            yield replace(finding, severity="note")
    for asked in story.all(Asked):
        found = _dropped("validation_steps", asked.steps, asked.data, None)
        if found is not None and asked.steps_line not in told:
            told.add(asked.steps_line)
            severity, seen = found
            finding = DROPPED_IMAGES.found(
                story.source.where(asked.steps_line),
                f"steps of {asked.what} on line {asked.steps_line}: {seen}",
                "leave steps out: Keras goes through all images by itself",
            )
            yield replace(finding, severity=severity)


def _dropped(
    name: str, steps: Any, data: Any, fitted: Fitted | None
) -> tuple[Severity, str] | None:
    """Return how bad it is and what is left out; None where nothing is."""
    validation = name == "validation_steps"
    if isinstance(steps, Floored):
        what = "images" if steps.text in ("len", "samples", "count") else steps.text
        return ("warning" if validation else "note"), (
            f"{what} // {'batch size' if steps.by is None else f'{steps.by:g}'} leaves the last "
            "images out, and is 0 with fewer than a batch"
        )
    given = number(steps)
    if given is None:
        return None
    if isinstance(steps, Quotient) and steps and steps.whole % steps.by:
        left = steps.whole % steps.by
        return ("warning" if validation else "note"), (
            f"{steps.whole:,} // {steps.by:,} is {given:g}, which leaves {left} of them out"
        )
    if given == 0:
        return "error", "it is 0, so there is nothing to do"
    if not isinstance(data, Batches):
        return None
    batch, count = number(data.batch_size), data.pictures.count
    if batch is None and data.kind == "arrays" and fitted is not None:
        batch = number(fitted.settings.get("batch_size", 32))
    if count is None or not batch or given >= math.ceil(count / batch):
        return None
    left = count - int(given * batch)
    if left <= 0:
        return None
    mild = left < batch and not validation
    return ("note" if mild else "warning"), (
        f"{given:g} steps of {batch:g} leave {left:,} of {count:,} images out"
    )
