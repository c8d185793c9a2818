"""Whether a model is judged by images that had no part in making it, and by their own labels."""

from collections.abc import Iterator
from typing import Any

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.scripts.data.splits import split_of
from vgg_transfer.doctor.scripts.story.models import Asked, Fitted, Matched
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.doctor.scripts.values.batches import Batches
from vgg_transfer.doctor.scripts.values.origins import holds, shares
from vgg_transfer.finding import Finding

SHUFFLED_PREDICTIONS = Entry(
    "shuffled-predictions",
    "error",
    "Predictions laid beside labels in another order",
    "The images come in a random order and the labels in that of the files, so each answer is held "
    "against the label of another picture.",
    "Predictions of a generator or a data set that shuffles, beside its classes, file names or "
    "labels: in a report, a matrix, a table or a comparison.",
)
TESTED_WHILE_TRAINING = Entry(
    "tested-while-training",
    "warning",
    "Test images that the training is steered by",
    "What chose the epoch, the rate or the end is no independent judge any more; the number "
    "flatters.",
    "validation_data that are the test images by their folder, their data set or their name, "
    "where a callback watches them or the model is judged by the same images afterwards.",
)
LEARNS_FROM_VALIDATION = Entry(
    "learns-from-validation",
    "error",
    "Training and validation are the same images",
    "The model is asked about what it learnt by heart, so validation says nothing.",
    "The images of the training and of validation_data come from one place; or the training takes "
    "those that are named validation.",
)


def shuffled_predictions(story: Story) -> Iterator[Finding]:
    """Find predictions that are matched by an order that they do not have."""
    told: set[int] = set()
    for event in story.all(Matched):
        data = event.asked.data
        if not isinstance(data, Batches) or data.pictures.origin != event.labels.pictures.origin:
            continue
        if data.shuffled is not True or data.line in told:
            continue
        told.add(data.line)
        place = data.shuffled_line or data.line
        yield SHUFFLED_PREDICTIONS.found(
            story.source.where(place),
            f"line {place} shuffles, line {event.asked.line} predicts, and line {event.line} lays "
            "labels beside it in their own order",
            "shuffle=False of what is predicted",
        )


def judges(story: Story) -> Iterator[Finding]:
    """Find validation images that are test images, or those that are learnt from."""
    told: set[tuple[str, int]] = set()
    fits = [one for one in story.all(Fitted) if isinstance(one.data, Batches)]
    for event in fits:
        found = _same(story, event) or _tested(story, event)
        if found is not None and (found.code, event.line) not in told:
            told.add((found.code, event.line))
            yield found


def _same(story: Story, fitted: Fitted) -> Finding | None:
    """Return that the images of a training and of its validation are the same, or some of them."""
    data, validation = fitted.data.pictures, fitted.validation
    theirs = validation.pictures if isinstance(validation, Batches) else None
    argument, remedy = "x", "train with the training images"
    if theirs is None:
        return None
    if theirs.origin == data.origin:
        seen = "which are validation_data too"
    elif holds(data.origin, theirs.origin):
        seen = "and validation_data are a part of them"
    elif shares(data.origin, theirs.origin):
        seen = "and some of them are in validation_data too"
    elif holds(theirs.origin, data.origin):
        seen = "which are a part of validation_data"
        argument, remedy = "validation_data", "validate with images that are not learnt from"
    elif data.split == "val" and theirs.split not in ("val", ""):
        seen = "which are the validation images by name"
    else:
        return None
    return LEARNS_FROM_VALIDATION.found(
        story.source.where(fitted.lines.get(argument, fitted.line)),
        f"line {fitted.line} learns from {_named(data)}, {seen}",
        remedy,
    )


def _tested(story: Story, fitted: Fitted) -> Finding | None:
    validation = fitted.validation
    if not isinstance(validation, Batches):
        return None
    pictures = validation.pictures
    if pictures.split != "test" and split_of(pictures.name) != "test":
        return None
    watched = [
        one
        for one in fitted.callbacks or ()
        if one.decides and str(one.settings.get("monitor", "val_loss")).startswith("val")
    ]
    judged = [
        one
        for one in story.between(fitted)
        if isinstance(one, Asked)
        and isinstance(one.data, Batches)
        and one.data.pictures.origin == pictures.origin
    ]
    if not watched and not judged:
        return None
    why = (
        f"line {judged[0].line} judges the model by them"
        if judged
        else f"{watched[0].kind} of line {watched[0].line} watches them"
    )
    line = fitted.lines.get("validation_data", fitted.line)
    return TESTED_WHILE_TRAINING.found(
        story.source.where(line),
        f"validation_data on line {line} are {_named(pictures)}, and {why}",
        "hold a part of the training images back for validation: validation_split=0.15",
    )


def _named(pictures: Any) -> str:
    if pictures.name:
        return str(pictures.name)
    kind = {
        "test": "the test images",
        "val": "the validation images",
        "train": "the training images",
    }
    return f"{kind.get(pictures.split, 'the images')} of line {pictures.line}"
