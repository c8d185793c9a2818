"""The advisor: is a stage that opens a lower block worth its minutes? Said before it is run.

A second opinion is asked: a logistic regression on what the opened blocks receive, pooled over
space. How many more validation images would be right if the network listened to it is the expected
gain: what the lower activations know and the blocks above them lose. The regression sees the
training images as blocks see them that have not trained on them, so that it learns nothing by heart
from the network. What a block may learn beyond all that stays unseen.

The clock tells the minutes only; it decides nothing.
"""

from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.activations import StoreDamaged
from vgg_transfer.errors import TrainingError, VggTransferError
from vgg_transfer.evaluation.gain import Gain, gain_by_second_opinion
from vgg_transfer.events import PassBegan, Said
from vgg_transfer.finding import Finding
from vgg_transfer.images.batch_form import steps_per_epoch
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.images.tfdata.failures import op_errors, own_errors
from vgg_transfer.network.parts import summarised
from vgg_transfer.run import Advice, Filled
from vgg_transfer.training.context import Context
from vgg_transfer.training.planning.cost import (
    gflop_around,
    seconds_per_gflop,
    training_gflop,
)
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.stages.result import StageResult
from vgg_transfer.training.stages.stores import Labelled, model_outputs
from vgg_transfer.words import counted, duration

ADVICE = "worth-it"  # the code of its findings
# Enough for a regression on a thousand numbers, few enough where nothing is stored.
_IMAGES = 2_000
_LEAST_POINTS = 0.1
# Inverse strengths of the penalty on standardised features.
_STRENGTHS = (1e-3, 1e-2, 1e-1)
_LEAST_PROBABILITY = 1e-9
# Beside what TensorFlow raises: what leaves a stage without a second opinion.
_TROUBLES: tuple[type[Exception], ...] = (VggTransferError, StoreDamaged, ValueError)


@dataclass(frozen=True)
class Decision:
    """Whether the next stage is run.

    Args:
        goes_on: whether it is.
        before: the result of the stage before; it says so where it is the last.
        advice: what was expected of the next stage; None where nothing was asked.
        filled: what asking took in stores, where anything was computed.
    """

    goes_on: bool
    before: StageResult
    advice: Advice | None = None
    filled: tuple[Filled, ...] = ()


def decide(context: Context, plan: StagePlan, before: StageResult) -> Decision:
    """Decide whether the stage of a plan is run; say why.

    Ctrl-C counts as pressed at the end of the stage before.
    """
    recipe = context.network.recipe
    filled: tuple[Filled, ...] = ()
    opened = recipe.opened_below(plan.number)
    if recipe.until == "end" or not opened:
        return Decision(True, before)
    opening = "opening " + " + ".join(reversed(opened))
    context = context.at(plan.stage)
    try:
        with own_errors():
            gain, filled = _expected_gain(context, plan, opened, opening)
        advice = advice_on(plan.number, opening, gain, _seconds(context, plan, bool(filled)))
    except KeyboardInterrupt as pressed:
        ended = _ended_also(before, f"interrupted in the second opinion for {opening}")
        return Decision(False, replace(ended, stopped_by=pressed), None, filled)
    except _TROUBLES + op_errors() as trouble:
        advice = without_answer(plan.number, opening, str(trouble))
    context.listen(Said(advice.said))
    last = before if advice.goes_on else _ended_also(before, advice.said)
    return Decision(advice.goes_on, last, advice, filled)


def advice_on(number: int, opening: str, gain: Gain, seconds: float) -> Advice:
    """Return the advice on a stage: run it for a gain of 0.1 points and its own standard error.

    Args:
        number: the stage, from 1.
        opening: what it opens, in words: ``opening block4``.
        gain: what is expected of it, in points of validation accuracy.
        seconds: what it takes at most.
    """
    goes_on = gain.points >= max(_LEAST_POINTS, gain.error)
    points = round(gain.points, 1) + 0.0  # never "-0.0"
    said = (
        f"{opening}: expected {points:+.1f} ± {gain.margin:.1f} points "
        f"for {duration(seconds, 'rough')}; {'goes on' if goes_on else 'stopped'}"
    )
    return Advice(number, gain.points, gain.margin, seconds / 60, goes_on, said)


def without_answer(number: int, opening: str, trouble: str) -> Advice:
    """Return the advice to run a stage because there is no second opinion."""
    reason = trouble.partition(". ")[0].removesuffix(".")
    said = f"{opening}: the second opinion failed ({reason}); goes on"
    return Advice(number, None, None, None, True, said)


