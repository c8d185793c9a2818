"""Before anything is paid: what a recipe asks for, alone or of known images."""

from vgg_transfer.doctor.recipes import base, heads, known, pictures, rates, steps
from vgg_transfer.doctor.recipes.case import RecipeCase
from vgg_transfer.finding import Finding

__all__ = ["RecipeCase", "examine_recipe"]

ENTRIES = (
    known.FROZEN_NOISE,
    known.FOREIGN_PREPROCESSING,
    pictures.DIVIDED_TWICE,
    base.SMALL_INPUT,
    base.DYING_SIGNAL,
    base.FEW_FROM_SCRATCH,
    heads.LARGE_HEAD,
    heads.WRONG_OUTPUT,
    rates.HIGH_RATE,
    rates.COLD_HEAD,
    steps.ONE_STEP,
    steps.SMALL_NORM,
    steps.IDLE_PATIENCE,
    steps.NO_VALIDATION,
    steps.LUCKY_EPOCH,
    pictures.ASKED_FLIP,
    pictures.NOTHING_LEFT,
    known.BALANCED_TWICE,
    known.LAST_SIZE,
)
_CHECKS = (
    known.own_findings,
    pictures.divided_twice,
    base.small_input,
    base.dying_signal,
    base.few_from_scratch,
    heads.large_head,
    heads.wrong_output,
    rates.high_rate,
    rates.cold_head,
    steps.one_step,
    steps.small_norm,
    steps.idle_patience,
    steps.no_validation,
    steps.lucky_epoch,
    pictures.asked_flip,
    pictures.nothing_left,
)


def examine_recipe(case: RecipeCase) -> tuple[Finding, ...]:
    """Return all that is found in a recipe, in the order of the checks."""
    return tuple(finding for check in _CHECKS for finding in check(case))
