"""One stage of a training: the blocks that train are set, fitted, checked and put at their best."""

import hashlib
import math
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from vgg_transfer.activations import StoreDamaged
from vgg_transfer.errors import TrainingError
from vgg_transfer.events import EpochEnded, Said, StageBegan, StageEnded
from vgg_transfer.images.tfdata import failures
from vgg_transfer.images.tfdata.batches import steps_per_epoch
from vgg_transfer.network import Network, prepare
from vgg_transfer.recipe import Stage
from vgg_transfer.recipe.stage import PlateauPlan
from vgg_transfer.run import Epoch, StageOutcome
from vgg_transfer.training.context import Plan, Session, head_inputs, material
from vgg_transfer.training.stages.callbacks import (
    BestWeights,
    FreshRandomness,
    LossGuard,
    PlannedRate,
    Recorder,
    monitor_of,
    peak_memory_mb,
)
from vgg_transfer.training.stages.exact_head import solve_head
from vgg_transfer.training.stages.inputs import Material
from vgg_transfer.training.stages.optimizers import Carried, build_optimizer, carry
from vgg_transfer.training.stages.rate_finder import find_rate
from vgg_transfer.training.stages.waiting import InputClock


@dataclass(frozen=True)
class Finished:
    """What a stage hands on. ``stopped_by`` is set where the training cannot or shall not go on."""

    outcome: StageOutcome
    epochs: tuple[Epoch, ...]
    carried: Carried
    stopped_by: KeyboardInterrupt | TrainingError | None = None


def run_stage(
    session: Session, plan: Plan, carried: Carried, before: StageOutcome | None
) -> Finished:
    """Run a stage and leave the network with its best weights, whatever ended it."""
    stage = plan.stage
    session = session.at(stage)
    frozen = _frozen_digest(session.network, stage)
    try:
        if stage.optimizer == "exact":
            finished = _solve(session, plan, carried)
        else:
            with ExitStack() as open_stores:
                finished = _fit(session, plan, carried, before, open_stores)
    except tf.errors.OpError as error:
        raise own_error(error) from error
    except StoreDamaged as damage:
        raise _altered(str(damage)) from damage
    if _frozen_digest(session.network, stage) != frozen:
        raise TrainingError(
            f"stage {plan.number} ({stage.title}) changed a tensor that is frozen in it; please "
            "report this: the result of this training cannot be trusted"
        )
    return finished


def _fit(
    session: Session,
    plan: Plan,
    carried: Carried,
    before: StageOutcome | None,
    open_stores: ExitStack,
) -> Finished:
    network, stage, number = session.network, plan.stage, plan.number
    began = time.perf_counter()
    shares = {block: network.recipe.rate_share(stage, block) for block in stage.train}
    try:
        used = material(session, plan, open_stores)
        if stage.find_rate:
            stage = _with_found_rate(session, plan, used, shares, carried)
    except KeyboardInterrupt as reason:
        return Finished(_nothing_done(plan, reason, began), (), carried, reason)
    optimizer, variables = _compile(session, stage, used.model, shares, carried)
    best = BestWeights(network, stage, _comparable(stage, before))
    clock = InputClock()
    recorder = Recorder(number, len(session.train), shares, clock, session.listen)
    size = session.shape(stage).batch_size
    steps = steps_per_epoch(len(session.train), size)
    validation_steps = steps_per_epoch(len(session.validation), size)
    session.listen(StageBegan(number, stage, stage.epochs * (steps + validation_steps)))
    stopped_by: KeyboardInterrupt | TrainingError | None = None
    try:
        used.model.fit(
            clock.timed(used.train),
            epochs=stage.epochs,
            steps_per_epoch=steps,
            validation_data=used.validation,
            class_weight=session.class_weights,
            callbacks=[
                PlannedRate(stage, steps),
                FreshRandomness(network, session.seed, number),
                LossGuard(stage, number),
                best,
                recorder,
                *_keras_callbacks(session, stage, number),
            ],
            shuffle=False,  # the batches come in the order that the seed decides
            verbose=0,
        )
    except (KeyboardInterrupt, TrainingError) as reason:
        stopped_by = reason
    best.put_back()
    outcome = StageOutcome(
        stage=number,
        title=stage.title,
        epochs=len(recorder.epochs),
        best_epoch=best.best_epoch,
        monitor=best.monitor,
        best=best.best_value if math.isfinite(best.best) else None,
        ended=_why(stage, len(recorder.epochs), stopped_by),
        seconds=time.perf_counter() - began,
    )
    session.listen(StageEnded(outcome))
    carried = carry(stage, optimizer, variables, carried)
    return Finished(outcome, tuple(recorder.epochs), carried, stopped_by)