def finding_of(advice: Advice) -> Finding:
    """Return what was decided on a stage as a finding."""
    return Finding(ADVICE, "note", f"stage {advice.stage}", advice.said)


def part_of(image_set: ImageSet, count: int, seed: int) -> ImageSet:
    """Return the image set with about this many training images, each class in its proportion.

    At least one of each class is kept, and so are all validation images.
    """
    train = image_set.split("train")
    drawn = np.random.default_rng(seed)
    labels = np.array([record.label for record in train])
    kept: list[int] = []
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        share = max(1, round(len(members) * min(1.0, count / len(train))))
        kept += [int(number) for number in drawn.permutation(members)[:share]]
    chosen = tuple(train[number] for number in sorted(kept))
    return replace(image_set, records=(*chosen, *image_set.split("val")))


def second_opinion(train: Labelled, unseen: NDArray[Any], classes: int) -> NDArray[np.float64]:
    """Return the log probabilities (image, class) that a logistic regression gives for ``unseen``.

    Its strength is the best of three for every fifth training image of each class, by the others.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train[0])
    features, labels = scaler.transform(train[0]), train[1]
    held_out = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        held_out[np.flatnonzero(labels == label)[4::5]] = True

    def loss(strength: float) -> float:
        model = LogisticRegression(C=strength, max_iter=200)
        model.fit(features[~held_out], labels[~held_out])
        chances = model.predict_proba(features[held_out])
        return float(log_loss(labels[held_out], chances, labels=model.classes_))

    best = min(_STRENGTHS, key=loss) if held_out.any() else _STRENGTHS[1]
    model = LogisticRegression(C=best, max_iter=200).fit(features, labels)
    chances = np.zeros((len(unseen), classes))
    chances[:, model.classes_] = model.predict_proba(scaler.transform(unseen))
    return np.log(np.maximum(chances, _LEAST_PROBABILITY))


def _expected_gain(
    context: Context, plan: StagePlan, opened: tuple[str, ...], opening: str
) -> tuple[Gain, tuple[Filled, ...]]:
    """Return the expected gain, and what filling took where activations were missing."""
    network = context.network
    part = part_of(context.image_set, _IMAGES, context.seed)
    # Of stored views the first is enough, and of these images no more is computed than is used.
    few = replace(context, image_set=part)
    one_view = replace(plan.choice, views=min(plan.choice.views, 1))
    size = context.shape(plan.stage).batch_size
    context.listen(
        PassBegan(
            f"{opening}: a second opinion from {counted(len(few.train), 'training image', ',')}",
            sum(steps_per_epoch(len(images), size) for images in (few.train, few.validation)),
        )
    )

    def of_train(start: str | None) -> keras.Model:
        return summarised(network, start, opened, logits=False)

    def of_validation(start: str | None) -> keras.Model:
        return summarised(network, start, opened, logits=True)

    train, (rows, labels), filled = model_outputs(
        few, replace(plan, choice=one_view), of_train, of_validation
    )
    if not (np.isfinite(train[0]).all() and np.isfinite(rows).all()):
        raise TrainingError("an activation is not a finite number")
    units = rows.shape[1] - train[0].shape[1]
    second = second_opinion(train, rows[:, units:], network.classes)
    own = _log_probabilities(rows[:, :units])
    gain = gain_by_second_opinion(own, second, labels, context.seed)
    return gain, tuple(one for one in filled if one.computed)


def _log_probabilities(logits: NDArray[Any]) -> NDArray[np.float64]:
    """Return the log probabilities of all classes; one unit is the second of two."""
    from scipy.special import log_softmax

    logits = logits.astype(np.float64)
    if logits.shape[1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], axis=1)
    found: NDArray[np.float64] = log_softmax(logits, axis=1)
    return found


def _seconds(context: Context, plan: StagePlan, missing: bool) -> float:
    """Return what the stage takes at most: its epochs, and the activations that are missing."""
    network, stage = context.network, plan.stage
    train, validation = len(context.train), len(context.validation)
    below, above = gflop_around(network, stage.train[0], network.recipe.size)
    epoch = training_gflop(train, validation, above)
    if context.cache is None or plan.choice.cut is None:
        epoch += (train + validation) * below
    filling = max(plan.choice.views, 1) * train * below if missing else 0.0
    return (stage.epochs * epoch + filling) * seconds_per_gflop(network)


def _ended_also(result: StageResult, reason: str) -> StageResult:
    """Return the result with a further reason why its stage was the last."""
    outcome = replace(result.outcome, ended=f"{result.outcome.ended}; {reason}")
    return replace(result, outcome=outcome)
