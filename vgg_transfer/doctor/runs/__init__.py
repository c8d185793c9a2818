"""Afterwards: the history, the answers and the weights of a training."""

from typing import TYPE_CHECKING

from vgg_transfer.doctor.runs import answers, classes, fit, rates, stages, weights
from vgg_transfer.finding import Finding
from vgg_transfer.run import Run

if TYPE_CHECKING:
    from vgg_transfer.doctor.runs.insides import Insides

__all__ = ["examine_model", "examine_run"]

ENTRIES = (
    rates.DIVERGED,
    answers.ONE_CLASS,
    answers.GUESSING,
    fit.OVERFITTING,
    fit.UNDERFITTING,
    rates.OSCILLATING,
    rates.SLOW,
    rates.LEAST_RATE,
    stages.SWITCH_LOST,
    stages.NOT_SHOWN,
    stages.UNSETTLED_HEAD,
    stages.LAST_IS_BEST,
    stages.WAITING,
    stages.UNFINISHED,
    answers.BELOW_VALIDATION,
    classes.NO_RECALL,
    classes.CONFUSED,
    answers.OVERCONFIDENT,
    answers.WIDE_INTERVAL,
    weights.STILL_BLOCK,
    weights.MOVED_FROZEN,
    weights.DEAD_UNITS,
    weights.VANISHING,
    weights.EXPLODING,
)
_CHECKS = (
    rates.diverged,
    answers.one_class,
    answers.no_better_than_guessing,
    fit.overfitting,
    fit.underfitting,
    rates.oscillating,
    rates.slow,
    rates.least_rate,
    stages.switch_lost,
    stages.gain_not_shown,
    stages.unsettled_head,
    stages.last_is_best,
    stages.waiting,
    stages.unfinished,
    answers.test_below_validation,
    classes.no_recall,
    classes.confused_pair,
    answers.overconfident,
    answers.wide_interval,
)
_CHECKS_OF_MODELS = (
    weights.still_block,
    weights.moved_frozen,
    weights.dead_units,
    weights.vanishing_gradients,
    weights.exploding_gradients,
)


def examine_run(run: Run) -> tuple[Finding, ...]:
    """Return all that the record of a run shows, in the order of the checks."""
    return tuple(finding for check in _CHECKS for finding in check(run))


def examine_model(run: Run, inside: "Insides") -> tuple[Finding, ...]:
    """Return all that the model shows, beside what its record says, in the order of the checks."""
    return tuple(finding for check in _CHECKS_OF_MODELS for finding in check(run, inside))
