"""A recipe fitted to a time: the largest plan that is estimated to end within so many minutes."""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from vgg_transfer.activations.room import room_at_most
from vgg_transfer.errors import TrainingError
from vgg_transfer.events import Event, Listener, Said, StageEnded
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import Split
from vgg_transfer.recipe import Recipe
from vgg_transfer.training.context import Context
from vgg_transfer.training.planning.estimate import Job, seconds_of
from vgg_transfer.training.planning.smaller import left_out, smaller_recipes
from vgg_transfer.training.planning.speed import measure_int8, measure_speed
from vgg_transfer.training.planning.stored import counts_of_stored
from vgg_transfer.words import duration

# An estimate may be wrong, and other programs may want the machine too.
_USABLE = 0.85
# A stage is late where it takes this many times what was expected, and more than a moment.
_LATE, _MOMENT = 1.25, 5.0
_SPLITS: tuple[Split, ...] = ("train", "val", "test")


@dataclass(frozen=True)
class Fitted:
    """A recipe that fits into a time.

    Args:
        recipe: what is done; it can be given to ``train`` again, without the clock.
        minutes: the time there is.
        left_out: what it leaves of the recipe that was asked for; empty where that fits as it is.
        spent: seconds that were gone before the first stage.
        stages: seconds expected of each stage and, last, of judging and saving.
    """

    recipe: Recipe
    minutes: float
    left_out: str
    spent: float
    stages: tuple[float, ...]

    @property
    def seconds(self) -> float:
        """What the whole training is expected to take."""
        return self.spent + sum(self.stages)

    @property
    def said(self) -> str:
        """What was decided, as a person reads it."""
        what = self.left_out or "nothing is left out"
        return f"{_minutes(self.minutes)}: {what}: about {duration(self.seconds, 'rough')}"

    def finding(self) -> Finding:
        """Return what was decided as a finding; what came of it are the run's seconds."""
        return Finding("minutes", "note", "recipe", self.said)


def fit_to_minutes(context: Context, minutes: float, began: float) -> tuple[Context, Fitted]:
    """Return the training with the largest plan that fits, and what that is; say it.

    From here on the listener also hears where a stage takes clearly longer than expected.

    Args:
        context: the training as it was asked for.
        minutes: the time for all of it.
        began: when it began, on the clock of ``time.perf_counter``.

    Raises:
        TrainingError: not even the smallest plan fits; the message says what that needs.
    """
    recipe, images = context.network.recipe, context.image_set
    speed = measure_speed(context.network, context.train, context.shape(recipe.stage[0]))
    job = Job(
        network=context.network,
        images={split: len(images.split(split)) for split in _SPLITS},
        speed=speed,
        stored=counts_of_stored(context),
        room=None if context.cache is None else room_at_most(context.cache),
        frozen=measure_int8(context.network, speed) if context.int8 else 1.0,
    )
    candidates = smaller_recipes(recipe, stores=context.cache is not None)
    spent = time.perf_counter() - began
    fitted = largest_that_fits(candidates, lambda one: seconds_of(job, one), minutes, spent)
    if fitted.left_out and recipe.frozen_precision == "auto":
        # Of a smaller plan it might decide otherwise: the recipe is to repeat this training.
        decided = "int8" if context.int8 else "same"
        fitted = replace(fitted, recipe=fitted.recipe.changed(frozen_precision=decided))
    context.listen(Said(fitted.said))
    network = replace(context.network, recipe=fitted.recipe)
    told = _tells_of_late_stages(context.listen, fitted, began)
    return replace(context, network=network, listen=told), fitted


def largest_that_fits(
    candidates: Iterable[Recipe],
    seconds: Callable[[Recipe], tuple[float, ...]],
    minutes: float,
    spent: float,
) -> Fitted:
    """Return the first recipe that fits.

    Args:
        candidates: recipes, the best first; it is the one that was asked for.
        seconds: gives what is expected of a recipe's stages, and of judging and saving.
        minutes: the time there is.
        spent: seconds of it that are gone.

    Raises:
        TrainingError: none fits; the message says how much the smallest needs.
    """
    usable = _USABLE * (60 * minutes - spent)
    asked: Recipe | None = None
    least = math.inf
    for candidate in candidates:
        asked = asked or candidate
        expected = seconds(candidate)
        if sum(expected) <= usable:
            left = left_out(asked, candidate)
            words = f"{asked.name} fitted to {_minutes(minutes)}: {left}"
            recipe = candidate.changed(description=words) if left else candidate
            return Fitted(recipe, minutes, left, spent, expected)
        least = min(least, sum(expected))
    needed = math.ceil(10 * (spent + least / _USABLE) / 60) / 10
    raise TrainingError(
        f"{_minutes(minutes)} are not enough: the least that these images need is about "
        f"{duration(spent + least, 'rough')}. Give --minutes {needed:g} or more, or train on "
        "smaller images (--size) or fewer of them"
    )


def _tells_of_late_stages(listen: Listener, fitted: Fitted, began: float) -> Listener:
    """Return a listener that hears all, and is told where a stage took clearly longer."""

    def hear(event: Event) -> None:
        listen(event)
        if not isinstance(event, StageEnded):
            return
        number, took = event.outcome.stage, event.outcome.seconds
        expected = fitted.stages[number - 1]
        if took > _LATE * expected and took - expected > _MOMENT:
            end = time.perf_counter() - began + sum(fitted.stages[number:])
            listen(
                Said(
                    f"stage {number} took {duration(took)} instead of about "
                    f"{duration(expected, 'rough')}: the training will take about "
                    f"{duration(end, 'rough')} of {_minutes(fitted.minutes)}"
                )
            )

    return hear


def _minutes(minutes: float) -> str:
    return f"{minutes:g} min"
