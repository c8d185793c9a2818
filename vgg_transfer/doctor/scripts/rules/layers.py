"""Which layers learn: those that were meant to, or others, or none."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.recipes.known import FROZEN_NOISE
from vgg_transfer.doctor.scripts.rules.ending import trained
from vgg_transfer.doctor.scripts.story.layers import Popped, Sliced, TrainableSet
from vgg_transfer.doctor.scripts.story.models import Compiled, Fitted
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.doctor.scripts.values.networks import Layer
from vgg_transfer.finding import Finding, Severity
from vgg_transfer.words import counted, listed

POPPED_LAYERS = Entry(
    "popped-layers",
    "error",
    "Layers that are popped and stay",
    "`model.layers` is a list that Keras makes for whoever asks: taking something out of it "
    "changes nothing, so the network is as deep as before.",
    "A call of `pop`, `remove` or the like on `layers` of a model, or `del` of one of them.",
)
COUNTED_LAYERS = Entry(
    "counted-layers",
    "warning",
    "Layers counted from the end that are not the ones that were meant",
    "Pooling, flatten, dropout and the script's own head count too, so fewer convolutions learn "
    "than the number says, or none.",
    "The layers in a slice or at an index from the end whose `trainable` is set, where they cut "
    "through a block or leave it out. An error where nothing new learns; a note where only a layer "
    "without weights is counted.",
)
LATE_TRAINABLE = Entry(
    "trainable-after-compile",
    "error",
    "`trainable` is set after a training, and the model not compiled again",
    "What learns is decided when the first training after `compile` begins; a later change has no "
    "effect, silently, until the model is compiled again.",
    "Layers with weights whose `trainable` is another at a `fit` than it was at the first one "
    "after the last `compile`. What Keras 2 makes of a change before the first `fit` is not said.",
)
NEVER_UNFROZEN = Entry(
    "never-unfrozen",
    "warning",
    "A second training that unfreezes nothing",
    "It is announced as fine-tuning, and goes on with the same layers as before: the network stays "
    "what ImageNet made it.",
    "Two trainings of one model, the second compiled anew at another rate, with the same layers "
    "learning and a base that is frozen whole; and a comment or a name that speaks of fine-tuning, "
    "or a `trainable = True` that reaches nothing.",
)


def popped_layers(story: Story) -> Iterator[Finding]:
    """Find layers that are taken out of a copy."""
    for event in story.all(Popped):
        model = event.model
        name = model.network or model.name or f"the model of line {model.line}"
        yield POPPED_LAYERS.found(
            story.source.where(event.line),
            f"{event.text} on line {event.line} takes nothing out of {name}",
            "end at the layer that is meant: Model(base.input, "
            "base.get_layer('block4_pool').output)",
        )


def counted_layers(story: Story) -> Iterator[Finding]:
    """Find slices from the end that count what was not meant."""
    for event, sets in _taken(story):
        found = _judged(event, sets)
        if found is not None:
            severity, why = found
            finding = COUNTED_LAYERS.found(
                story.source.where(event.line),
                f"{event.text} on line {event.line} are {_shown(event.layers)}: {why}",
                "name what is to learn: layer.trainable = layer.name.startswith('block5')",
            )
            yield replace(finding, severity=severity)


def _taken(story: Story) -> Iterable[tuple[Sliced, list[TrainableSet]]]:
    """Return what is taken from the end and set; what a loop takes one by one is one thing."""
    found: dict[tuple[int, ...], tuple[Sliced, list[TrainableSet]]] = {}
    for number, event in enumerate(story.events):
        sets = _settings_of(story, number, event) if isinstance(event, Sliced) else []
        if not sets:
            continue
        single = len(event.layers) == 1
        key = (event.line, id(event.model)) if single else (number,)
        before, others = found.get(key, (event, []))
        more = () if event.layers[0] in before.layers else before.layers
        found[key] = replace(event, layers=(*event.layers, *more)), [*others, *sets]
    return found.values()


def _settings_of(story: Story, number: int, event: Sliced) -> list[TrainableSet]:
    """Return what is set of the layers of a slice before it is used for something else."""
    chosen = set(event.layers)
    found: list[TrainableSet] = []
    for one in story.events[number + 1 : number + 1000]:
        if isinstance(one, TrainableSet) and set(one.layers) <= chosen:
            found.append(one)
        elif isinstance(one, Compiled | Fitted | Sliced) or found:
            break
    return found


def _judged(event: Sliced, sets: list[TrainableSet]) -> tuple[Severity, str] | None:
    """Return how bad it is and why; None where the count is right."""
    value = sets[0].value
    if not isinstance(value, bool):
        return None
    last = event.rest if value is False and event.ends else event.layers
    if value is False and not event.ends:
        return None
    bases = event.model.bases
    if not bases or any(base.opaque for base in bases):
        return None
    theirs = [one for one in last if one.owner in bases]
    own = [one for one in last if one not in theirs]
    convolutions = [one for one in theirs if one.has_weights]
    if any(one.model is not None for one in own):
        return None
    whole = {_block(one) for one in convolutions}
    all_of = [
        one for base in bases for one in base.layers if one.has_weights and _block(one) in whole
    ]
    if not convolutions:
        if not theirs and any(not _was(one, sets) for one in own):
            return None  # The script's own head is meant.
        if value and not [one for one in own if one.has_weights and not _was(one, sets)]:
            return "error", "none of them is a convolution, so nothing new learns"
        weightless = [one for one in theirs if not one.has_weights]
        if value is False and not weightless:
            return None
        return "warning", "none of them is a convolution of the base"
    if own and len(all_of) != len(convolutions):
        said = f"{len(own)} of them are the script's own, and {_shown(convolutions)} of the base"
        return "warning", f"{said} {'learns' if len(convolutions) == 1 else 'learn'}"
    first = last[0]
    if not own and not first.has_weights and len(last) > 1:
        count = sum(not one.has_weights for one in last)
        return "note", f"{count} of them have no weights, so {len(convolutions)} layers learn"
    return None


def _was(layer: Layer, sets: list[TrainableSet]) -> bool:
    """Return whether a layer learnt already before it was set."""
    for event in sets:
        for one, before in zip(event.layers, event.before, strict=True):
            if one is layer:
                return before is True
    return True


def _block(layer: Layer) -> str:
    return layer.name.partition("_")[0]


def _shown(layers: "tuple[Layer, ...] | list[Layer]") -> str:
    return listed([one.shown for one in layers], most=8, quoted=False)


def late_trainable(story: Story) -> Iterator[Finding]:
    """Find layers that are frozen or unfrozen when it is too late."""
    told: set[int] = set()
    for fitted, compiled in trained(story):
        if not (fitted.sure and compiled.sure) or fitted.model.uncertain:
            continue
        moved = {
            layer
            for layer, now in fitted.trains.items()
            if isinstance(now, bool) and compiled.trains.get(layer, now) is (not now)
        }
        moved |= {
            layer
            for layer, now in fitted.own.items()
            if isinstance(now, bool) and compiled.own.get(layer, now) is (not now)
        }
        if not moved:
            continue
        since = story.between(compiled.begun[0], fitted)
        late = [one for one in since if isinstance(one, TrainableSet) and moved & _reach(one)]
        if late and late[0].line not in told:
            told.add(late[0].line)
            what = "unfrozen" if late[0].value is True else "frozen"
            be = "is" if len(moved) == 1 else "are"
            yield LATE_TRAINABLE.found(
                story.source.where(late[0].line),
                f"{counted(len(moved), 'layer')} with weights {be} {what} on line {late[0].line}, "
                f"{_apart(compiled, fitted)}; the model was compiled on line {compiled.line}",
                "compile the model after that line, before fit",
            )


def _apart(compiled: Compiled, fitted: Fitted) -> str:
    """Return between which trainings it is, in a helper by the lines that call it."""
    first = compiled.begun[0]
    if first.line != fitted.line:
        return f"between the trainings of lines {first.line} and {fitted.line}"
    if first.statement != fitted.statement:
        return f"between the trainings of lines {first.statement} and {fitted.statement}"
    return f"between trainings of line {fitted.line}"


def _reach(event: TrainableSet) -> set[Layer]:
    return set(event.layers)


def frozen_noise(story: Story) -> Iterator[Finding]:
    """Find a base that starts at random and is frozen."""
    for fitted, compiled in trained(story):
        for base in fitted.model.bases:
            if base.weights is not None or base.loaded or base.uncertain or fitted.model.loaded:
                continue
            theirs = [value for layer, value in compiled.trains.items() if layer.owner is base]
            ever = [one.trains for one in story.all(Compiled) if one.model is fitted.model]
            learns = any(
                value is not False
                for trains in ever
                for layer, value in trains.items()
                if layer.owner is base
            )
            if theirs and not learns:
                line = _frozen_at(story, base.layers, base.line)
                yield FROZEN_NOISE.found(
                    story.source.where(line),
                    f"{base.network} of line {base.line} has weights=None, and is frozen on line "
                    f"{line}: the head learns from noise",
                    "weights='imagenet', or let the base learn",
                )


def _frozen_at(story: Story, layers: list[Layer], otherwise: int) -> int:
    mine = set(layers)
    lines = [
        one.line for one in story.all(TrainableSet) if one.value is False and mine & set(one.layers)
    ]
    return lines[0] if lines else otherwise


def never_unfrozen(story: Story) -> Iterator[Finding]:
    """Find a second phase of a training in which nothing new learns."""
    fits = list(trained(story))
    counted = {one.where for one in counted_layers(story) if one.severity != "note"}
    for (first, one), (second, two) in pairwise(fits):
        same = first.model is second.model or second.model.taught is first.model
        if not same or one is two or second.model.uncertain:
            continue
        base = second.model.base
        if base is None or base.weights is None or not (first.sure and second.sure):
            continue
        theirs = [value for layer, value in two.trains.items() if layer.owner is base]
        if not theirs or any(value is not False for value in theirs):
            continue
        if counted.intersection(map(story.source.where, range(first.line, second.line))):
            continue
        since = story.between(first, second)
        tried = [one for one in since if isinstance(one, TrainableSet) and one.value is True]
        hint = _hint(story, first.statement, second.statement)
        late = any(value is True for layer, value in second.trains.items() if layer.owner is base)
        if (tried or hint) and not late:
            seen = (
                f"{base.network} is frozen whole when line {two.line} compiles for the training of "
                f"line {second.line}"
            )
            more = f", although line {hint} speaks of fine-tuning" if hint else ""
            yield NEVER_UNFROZEN.found(
                story.source.where(tried[0].line if tried else two.line),
                seen + more,
                "set trainable = True of what is to learn, the model that holds it too, before "
                "that compile",
            )


def _hint(story: Story, after: int, until: int) -> int:
    """Return the first line between two that speaks of fine-tuning; 0 where none does."""
    for number in range(after, min(until, len(story.source.lines)) + 1):
        text = story.source.lines[number - 1].lower().replace("-", "").replace("_", "")
        if "finetun" in text.replace(" ", "") or "unfreez" in text:
            return number
    return 0