def _solve(session: Session, plan: Plan, carried: Carried) -> Finished:
    """Solve the head exactly; the history gets one epoch."""
    stage, number = plan.stage, plan.number
    parts, size = (session.train, session.validation), session.shape(stage).batch_size
    session.listen(
        StageBegan(number, stage, sum(steps_per_epoch(len(part), size) for part in parts))
    )
    began = time.perf_counter()
    network = session.network
    prepare(network, network.model, stage.train, "sgd", network.recipe.head.dropout)
    try:
        chosen, scores = solve_head(network, *head_inputs(session, plan), session.class_weights)
    except KeyboardInterrupt as reason:
        return Finished(_nothing_done(plan, reason, began), (), carried, reason)
    seconds = time.perf_counter() - began
    epoch = Epoch(
        stage=number,
        epoch=1,
        **scores,
        rates={},
        seconds=seconds,
        images_per_second=sum(map(len, parts)) / seconds,
        waiting_share=0.0,
        peak_memory_mb=peak_memory_mb(),
    )
    session.listen(EpochEnded(epoch))
    head = network.recipe.head
    # A loss with penalties or smoothed labels is another number: later stages do not compare.
    comparable = not (head.l1 or head.l2 or head.label_smoothing)
    monitor = "val_loss" if comparable else "validation log loss"
    outcome = StageOutcome(
        number, stage.title, 1, 1, monitor, scores["val_loss"], f"solved: {chosen}", seconds
    )
    session.listen(StageEnded(outcome))
    return Finished(outcome, (epoch,), carried)


def _nothing_done(plan: Plan, reason: KeyboardInterrupt, began: float) -> StageOutcome:
    """Return the outcome of a stage that was interrupted before its first epoch."""
    return StageOutcome(
        stage=plan.number,
        title=plan.stage.title,
        epochs=0,
        best_epoch=0,
        monitor=monitor_of(plan.stage),
        best=None,
        ended=_why(plan.stage, 0, reason),
        seconds=time.perf_counter() - began,
    )


def _compile(
    session: Session, stage: Stage, model: keras.Model, shares: dict[str, float], carried: Carried
) -> tuple[keras.Optimizer, list[Any]]:
    """Set what trains, with an optimizer for exactly these variables."""
    network, jit_compile = session.network, session.device.jit_compile
    dropout = network.recipe.head.dropout if stage.dropout is None else stage.dropout
    # The order of a model's variables is Keras's own, so the flags are set before it is asked.
    prepare(network, model, stage.train, "sgd", dropout, jit_compile)
    variables = list(model.trainable_variables)
    block_of = {
        variable.path: block
        for block, layers in network.blocks.items()
        for layer in layers
        for variable in layer.weights
    }
    per_variable = [shares[block_of[variable.path]] for variable in variables]
    optimizer = build_optimizer(stage, variables, per_variable, carried)
    prepare(network, model, stage.train, optimizer, dropout, jit_compile)
    return optimizer, variables


def _with_found_rate(
    session: Session,
    plan: Plan,
    used: Material,
    shares: dict[str, float],
    carried: Carried,
) -> Stage:
    """Return the stage with the rate that a short test finds; nothing else changes."""
    began = time.perf_counter()
    _compile(session, plan.stage, used.model, shares, carried)
    rate = find_rate(session.network, used, session.class_weights)
    if rate is None:
        session.listen(
            Said(f"stage {plan.number}: no rate stands out, {plan.stage.rate:g} is kept")
        )
        return plan.stage
    seconds = time.perf_counter() - began
    session.listen(Said(f"stage {plan.number}: rate {rate:.2g} found in {seconds:.0f} s"))
    return plan.stage.changed(rate=rate)


def _comparable(stage: Stage, before: StageOutcome | None) -> float | None:
    """Return what the weights that a stage starts with have reached, where that can be compared."""
    same = before is not None and before.monitor == monitor_of(stage)
    return before.best if before is not None and same else None


def _keras_callbacks(session: Session, stage: Stage, number: int) -> list[Any]:
    callbacks: list[Any] = []
    if stage.stopping:
        callbacks.append(
            keras.callbacks.EarlyStopping(
                monitor=stage.stopping.monitor,
                patience=stage.stopping.patience,
                min_delta=stage.stopping.min_delta,
                mode="max" if stage.stopping.monitor == "val_accuracy" else "min",
            )
        )
    if isinstance(stage.plan, PlateauPlan):
        callbacks.append(
            keras.callbacks.ReduceLROnPlateau(
                monitor=stage.plan.monitor,
                factor=stage.plan.factor,
                patience=stage.plan.patience,
                min_lr=stage.plan.minimum,
                mode="max" if stage.plan.monitor == "val_accuracy" else "min",
            )
        )
    if session.tensorboard:
        folder = session.tensorboard / f"stage{number}"
        callbacks.append(keras.callbacks.TensorBoard(folder, update_freq="epoch"))
    return callbacks


def _why(stage: Stage, epochs: int, stopped_by: BaseException | None) -> str:
    if isinstance(stopped_by, KeyboardInterrupt):
        return f"interrupted after {epochs} full epochs"
    if stopped_by is not None:
        return str(stopped_by)
    if stage.stopping and epochs < stage.epochs:
        return f"{stage.stopping.monitor} did not improve for {stage.stopping.patience} epochs"
    return "all epochs done"


def _frozen_digest(network: Network, stage: Stage) -> str:
    digest = hashlib.sha256()
    for block, layers in network.blocks.items():
        if block not in stage.train:
            for layer in layers:
                for variable in layer.weights:
                    digest.update(keras.ops.convert_to_numpy(variable).tobytes())
    return digest.hexdigest()


def own_error(error: Exception) -> Exception:
    """Return the error of ours that TensorFlow tells of, or the error itself."""
    found = failures.own_error(error)
    return _altered(str(found)) if isinstance(found, StoreDamaged) else found


def _altered(damage: str) -> TrainingError:
    return TrainingError(
        f"stored activations were altered while the training read them ({damage}). Train again: "
        "what is damaged is found and computed again; or leave them out with --no-cache"
    )
