"""Whether pixels are what the weights know, and the same for all images."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.recipes.base import SMALL_INPUT
from vgg_transfer.doctor.recipes.known import FOREIGN_PREPROCESSING
from vgg_transfer.doctor.scripts.keras.applications import APPLICATIONS
from vgg_transfer.doctor.scripts.keras.applying import steps_before
from vgg_transfer.doctor.scripts.story.models import Asked, Fitted
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.doctor.scripts.values.batches import Batches
from vgg_transfer.doctor.scripts.values.networks import Model
from vgg_transfer.doctor.scripts.values.pictures import IN_WORDS, Step, state_of
from vgg_transfer.finding import Finding

MISSING_PREPROCESSING = Entry(
    "missing-preprocessing",
    "warning",
    "Pixels as they are, for weights that know others",
    "The ImageNet weights expect pixels less their mean, in an order or a range of their own; what "
    "they make of others is a faint picture of what they know.",
    "Images whose pixels go from 0 to 255 as far as the script says where they come from, with "
    "nothing done to them in the generator, in a map or in the model, and weights='imagenet'.",
)
DOUBLED_PREPROCESSING = Entry(
    "doubled-preprocessing",
    "error",
    "Pixels that are prepared twice",
    "What expects pixels from 0 to 255 gets them from 0 to 1: all pictures look alike, nearly "
    "black.",
    "Two steps to the same pixels that each expect 0 to 255: in the generator, in a map or in the "
    "model, or in a network that prepares them itself.",
)
UNEVEN_PREPROCESSING = Entry(
    "uneven-preprocessing",
    "error",
    "Training images and others are prepared differently",
    "The model is judged on pixels such as it has never seen; the number says nothing about what "
    "it learnt.",
    "What is done to the pixels of the training beside what is done to those of validation, of "
    "evaluate and of predict.",
)
AUGMENTED_VALIDATION = Entry(
    "augmented-validation",
    "warning",
    "Validation images that are changed at random",
    "The number is another one each time, and of pictures that nobody will ask about: it is no "
    "measure of what the model is worth, and stopping follows its noise.",
    "Random changes to images of validation_data, evaluate or predict.",
)
_ENLARGING = 3
_LEAST = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71}
_RIGHT = {
    "bgr": "use {module}.preprocess_input on pixels from 0 to 255",
    "signed": "use {module}.preprocess_input, or bring pixels to -1..1",
    "torch": "use {module}.preprocess_input",
    "raw": "give pixels from 0 to 255: {network} prepares them itself",
}


def preprocessing(story: Story) -> Iterator[Finding]:
    """Find pixels that nothing, too much or the wrong thing is done to."""
    told: set[Finding] = set()
    for fitted in story.all(Fitted):
        if not isinstance(fitted.data, Batches) or not fitted.sure:
            continue
        for finding in _of_training(story, fitted.model, fitted.data):
            if finding not in told:
                told.add(finding)
                yield finding


def _of_training(story: Story, model: Model, data: Batches) -> Iterator[Finding]:
    where = story.source.where
    known = not model.uncertain and model.kind != "loaded"
    steps = (*data.pictures.steps, *(steps_before(model) if known else ()))
    twice = _second(steps)
    base = model.base
    if twice is not None:
        first, second = twice
        yield DOUBLED_PREPROCESSING.found(
            where(second.line),
            f"pixels are prepared on line {first.line} and once more on line {second.line}",
            "leave one of them out",
        )
        return
    if base is None or not known or base.weights != "imagenet" or base.uncertain:
        return
    expected = APPLICATIONS[base.network]
    if not data.pictures.known and not steps:
        return
    state = state_of("raw", steps)
    module, network = expected.module, base.network
    right = _RIGHT[expected.pixels].format(module=module, network=network)
    if state == "raw" and expected.pixels != "raw" and data.pictures.known:
        yield MISSING_PREPROCESSING.found(
            where(data.maker or base.line),
            f"pixels of line {data.maker or data.line} reach {network} of line {base.line} from 0 "
            "to 255 as they are",
            right,
        )
    elif state in IN_WORDS and expected.pixels == "raw":
        yield DOUBLED_PREPROCESSING.found(
            where(steps[-1].line),
            f"pixels {IN_WORDS[state]} after line {steps[-1].line}, and {network} of line "
            f"{base.line} prepares pixels from 0 to 255 itself",
            right,
        )
    elif state == "standardized" and expected.pixels != "bgr":
        return  # Nearly what these know.
    elif state in IN_WORDS and state != expected.pixels:
        yield FOREIGN_PREPROCESSING.found(
            where(steps[-1].line),
            f"pixels {IN_WORDS[state]} after line {steps[-1].line}; the weights of {network} on "
            f"line {base.line} were trained with others",
            right,
        )


def _second(steps: tuple[Step, ...]) -> tuple[Step, Step] | None:
    """Return a step that expects 0..255, and an earlier one that left something else."""
    first: Step | None = None
    for step in steps:
        scales = step.kind == "times" and step.amount is not None and 0.003 < step.amount < 0.0101
        if scales or step.kind == "preprocess":
            if first is not None:
                return first, step
            first = step
        elif step.kind == "other-numbers":
            return None
        elif step.kind == "times" and (step.amount or 0) > 100:
            first = None
    return None


def uneven(story: Story) -> Iterator[Finding]:
    """Find images that are judged by, and are prepared otherwise than those learnt from."""
    told: set[str] = set()
    for fitted, data, what, line in _judging(story):
        mine, theirs = fitted.data.pictures, data.pictures
        if not _comparable(mine, theirs):
            continue
        if any(one.kind == "other-numbers" for each in (mine, theirs) for one in each.steps):
            continue
        if mine.way != theirs.way and not _alike(mine.steps, theirs.steps):
            place = story.source.where(data.maker or line)
            if place in told:
                continue
            told.add(place)
            yield UNEVEN_PREPROCESSING.found(
                place,
                f"training images are {_done(mine.steps)}, those of {what} {_done(theirs.steps)}",
                "do the same to both",
            )


def _alike(first: tuple[Step, ...], second: tuple[Step, ...]) -> bool:
    """Return whether two ways lead to the same pixels: x / 127.5 - 1 and (x - 127.5) / 127.5."""
    states = {state_of("raw", first), state_of("raw", second)}
    return len(states) == 1 and not states & {"unknown", "range", "centred", "standardized"}


def _comparable(mine: Any, theirs: Any) -> bool:
    """Return whether it is known of both alike what they were before."""
    if mine.known and theirs.known:
        return True
    if mine.known or theirs.known:
        return False
    if mine.steps and theirs.steps:
        return True
    return mine.alike is not None and mine.alike == theirs.alike


def _done(steps: tuple[Step, ...]) -> str:
    if not steps:
        return "left as they are"
    lines = ", ".join(str(one) for one in dict.fromkeys(step.line for step in steps))
    return f"prepared on line {lines}"


def _judging(story: Story) -> Iterator[tuple[Fitted, Batches, str, int]]:
    """Yield images that a model is judged by or asked about, each with a training of it."""
    last: dict[Model, Fitted] = {}
    for event in story.events:
        if isinstance(event, Fitted) and isinstance(event.data, Batches):
            last[event.model] = event
            if isinstance(event.validation, Batches):
                line = event.lines.get("validation_data", event.line)
                yield event, event.validation, "validation", line
        elif isinstance(event, Asked) and isinstance(event.data, Batches) and event.model in last:
            yield last[event.model], event.data, event.what, event.line


def augmented_validation(story: Story) -> Iterator[Finding]:
    """Find random changes to images that a model is judged by."""
    told: set[int] = set()
    for fitted, data, what, _ in _judging(story):
        line = data.pictures.augmented
        if not line or data.pictures.origin == fitted.data.pictures.origin:
            continue
        shared = data.maker and data.maker == fitted.data.maker
        place = data.line if shared else line
        if place not in told:
            told.add(place)
            yield AUGMENTED_VALIDATION.found(
                story.source.where(place),
                f"images of {what} from line {data.line} are changed at random by line {line}",
                "give validation a generator of its own, without random changes",
            )


def small_input(story: Story) -> Iterator[Finding]:
    """Find images that leave the last block of published weights mostly padding."""
    told: set[int] = set()
    for fitted in story.all(Fitted):
        base = fitted.model.base
        if base is None or base.weights is None or base.loaded or fitted.model.uncertain:
            continue
        data = fitted.data.pictures.size if isinstance(fitted.data, Batches) else None
        size = base.size or data
        blocks = 5
        if base.network.startswith("VGG"):
            used = [
                one.name for one in fitted.model.all_layers if one.owner is base and one.has_weights
            ]
            blocks = max((int(name[5]) for name in used if name.startswith("block")), default=5)
        if size is None or base.line in told or _resized(fitted.model):
            continue
        least = _LEAST.get(base.network, 32)
        line = base.lines.get("input_shape", base.line)
        side = size // 2 ** (blocks - 1)
        if size < least or side < _ENLARGING:
            told.add(base.line)
            enough = max(least, _ENLARGING * 2 ** (blocks - 1))
            found = SMALL_INPUT.found(
                story.source.where(line),
                f"images of {size} px on line {line}: the last block of {base.network} sees maps "
                f"of {side} x {side} pixels",
                f"enlarge the images, to {enough} px at least, or end the base at a lower block",
            )
            yield replace(found, severity="error") if size < least else found


def _resized(model: Model) -> bool:
    return any(layer.kind in ("Resizing", "UpSampling2D", "Lambda") for layer in model.before)
