"""The advisor: is a stage that opens a lower block worth its minutes? A probe says so beforehand.

The probe trains as the stage would, from the activations below the opened block upward, but for one
epoch and on a part of the training images. What counts is how many more validation images are right
after it. Then all is put back. The clock tells the minutes only; it decides nothing.

A regression on the pooled activations would be cheaper, but what a block gains by changing does
not show in what it receives.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgg_transfer.errors import VggTransferError
from vgg_transfer.evaluation.gain import Gain, paired_gain
from vgg_transfer.images.batches import steps_per_epoch
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.network import Network
from vgg_transfer.recipe import Stage
from vgg_transfer.recipe.stage import ConstantPlan
from vgg_transfer.run import Advice
from vgg_transfer.training.progress import Progress, Silent
from vgg_transfer.training.session import Plan, Session, material
from vgg_transfer.training.stage import Finished, run_stage
from vgg_transfer.training.views import duration_in_words

# Enough to see whether a block learns something, and a small part of what its stage costs.
_IMAGES = 1_000
_LEAST_POINTS = 0.1


def advised(session: Session, plan: Plan, finished: Finished) -> tuple[Finished, bool]:
    """Return what the stage before hands on, and whether the stage of the plan is to be run.

    The network is as it was. Ctrl-C counts as pressed at the end of the stage before.
    """
    recipe = session.network.recipe
    opened = recipe.opened_below(plan.number)
    if recipe.until == "end" or not opened:
        return finished, True
    opening = "opening " + " + ".join(reversed(opened))
    try:
        gain, seconds = _probe(session.at(plan.stage), plan, finished, opening)
    except KeyboardInterrupt as pressed:
        noted = _noted(finished, f"interrupted in the probe for {opening}")
        return replace(noted, stopped_by=pressed), False
    except (VggTransferError, tf.errors.OpError) as trouble:
        advice = without_answer(plan.number, opening, str(trouble))
    else:
        advice = advice_on(plan.number, opening, gain, seconds)
    session.advice.append(advice)
    session.progress.said(advice.said)
    return (finished if advice.goes_on else _noted(finished, advice.said)), advice.goes_on


def advice_on(number: int, opening: str, gain: Gain, seconds: float) -> Advice:
    """Return whether a stage that promises this gain and takes these seconds is to be run.

    It is, where the gain is at least 0.1 points and at least its own standard error.
    """
    goes_on = gain.points >= max(_LEAST_POINTS, gain.error)
    points = round(gain.points, 1) + 0.0  # never "-0.0"
    said = (
        f"{opening}: expected {points:+.1f} ± {gain.margin:.1f} points "
        f"for {duration_in_words(seconds)}; {'goes on' if goes_on else 'stopped'}"
    )
    return Advice(number, gain.points, gain.margin, seconds / 60, goes_on, said)


def without_answer(number: int, opening: str, trouble: str) -> Advice:
    """Return that a stage is run because its probe failed."""
    reason = trouble.partition(". ")[0]
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


def _probe(session: Session, plan: Plan, finished: Finished, opening: str) -> tuple[Gain, float]:
    """Return what the probe gained, and the seconds that the whole stage takes at most."""
    stage = plan.stage.model_copy(
        # A plan over many epochs means nothing in one, but a rate that has to rise does so.
        update={"epochs": 1, "plan": ConstantPlan(warm_up=min(plan.stage.plan.warm_up, 0.5))}
    )
    brief = replace(plan, stage=stage, seen=replace(plan.seen, views=min(plan.seen.views, 1)))
    few = part_of(session.image_set, _IMAGES, session.seed)
    told = _Told(session.progress)
    small = replace(session, image_set=few, progress=told, tensorboard=None, filled=[])
    session.progress.filling_began(
        f"{opening}: a probe of one epoch on {len(small.train):,} images",
        _steps(small, plan, train=1, validation=3),
    )
    put_back = _remembered(session.network)
    try:
        before = _right(small, brief)
        tried = run_stage(small, brief, finished.carried, None)
        if tried.stopped_by is not None:
            raise tried.stopped_by
        after = _right(small, brief)
    finally:
        put_back()
    session.filled.extend(one for one in small.filled if one.computed)
    return paired_gain(before, after), _seconds(session, plan, small, told.times)


def _right(session: Session, plan: Plan) -> NDArray[np.bool_]:
    """Return of each validation image whether the network as it is now tells its class."""
    found = []
    with ExitStack() as open_stores:
        used = material(session, plan, open_stores)
        for batch, _ in used.validation:
            found.append(used.model.predict_on_batch(batch))
            session.progress.stepped()
    logits = np.concatenate(found)
    answers = logits[:, 0] > 0 if logits.shape[1] == 1 else logits.argmax(axis=1)
    right: NDArray[np.bool_] = answers == [record.label for record in session.validation]
    return right


def _remembered(network: Network) -> Callable[[], None]:
    """Return a function that makes everything that a stage changes what it is now."""
    layers = [layer for block in network.blocks.values() for layer in block]
    values = [
        (variable, keras.ops.convert_to_numpy(variable).copy())
        for layer in layers
        for variable in layer.variables  # the random state of dropout among them
    ]
    flags = [(layer, layer.trainable) for layer in layers]
    rates = [(layer, layer.rate) for layer in layers if isinstance(layer, keras.layers.Dropout)]

    def put_back() -> None:
        for variable, value in values:
            variable.assign(value)
        for layer, trainable in flags:
            layer.trainable = trainable
        for layer, rate in rates:
            layer.rate = rate

    return put_back


class _Told(Silent):
    """Passes the batches of a probe on, and notes when those of its epoch were done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.times: list[float] = []

    def said(self, line: str) -> None:
        """Pass the sentence on."""
        self._progress.said(line)

    def filling_began(self, what: str, steps: int) -> None:
        """Pass the filling on."""
        self._progress.filling_began(what, steps)

    def stage_began(self, number: int, stage: Stage, steps: int) -> None:
        """Begin the clock."""
        self.times = [time.perf_counter()]

    def stepped(self) -> None:
        """Note the time, and pass the batch on."""
        self.times.append(time.perf_counter())
        self._progress.stepped()


