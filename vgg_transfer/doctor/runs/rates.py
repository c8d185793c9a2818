"""What the history says of the rates: too high, too low, at their least."""

import math
from collections.abc import Iterator
from itertools import pairwise

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.runs.course import SURE, Course, courses, lost
from vgg_transfer.finding import Finding
from vgg_transfer.recipe.stage import PlateauPlan
from vgg_transfer.run import Run

_FEW_EPOCHS = 4
_IDLE_EPOCHS = 3

DIVERGED = Entry(
    "diverged",
    "error",
    "Divergence",
    "Each step makes the next one larger: what the network knew is lost, and more epochs do not "
    "bring it back.",
    "The loss became no number; or a stage ends with a training loss twice that of its first epoch "
    "and above that of guessing (the logarithm of the number of classes).",
)
OSCILLATING = Entry(
    "oscillating",
    "warning",
    "Oscillation",
    "The steps are longer than the valley is wide, so that which epoch is kept is luck.",
    "Two or more epochs of a stage lost validation accuracy against the one before, each beyond "
    f"chance (a {SURE:.1%} interval of the difference is above 0).",
)
SLOW = Entry(
    "slow",
    "warning",
    "A rate that is too low",
    "The loss creeps down in a straight line: the training ends before it has begun.",
    f"A stage of {_FEW_EPOCHS} epochs or more in which the training loss falls in every epoch, as "
    "fast in the second half as in the first (half of it at least), less than by half in all, and "
    "is in the end still above half of what guessing gives.",
)
LEAST_RATE = Entry(
    "least-rate",
    "note",
    "Epochs at the least rate without progress",
    "Nothing moves any more at this rate: these epochs cost time and change nothing.",
    f"{_IDLE_EPOCHS} epochs or more at the plateau plan's minimum, all of them behind the best one "
    "of their stage.",
)


def diverged(run: Run) -> Iterator[Finding]:
    """Find stages whose loss grew or became no number."""
    guessing = math.log(max(2, len(run.class_names)))
    if run.status == "failed" and run.stages:
        last = run.stages[-1]
        yield DIVERGED.found(f"stage {last.stage}", last.ended, _tenth(run, last.stage))
        return
    for course in courses(run):
        first, last_epoch = course.epochs[0], course.epochs[-1]
        if course.learns and last_epoch.loss > max(2 * first.loss, guessing):
            yield DIVERGED.found(
                course.where,
                f"training loss went from {first.loss:.3f} to {last_epoch.loss:.3f}; guessing "
                f"gives {guessing:.3f}",
                _tenth(run, course.outcome.stage),
            )


def oscillating(run: Run) -> Iterator[Finding]:
    """Find stages whose validation accuracy jumps up and down."""
    images = run.image_set.count("val")
    for course in courses(run):
        accuracies = [epoch.val_accuracy for epoch in course.epochs]
        falls = [
            (before, after)
            for before, after in pairwise(accuracies)
            if images and lost((before, images), (after, images)).low > 0
        ]
        if course.learns and len(falls) > 1:
            before, after = max(falls, key=lambda fall: fall[0] - fall[1])
            yield OSCILLATING.found(
                course.where,
                f"validation accuracy fell {len(falls)} times in {len(accuracies)} epochs by more "
                f"than chance, at worst from {before:.1%} to {after:.1%} "
                f"{lost((before, images), (after, images))}",
                f"{_tenth(run, course.outcome.stage)} "
                f"--set stage.{course.outcome.stage}.plan.kind=cosine",
            )


def slow(run: Run) -> Iterator[Finding]:
    """Find stages whose loss creeps."""
    guessing = math.log(max(2, len(run.class_names)))
    for course in courses(run):
        if is_slow(course, guessing):
            first, last = course.epochs[0], course.epochs[-1]
            number = course.outcome.stage
            yield SLOW.found(
                course.where,
                f"training loss fell from {first.loss:.3f} to {last.loss:.3f} in "
                f"{len(course.epochs)} epochs, as fast at the end as before; guessing gives "
                f"{guessing:.3f}",
                f"--set stage.{number}.rate={10 * course.stage.rate:g}, or find it: "
                f"--set stage.{number}.find_rate=true",
            )


def least_rate(run: Run) -> Iterator[Finding]:
    """Find epochs that were trained at the least rate for nothing."""
    for course in courses(run):
        plan = course.stage.plan
        if not isinstance(plan, PlateauPlan) or not plan.minimum:
            continue
        behind = [one for one in course.epochs if one.epoch > course.outcome.best_epoch]
        idle = [one for one in behind if max(one.rates.values(), default=1) <= plan.minimum]
        if len(idle) >= _IDLE_EPOCHS:
            number = course.outcome.stage
            yield LEAST_RATE.found(
                course.where,
                f"{len(idle)} epochs at rate {plan.minimum:g} came behind the best one",
                f"let patience end it: --set stage.{number}.stopping.patience={plan.patience + 1}",
            )


def is_slow(course: Course, guessing: float) -> bool:
    """Return whether a stage's training loss creeps down in a straight line."""
    losses = [epoch.loss for epoch in course.epochs]
    if not course.learns or len(losses) < _FEW_EPOCHS:
        return False
    middle = losses[len(losses) // 2]
    falls = all(after < before for before, after in pairwise(losses))
    straight = middle - losses[-1] >= (losses[0] - middle) / 2
    return falls and straight and losses[-1] > max(losses[0], guessing) / 2


def _tenth(run: Run, number: int) -> str:
    """Return the change that takes a tenth of a stage's rate."""
    return f"--set stage.{number}.rate={run.recipe.stage[number - 1].rate / 10:g}"
