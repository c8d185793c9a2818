"""What the model shows that its record does not: still blocks, dead units, gradients."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.runs.course import SURE, courses
from vgg_transfer.evaluation.intervals import difference_of_shares
from vgg_transfer.finding import Finding
from vgg_transfer.recipe import Stage
from vgg_transfer.run import Run

if TYPE_CHECKING:
    from vgg_transfer.doctor.runs.insides import Insides

_STILL = 0.99
_MANY_DEAD = 0.10
_FEWEST = 30
_EPSILON = 1e-7
_ROUNDING = 2.0**-24

STILL_BLOCK = Entry(
    "still-block",
    "warning",
    "A block that was to train and did not move",
    "The stage took its time and changed nothing: the rate is so small that steps are lost in "
    "rounding, or no gradient arrives.",
    f"{_STILL:.0%} of the block's kernels are what they began as, bit for bit, although a stage "
    "that trains it left weights of its own.",
)
MOVED_FROZEN = Entry(
    "moved-frozen",
    "error",
    "A block that was frozen and moved",
    "Stored activations are of other weights than the model has, so that nothing that was measured "
    "on them holds.",
    "A kernel of a block that no stage trained differs from the starting weights.",
)
DEAD_UNITS = Entry(
    "dead-units",
    "warning",
    "Units that have died",
    "A ReLU that answers to no picture gets no gradient either: it never comes back, and the "
    "network has grown smaller.",
    f"Units of a layer that are 0 for each of 32 training images ({_FEWEST} at least), less those "
    f"that were with the starting weights: more than {_MANY_DEAD:.0%} of the layer (the lower end "
    f"of a {SURE:.1%} interval).",
)
VANISHING = Entry(
    "vanishing-gradients",
    "warning",
    "Gradients that do not reach a block",
    "The block is to learn and hears nothing of the loss, which is still high.",
    "On up to 32 training images, on which the loss is above half of what guessing gives: the root "
    f"mean square of a trained block's gradient is below the optimizer's epsilon ({_EPSILON:g}), "
    "under which adam and rmsprop no longer make up for it; with sgd, a step is less than the "
    "rounding of a weight.",
)
EXPLODING = Entry(
    "exploding-gradients",
    "warning",
    "Gradients that overwrite a block in one step",
    "A single step replaces what the block knew.",
    "On up to 32 training images: a gradient that is no number, or, with sgd, a step at the "
    "stage's rate that is longer than the block's weights.",
)


def still_block(run: Run, inside: "Insides") -> Iterator[Finding]:
    """Find blocks that were trained and stayed as they were."""
    moved_in = {b: c for c in courses(run) if c.kept is not None for b in c.stage.train}
    for block, course in moved_in.items():
        if course.learns and inside.unchanged.get(block, 0.0) >= _STILL:
            yield STILL_BLOCK.found(
                course.where,
                f"{inside.unchanged[block]:.1%} of {block}'s weights are as they began, after "
                f"{len(course.epochs)} epochs at rate {course.stage.rate:g}",
                f"--set stage.{course.outcome.stage}.find_rate=true",
            )


def moved_frozen(run: Run, inside: "Insides") -> Iterator[Finding]:
    """Find blocks that no stage trained and that are others now."""
    trained = {block for stage in run.recipe.stage for block in stage.train}
    for block, share in inside.unchanged.items():
        if block not in trained and share < 1:
            yield MOVED_FROZEN.found(
                "model",
                f"{block} trains in no stage, and its weights moved by "
                f"{inside.distance[block]:.2g} of their length",
                "train again: model.keras is not what this run's record is of",
            )


def dead_units(run: Run, inside: "Insides") -> Iterator[Finding]:
    """Find layers in which many units died."""
    if inside.images < _FEWEST:
        return
    died = {
        layer: difference_of_shares((now, units), (then, units), SURE)
        for layer, (now, then, units) in inside.dead.items()
    }
    worst = max(died, key=lambda layer: died[layer].low, default=None)
    if worst is not None and died[worst].low > _MANY_DEAD:
        now, then, units = inside.dead[worst]
        yield DEAD_UNITS.found(
            f"layer {worst}",
            f"{now} of {units} units answer to none of {inside.images} training images, where "
            f"{then} did not at the beginning: {100 * (now - then) / units:.0f} points "
            f"{died[worst]} more",
            "let the head learn first, --recipe exact-first, or take a smaller rate: "
            f"--set stage.{len(run.recipe.stage)}.rate={run.recipe.stage[-1].rate / 10:g}",
        )


def vanishing_gradients(run: Run, inside: "Insides") -> Iterator[Finding]:
    """Find blocks that hear nothing of a loss that is still high."""
    guessing = math.log(max(2, len(run.class_names)))
    for block, stage in _last_trained(run).items():
        gradient = inside.gradients.get(block)
        if gradient is None or not inside.loss > guessing / 2:
            continue
        lost = gradient.size < (stage.epsilon or _EPSILON)
        if stage.optimizer == "sgd":
            lost = stage.rate * gradient.size < _ROUNDING * gradient.weight
        if lost:
            yield VANISHING.found(
                block,
                f"its gradient is {gradient.size:.1g} (root mean square) at a loss of "
                f"{inside.loss:.2f}; guessing gives {guessing:.2f}",
                "--set base.initialisation=he --set base.batch_norm=true, or published weights",
            )


def exploding_gradients(run: Run, inside: "Insides") -> Iterator[Finding]:
    """Find blocks that one step would overwrite."""
    for block, stage in _last_trained(run).items():
        gradient = inside.gradients.get(block)
        if gradient is None:
            continue
        rate = stage.rate * run.recipe.rate_share(stage, block)
        overwrites = stage.optimizer == "sgd" and rate * gradient.size > gradient.weight
        if overwrites or not math.isfinite(gradient.size):
            yield EXPLODING.found(
                block,
                f"its gradient is {gradient.size:.1g} (root mean square), its weights are "
                f"{gradient.weight:.1g}, and the rate is {rate:g}",
                f"--set stage.{1 + run.recipe.stage.index(stage)}.rate={stage.rate / 100:g}",
            )


def _last_trained(run: Run) -> dict[str, Stage]:
    """Return the blocks that were trained by steps, each with its last stage."""
    return {
        block: course.stage
        for course in courses(run)
        if course.learns
        for block in course.stage.train
    }
