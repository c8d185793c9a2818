"""A stage that trains by gradients: its rate is found, Keras fits it, the chosen weights stay."""

import math
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import keras

from vgg_transfer.errors import TrainingError
from vgg_transfer.events import Said, StageBegan, StageEnded
from vgg_transfer.images.tfdata.batches import steps_per_epoch
from vgg_transfer.images.tfdata.failures import let_go
from vgg_transfer.network import Network, prepare
from vgg_transfer.recipe import Stage
from vgg_transfer.run import Filled, StageOutcome
from vgg_transfer.training.context import Context
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.stages.averaged_weights import AveragedWeights
from vgg_transfer.training.stages.best_weights import BestWeights
from vgg_transfer.training.stages.callbacks import FreshRandomness, LossGuard, PlannedRate
from vgg_transfer.training.stages.inputs import StageInputs, stage_inputs
from vgg_transfer.training.stages.optimizers import OptimizerState, build_optimizer, state_after
from vgg_transfer.training.stages.patience import patience_callbacks
from vgg_transfer.training.stages.rate_finder import find_rate
from vgg_transfer.training.stages.recorder import Recorder
from vgg_transfer.training.stages.result import (
    StageResult,
    interrupted_before_it_began,
    monitor_of,
    reason_of_end,
)
from vgg_transfer.training.stages.stores import fill_stores
from vgg_transfer.training.stages.waiting import InputClock


def fit_stage(context: Context, plan: StagePlan, before: StageResult | None) -> StageResult:
    """Train a stage by gradients; leave the weights that it keeps in the network."""
    began, state = time.perf_counter(), before.optimizer_state if before else OptimizerState()
    filled: tuple[Filled, ...] = ()
    with ExitStack() as open_stores:
        try:
            stores, filled = fill_stores(context, plan, open_stores)
            if stores is None:  # there is no room, or nothing was to be stored
                plan = replace(plan, choice=replace(plan.choice, cut=None))
            inputs = stage_inputs(context, plan, stores)
            if plan.stage.find_rate:
                plan = _with_found_rate(context, plan, inputs, state)
        except KeyboardInterrupt as pressed:
            return interrupted_before_it_began(plan, state, filled, pressed, began)
        result = _fit(context, plan, inputs, before, began)
    return replace(result, filled=filled)


def _fit(
    context: Context,
    plan: StagePlan,
    inputs: StageInputs,
    before: StageResult | None,
    began: float,
) -> StageResult:
    network, stage, number = context.network, plan.stage, plan.number
    state = before.optimizer_state if before else OptimizerState()
    optimizer, variables = _compile(context, stage, inputs.model, state)
    best = BestWeights(network, stage, _comparable(stage, before))
    clock = InputClock()
    shares = _rate_shares(network, stage)
    recorder = Recorder(number, len(context.train), shares, clock, context.listen)
    size = context.shape(stage).batch_size
    steps = steps_per_epoch(len(context.train), size)
    validation_steps = steps_per_epoch(len(context.validation), size)
    callbacks = [
        PlannedRate(stage, steps),
        FreshRandomness(network, context.seed, number),
        LossGuard(stage, number),
        best,
        recorder,
        *patience_callbacks(stage),
    ]
    if stage.keeps_average:
        one_epoch = inputs.train.take(steps)
        callbacks.append(AveragedWeights(network, stage, best.variables, one_epoch, steps))
    if context.tensorboard:
        folder = context.tensorboard / f"stage{number}"
        callbacks.append(keras.callbacks.TensorBoard(folder, update_freq="epoch"))
    context.listen(StageBegan(number, stage, stage.epochs * (steps + validation_steps)))
    stopped_by: KeyboardInterrupt | TrainingError | None = None
    try:
        inputs.model.fit(
            clock.timed(inputs.train),
            epochs=stage.epochs,
            steps_per_epoch=steps,
            validation_data=inputs.validation,
            class_weight=context.class_weights,
            callbacks=callbacks,
            shuffle=False,  # the batches come in the order that the seed decides
            verbose=0,
        )
    except (KeyboardInterrupt, TrainingError) as reason:
        stopped_by = reason
    finally:
        inputs.model._eval_epoch_iterator = None  # Keras forgets it only where all goes well
    if stopped_by is not None:
        let_go(stopped_by)
    best.put_back()
    outcome = StageOutcome(
        stage=number,
        title=stage.title,
        epochs=len(recorder.epochs),
        best_epoch=best.best_epoch,
        monitor=best.monitor,
        best=best.best_value if math.isfinite(best.best) else None,
        ended=reason_of_end(stage, len(recorder.epochs), stopped_by),
        seconds=time.perf_counter() - began,
        views=plan.choice.in_words,
    )
    context.listen(StageEnded(outcome))
    state = state_after(stage, optimizer, variables, state)
    return StageResult(outcome, tuple(recorder.epochs), state, stopped_by=stopped_by)


def _rate_shares(network: Network, stage: Stage) -> dict[str, float]:
    """Return the factor on the stage's rate for each block that trains."""
    return {block: network.recipe.rate_share(stage, block) for block in stage.train}


def _compile(
    context: Context, stage: Stage, model: keras.Model, state: OptimizerState
) -> tuple[keras.Optimizer, list[Any]]:
    """Set what trains; return an optimizer for exactly these variables, and the variables."""
    network, jit_compile = context.network, context.device.jit_compile
    dropout = network.recipe.head.dropout if stage.dropout is None else stage.dropout
    # The order of a model's variables is Keras's own, so the flags are set before it is asked.
    prepare(network, model, stage.train, "sgd", dropout, jit_compile)
    variables = list(model.trainable_variables)
    share_of = {
        variable.path: share
        for block, share in _rate_shares(network, stage).items()
        for layer in network.blocks[block]
        for variable in layer.weights
    }
    per_variable = [share_of[variable.path] for variable in variables]
    optimizer = build_optimizer(stage, variables, per_variable, state)
    prepare(network, model, stage.train, optimizer, dropout, jit_compile)
    return optimizer, variables


def _with_found_rate(
    context: Context, plan: StagePlan, inputs: StageInputs, state: OptimizerState
) -> StagePlan:
    """Return the plan with the rate that a short test finds; nothing else changes."""
    began = time.perf_counter()
    _compile(context, plan.stage, inputs.model, state)
    rate = find_rate(context.network, inputs, context.class_weights)
    if rate is None:
        kept = f"no rate stands out, {plan.stage.rate:g} is kept"
        context.listen(Said(f"stage {plan.number}: {kept}"))
        return plan
    seconds = time.perf_counter() - began
    context.listen(Said(f"stage {plan.number}: rate {rate:.2g} found in {seconds:.0f} s"))
    return replace(plan, stage=plan.stage.changed(rate=rate))


def _comparable(stage: Stage, before: StageResult | None) -> float | None:
    """Return what the weights that a stage starts with have reached, where that can be compared."""
    same = before is not None and before.outcome.monitor == monitor_of(stage)
    return before.outcome.best if before is not None and same else None
