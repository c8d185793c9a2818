"""The rate at each step, as the stage's plan says it."""

import math

from vgg_transfer.recipe import Stage
from vgg_transfer.recipe.stage import CosinePlan, CyclicalPlan, OneCyclePlan


def rate_at(stage: Stage, step: int, steps_per_epoch: int) -> float | None:
    """Return the head's rate at a step (from 0), or None where the plan leaves it as it is.

    A plateau's rate is changed by Keras's callback, between epochs.
    """
    plan = stage.plan
    if isinstance(plan, OneCyclePlan):
        return stage.rate * _share_of_one_cycle(plan, step / (stage.epochs * steps_per_epoch))
    warm_up = plan.warm_up * steps_per_epoch
    if step < warm_up:
        return stage.rate * (step + 1) / math.ceil(warm_up)
    if isinstance(plan, CosinePlan):
        length = max(1.0, stage.epochs * steps_per_epoch - warm_up)
        share = min(1.0, (step - warm_up) / length)
        return _half_cosine(stage.rate, stage.rate * plan.final, share)
    if isinstance(plan, CyclicalPlan):
        place = (step - warm_up) / (plan.cycle * steps_per_epoch) % 1.0
        height = 1 - abs(2 * place - 1)  # 0 at both ends of the cycle, 1 in its middle
        low = stage.rate * plan.floor
        return low + (stage.rate - low) * height
    return stage.rate if step == math.ceil(warm_up) else None


def _share_of_one_cycle(plan: OneCyclePlan, done: float) -> float:
    """Return the factor on the rate once this share of all steps is done."""
    if done < plan.rise:
        return _half_cosine(plan.start, 1.0, done / plan.rise)
    if plan.rise == 1:
        return 1.0
    return _half_cosine(1.0, plan.final, min(1.0, (done - plan.rise) / (1 - plan.rise)))


def _half_cosine(begin: float, end: float, share: float) -> float:
    """Return the value at a share of the way between two, slow at both ends."""
    return end + (begin - end) * (1 + math.cos(math.pi * share)) / 2
