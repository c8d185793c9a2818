"""All that is found in a script, by its story."""

import re

from vgg_transfer.doctor.scripts.rules import (
    course,
    heads,
    judging,
    layers,
    metrics,
    names,
    outputs,
    pixels,
    rates,
)
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.finding import Finding

ENTRIES = (
    layers.POPPED_LAYERS,
    layers.COUNTED_LAYERS,
    layers.LATE_TRAINABLE,
    layers.NEVER_UNFROZEN,
    heads.MOVING_BATCH_NORM,
    pixels.MISSING_PREPROCESSING,
    pixels.DOUBLED_PREPROCESSING,
    pixels.UNEVEN_PREPROCESSING,
    pixels.AUGMENTED_VALIDATION,
    outputs.LONE_SOFTMAX,
    outputs.WRONG_LOSS,
    outputs.MISSING_ACTIVATION,
    outputs.DOUBLED_ACTIVATION,
    outputs.WRONG_UNITS,
    outputs.UNMAPPED_LABELS,
    outputs.WRONG_AXIS,
    metrics.MISLEADING_METRIC,
    rates.LOW_RATE,
    rates.LOST_OPTIMIZER,
    course.KEEPS_LAST_WEIGHTS,
    course.STOPS_ON_TRAINING,
    course.DROPPED_IMAGES,
    judging.SHUFFLED_PREDICTIONS,
    judging.TESTED_WHILE_TRAINING,
    judging.LEARNS_FROM_VALIDATION,
    heads.LINEAR_STACK,
    heads.CONSTANT_START,
    names.REMOVED_API,
    names.UNREAD,
)
_ORDER = ("error", "warning", "note")
_CHECKS = (
    layers.popped_layers,
    layers.counted_layers,
    layers.late_trainable,
    layers.frozen_noise,
    layers.never_unfrozen,
    heads.moving_batch_norm,
    pixels.preprocessing,
    pixels.uneven,
    pixels.augmented_validation,
    pixels.small_input,
    outputs.outputs,
    metrics.misleading_metric,
    rates.rates,
    rates.dying_signal,
    rates.lost_optimizer,
    course.callbacks,
    course.dropped_images,
    course.dropped_answers,
    judging.shuffled_predictions,
    judging.judges,
    heads.large_head,
    heads.linear_stack,
    heads.constant_start,
    names.removed_api,
    names.old_monitor,
    names.unread,
)


def examine_script(story: Story) -> tuple[Finding, ...]:
    """Return all that is found in a script, in the order of its lines.

    Of several findings of one kind at one line the worst is said.
    """
    found = (finding for check in _CHECKS for finding in check(story))
    once: dict[tuple[str, str], Finding] = {}
    for one in sorted(found, key=lambda one: _ORDER.index(one.severity)):
        once.setdefault((one.code, one.where), one)
    return tuple(sorted(once.values(), key=_place))


def _place(finding: Finding) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", finding.where)))
