"""Rates and optimizers: whether what trains can learn at this rate, and keeps what it learnt."""

from collections.abc import Iterator
from itertools import pairwise

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.recipes.base import DYING_SIGNAL
from vgg_transfer.doctor.recipes.case import GRADIENTS_SCALED
from vgg_transfer.doctor.recipes.rates import HIGH_RATE
from vgg_transfer.doctor.scripts.rules.ending import trained
from vgg_transfer.doctor.scripts.story.models import Compiled, Fitted, Loaded
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.doctor.scripts.values.choices import Optimizer
from vgg_transfer.doctor.scripts.values.numbers import number
from vgg_transfer.finding import Finding

LOW_RATE = Entry(
    "low-rate",
    "warning",
    "A rate at which nothing is learnt in this time",
    "A head begins at random; steps this small leave it there for as long as the training lasts.",
    "Random weights (a new head, or a network of one's own) that train for the first time with "
    "adam, adamw or rmsprop below 5e-6, or with sgd below 1e-5.",
)
LOST_OPTIMIZER = Entry(
    "lost-optimizer",
    "note",
    "Compiled again for nothing",
    "A new optimizer forgets its moments and how many steps it took; the training jumps where it "
    "could have gone on.",
    "A model that was trained is compiled again with the same optimizer, rate, loss and metrics, "
    "the same layers learning, and trained again.",
)
# As far as a pretrained weight is large in 20 steps, as for recipes.
HIGHEST_PRETRAINED = 0.0085 / 20
_HIGHEST_AT_ALL = 0.03
_HIGHEST_SGD = 1.0
_DEEP = 10
_STUCK = 9e-4


def rates(story: Story) -> Iterator[Finding]:
    """Find rates far too high or too low for what trains."""
    told: set[int] = set()
    begun: dict[int, bool] = {}
    for fitted, compiled in trained(story):
        optimizer = compiled.optimizer
        first = not begun.get(id(fitted.model), False)
        begun[id(fitted.model)] = True
        if optimizer is None or not fitted.sure or fitted.model.uncertain or fitted.model.loaded:
            continue
        rate = number(optimizer.rate)
        if rate is None or optimizer.settings.get("changed") or optimizer.rate_line in told:
            continue
        if any(one.kind == "LearningRateScheduler" for one in fitted.callbacks or ()):
            continue
        found = _too_high(story, optimizer, rate, compiled) or _too_low(
            story, optimizer, rate, compiled, first
        )
        if found is not None:
            told.add(optimizer.rate_line)
            yield found


def _too_high(
    story: Story, optimizer: Optimizer, rate: float, compiled: Compiled
) -> Finding | None:
    base = compiled.model.base
    scaled = optimizer.kind in (*GRADIENTS_SCALED, "adamax", "nadam")
    learning = [layer for layer, value in compiled.trains.items() if value is True]
    theirs = [layer for layer in learning if base is not None and layer.owner is base]
    momentum = number(optimizer.settings.get("momentum", 0.0)) or 0.0
    what, limit = "", 0.0
    if theirs and base is not None and base.weights == "imagenet":
        limit = HIGHEST_PRETRAINED if scaled else 0.1 * (1 - momentum)
        what = f"{len(theirs)} layers of {base.network} with ImageNet weights"
        if base.opaque:
            what = f"{base.network} with ImageNet weights"
    if not limit:
        limit = _HIGHEST_AT_ALL if scaled else _HIGHEST_SGD * (1 - momentum)
        what = f"{len(learning)} layers"
    if not learning or optimizer.kind not in (*GRADIENTS_SCALED, "sgd", "adamax", "nadam"):
        return None
    if rate <= limit * (1 + 1e-9):
        return None
    by = ", which is its default," if optimizer.by_default else ""
    lower = "1e-5" if theirs and scaled else "1e-3" if scaled else "1e-3 with momentum 0.9"
    return HIGH_RATE.found(
        story.source.where(optimizer.rate_line),
        f"{optimizer.kind} at {rate:g}{by} trains {what}",
        f"learning_rate={lower}",
    )


def dying_signal(story: Story) -> Iterator[Finding]:
    """Find a VGG from random weights, without batch norm, at a rate at which it does not move."""
    told: set[int] = set()
    for fitted, compiled in trained(story):
        base, optimizer = fitted.model.base, compiled.optimizer
        if base is None or optimizer is None or base.weights is not None or base.loaded:
            continue
        learning = [one for one, value in compiled.trains.items() if value is True]
        deep = len([one for one in learning if one.owner is base]) >= _DEEP
        rate = number(optimizer.rate)
        fast = rate is not None and rate > _STUCK and optimizer.kind in GRADIENTS_SCALED
        plain = base.network.startswith("VGG") and not fitted.model.uncertain
        if deep and fast and plain and optimizer.rate_line not in told:
            told.add(optimizer.rate_line)
            by = ", which is its default," if optimizer.by_default else ""
            yield DYING_SIGNAL.found(
                story.source.where(optimizer.rate_line),
                f"{optimizer.kind} at {rate:g}{by} trains {base.network} of line {base.line} from "
                "random weights without batch norm, and seldom moves it",
                "learning_rate=1e-4, or weights='imagenet'",
            )


def _too_low(
    story: Story, optimizer: Optimizer, rate: float, compiled: Compiled, first: bool
) -> Finding | None:
    base = compiled.model.base
    learning = [layer for layer, value in compiled.trains.items() if value is not False]
    pretrained = [
        one for one in learning if one.owner is not None and one.owner.weights is not None
    ]
    if not first or pretrained or not learning or (base is not None and base.loaded):
        return None
    scaled = optimizer.kind in GRADIENTS_SCALED
    if rate >= (5e-6 if scaled else 1e-5) or rate < 0:
        return None
    return LOW_RATE.found(
        story.source.where(optimizer.rate_line),
        f"{optimizer.kind} at {rate:g} trains weights that begin at random",
        f"learning_rate={'1e-3' if scaled else '1e-2'}",
    )


def lost_optimizer(story: Story) -> Iterator[Finding]:
    """Find a second compile that changes nothing."""
    fits = [one for one in story.all(Fitted) if one.compiled is not None]
    for first, second in pairwise(fits):
        one, two = first.compiled, second.compiled
        same = first.model is second.model and one is not two
        if (
            not same
            or one.optimizer is None
            or two.optimizer is None
            or not (one.sure and two.sure)
        ):
            continue
        if number(one.optimizer.rate) is None or one.optimizer is two.optimizer:
            continue
        since = story.between(first, second)
        if any(isinstance(event, Loaded) and event.model is first.model for event in since):
            continue
        if _what(one) == _what(two) and one.trains == two.trains:
            yield LOST_OPTIMIZER.found(
                story.source.where(two.line),
                f"line {two.line} compiles as line {one.line} did ({two.optimizer.kind} at "
                f"{two.optimizer.rate:g}), between the trainings of lines {first.line} and "
                f"{second.line}",
                "leave that compile out, and fit on: initial_epoch says where",
            )


def _what(compiled: Compiled) -> tuple[object, ...]:
    optimizer, loss = compiled.optimizer, compiled.loss
    return (
        None if optimizer is None else (optimizer.kind, optimizer.rate),
        None if loss is None else (loss.kind, loss.from_logits),
        tuple(map(str, compiled.metrics)),
    )
