"""Afterwards: the history, the answers and the weights of a training."""

from vgg_transfer.doctor.runs import answers, classes, fit, rates, stages
from vgg_transfer.finding import Finding
from vgg_transfer.run import Run

__all__ = ["examine_run"]

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


def examine_run(run: Run) -> tuple[Finding, ...]:
    """Return all that the record of a run shows, in the order of the checks."""
    return tuple(finding for check in _CHECKS for finding in check(run))