def _seconds(session: Session, plan: Plan, small: Session, times: Sequence[float]) -> float:
    """Return what the stage takes: its epochs, and the filling that the probe has not done.

    ``times`` are the begin of the probe's epoch, and the ends of its batches. Where the probe found
    everything stored, the rest is taken to be stored as well.
    """
    trained = _steps(small, plan, train=1)
    in_all = trained + _steps(small, plan, validation=1)
    epoch = _steps(session, plan, train=1) * _per_step(times[: trained + 1])
    epoch += _steps(session, plan, validation=1) * _per_step(times[trained : in_all + 1])
    rows = max(plan.seen.views, 1) * len(session.train) - len(small.train)
    computed = sum(one.computed for one in small.filled)
    per_row = sum(one.seconds for one in small.filled) / max(computed, 1)
    return plan.stage.epochs * epoch + rows * per_row


def _per_step(times: Sequence[float]) -> float:
    """Return the seconds of a step; the first one, which builds the graph, counts only if alone."""
    steps = np.diff(times)
    return float(np.mean(steps[1:] if len(steps) > 1 else steps))


def _steps(session: Session, plan: Plan, train: int = 0, validation: int = 0) -> int:
    """Return the batches of this many passes over the images."""
    size = session.shape(plan.stage).batch_size
    return train * steps_per_epoch(len(session.train), size) + validation * steps_per_epoch(
        len(session.validation), size
    )


def _noted(finished: Finished, text: str) -> Finished:
    """Return it with a further reason why its stage was the last."""
    outcome = replace(finished.outcome, ended=f"{finished.outcome.ended}; {text}")
    return replace(finished, outcome=outcome)
