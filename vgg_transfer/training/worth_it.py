"""The advisor: is a stage that opens a lower block worth its minutes? A probe says so beforehand.

The probe is a logistic regression on what the opened blocks receive, pooled over space. How many
more validation images would be right, if the network listened to it, is the expected gain: what the
lower activations know and the blocks above them lose. The regression sees the training images as
blocks see them that have not trained on them, so that it learns nothing by heart from the network.
What a block may learn beyond all that stays unseen.

The clock tells the minutes only; it decides nothing.
"""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgg_transfer.errors import TrainingError, VggTransferError
from vgg_transfer.evaluation.gain import Gain, gain_by_second_opinion
from vgg_transfer.events import PassBegan, Said
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.images.tfdata.batches import steps_per_epoch
from vgg_transfer.network.parts import summarised
from vgg_transfer.run import Advice
from vgg_transfer.training.context import Plan, Session, outputs
from vgg_transfer.training.planning.views import block_gflop, measure_speed
from vgg_transfer.training.stages.exact_head import Labelled
from vgg_transfer.training.stages.run_stage import Finished
from vgg_transfer.words import duration

# Enough for a regression on a thousand numbers, few enough where nothing is stored.
_IMAGES = 2_000
_LEAST_POINTS = 0.1
# Inverse strengths of the penalty on standardised features.
_STRENGTHS = (1e-3, 1e-2, 1e-1)
_LEAST_PROBABILITY = 1e-9


def advised(session: Session, plan: Plan, finished: Finished) -> tuple[Finished, bool]:
    """Return what the stage before hands on, and whether the stage of the plan is to be run.

    Ctrl-C counts as pressed at the end of the stage before.
    """
    recipe = session.network.recipe
    opened = recipe.opened_below(plan.number)
    if recipe.until == "end" or not opened:
        return finished, True
    opening = "opening " + " + ".join(reversed(opened))
    session = session.at(plan.stage)
    try:
        gain, missing = _probe(session, plan, opened, opening)
        advice = advice_on(plan.number, opening, gain, _seconds(session, plan, missing))
    except KeyboardInterrupt as pressed:
        noted = _noted(finished, f"interrupted in the probe for {opening}")
        return replace(noted, stopped_by=pressed), False
    except (VggTransferError, tf.errors.OpError, ValueError) as trouble:
        advice = without_answer(plan.number, opening, str(trouble))
    session.advice.append(advice)
    session.listen(Said(advice.said))
    return (finished if advice.goes_on else _noted(finished, advice.said)), advice.goes_on


def advice_on(number: int, opening: str, gain: Gain, seconds: float) -> Advice:
    """Return whether a stage that promises this gain and takes these seconds is to be run.

    It is, where the gain is at least 0.1 points and at least its own standard error.
    """
    goes_on = gain.points >= max(_LEAST_POINTS, gain.error)
    points = round(gain.points, 1) + 0.0  # never "-0.0"
    said = (
        f"{opening}: expected {points:+.1f} ± {gain.margin:.1f} points "
        f"for {duration(seconds, 'rough')}; {'goes on' if goes_on else 'stopped'}"
    )
    return Advice(number, gain.points, gain.margin, seconds / 60, goes_on, said)


def without_answer(number: int, opening: str, trouble: str) -> Advice:
    """Return that a stage is run because its probe failed."""
    reason = trouble.partition(". ")[0].removesuffix(".")
    said = f"{opening}: the probe failed ({reason}); goes on"
    return Advice(number, None, None, None, True, said)


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
        told = model.predict_proba(features[held_out])
        return float(log_loss(labels[held_out], told, labels=model.classes_))

    best = min(_STRENGTHS, key=loss) if held_out.any() else _STRENGTHS[1]
    model = LogisticRegression(C=best, max_iter=200).fit(features, labels)
    told = np.zeros((len(unseen), classes))
    told[:, model.classes_] = model.predict_proba(scaler.transform(unseen))
    return np.log(np.maximum(told, _LEAST_PROBABILITY))


def _probe(
    session: Session, plan: Plan, opened: tuple[str, ...], opening: str
) -> tuple[Gain, bool]:
    """Return the expected gain, and whether activations that the stage needs are not stored yet."""
    network = session.network
    part = part_of(session.image_set, _IMAGES, session.seed)
    # Of stored views the first is enough, and of these images no more is computed than is used.
    few = replace(session, image_set=part, filled=[])
    brief = replace(plan, seen=replace(plan.seen, views=min(plan.seen.views, 1)))
    size = session.shape(plan.stage).batch_size
    session.listen(
        PassBegan(
            f"{opening}: a probe on {len(few.train):,} training images",
            sum(steps_per_epoch(len(images), size) for images in (few.train, few.validation)),
        )
    )

    def of_train(start: str | None) -> keras.Model:
        return summarised(network, start, opened, logits=False)

    def of_validation(start: str | None) -> keras.Model:
        return summarised(network, start, opened, logits=True)

    train, (rows, labels) = outputs(few, brief, of_train, of_validation)
    computed = [one for one in few.filled if one.computed]
    session.filled.extend(computed)
    if not (np.isfinite(train[0]).all() and np.isfinite(rows).all()):
        raise TrainingError("an activation is not a finite number")
    units = rows.shape[1] - train[0].shape[1]
    second = second_opinion(train, rows[:, units:], network.classes)
    own = _log_probabilities(rows[:, :units])
    return gain_by_second_opinion(own, second, labels, session.seed), bool(computed)


def _log_probabilities(logits: NDArray[Any]) -> NDArray[np.float64]:
    """Return the log probabilities of all classes; one unit is the second of two."""
    from scipy.special import log_softmax

    logits = logits.astype(np.float64)
    if logits.shape[1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], axis=1)
    found: NDArray[np.float64] = log_softmax(logits, axis=1)
    return found


def _seconds(session: Session, plan: Plan, missing: bool) -> float:
    """Return what the stage takes at most: its epochs, and the activations that are missing."""
    network, cut = session.network, plan.seen.cut
    costs = {block: block_gflop(network, block, network.recipe.size) for block in network.blocks}
    lowest = list(costs).index(plan.stage.train[0])
    below, above = sum(list(costs.values())[:lowest]), sum(list(costs.values())[lowest:])
    train, validation = len(session.train), len(session.validation)
    # A training step computes what trains about three times: forward, and two gradients.
    epoch = train * 3 * above + validation * above
    if session.cache is None or cut is None:
        epoch += (train + validation) * below
    filling = max(plan.seen.views, 1) * train * below if missing else 0.0
    return (plan.stage.epochs * epoch + filling) * measure_speed(network)


def _noted(finished: Finished, text: str) -> Finished:
    """Return it with a further reason why its stage was the last."""
    outcome = replace(finished.outcome, ended=f"{finished.outcome.ended}; {text}")
    return replace(finished, outcome=outcome)
