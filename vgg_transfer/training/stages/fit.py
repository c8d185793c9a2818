"""A stage that trains by gradients: its rate is found, Keras fits it, the chosen weights stay."""

import math
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import keras

from vgg_transfer.errors import TrainingError
from vgg_transfer.events import Said, StageBegan, StageEnded
from vgg_transfer.images.batch_form import steps_per_epoch
from vgg_transfer.images.moments import BEGINNING, Start
from vgg_transfer.images.numbered.numbered import weighted
from vgg_transfer.images.tfdata.failures import let_go
from vgg_transfer.interrupting import Interrupted
from vgg_transfer.network import Network, prepare
from vgg_transfer.recipe import Stage
from vgg_transfer.run import Filled, StageOutcome
from vgg_transfer.training.checkpoints import Taken
from vgg_transfer.training.context import Context
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.stages.averaged_weights import AveragedWeights
from vgg_transfer.training.stages.best_weights import BestWeights
from vgg_transfer.training.stages.callbacks import (
    FreshRandomness,
    LossGuard,
    PlannedRate,
    SameNumbers,
)
from vgg_transfer.training.stages.inputs import StageInputs, stage_inputs
from vgg_transfer.training.stages.keeper import Keeper, Keeping, Parts
from vgg_transfer.training.stages.optimizers import (
    OptimizerState,
    build_optimizer,
    scaling_the_loss,
    state_after,
)
from vgg_transfer.training.stages.patience import patience_callbacks
from vgg_transfer.training.stages.rate_finder import find_rate
from vgg_transfer.training.stages.recorder import Recorder
from vgg_transfer.training.stages.result import (
    StageResult,
    interrupted_before_it_began,
    monitor_of,
    reason_of_end,
)
from vgg_transfer.training.stages.start import spans, start_of
from vgg_transfer.training.stages.stores import StageStores, fill_stores
from vgg_transfer.training.stages.waiting import InputClock


def fit_stage(
    context: Context, plan: StagePlan, before: StageResult | None, keeping: Keeping
) -> StageResult:
    """Train a stage by gradients; leave the weights that it keeps in the network."""
    taken = keeping.taken
    began = time.perf_counter() - (taken.within.seconds if taken else 0.0)
    state = before.optimizer_state if before else OptimizerState()
    filled = taken.within.filled if taken else ()
    with ExitStack() as open_stores:
        try:
            stores, cost = _stores(context, plan, taken, open_stores)
            filled += tuple(one for one in cost if one.computed or not taken)
            if stores is None:  # there is no room, or nothing was to be stored
                plan = replace(plan, choice=replace(plan.choice, cut=None))
            inputs = stage_inputs(context, plan, stores)
            if plan.stage.find_rate:
                plan = _with_found_rate(context, plan, inputs, state, taken)
        except KeyboardInterrupt as pressed:
            return interrupted_before_it_began(plan, state, filled, pressed, began)
        result = _fit(context, plan, inputs, before, keeping, filled, began)
    return replace(result, filled=filled)


def _stores(
    context: Context, plan: StagePlan, taken: Taken | None, open_stores: ExitStack
) -> tuple[StageStores | None, tuple[Filled, ...]]:
    """Return the stage's stores and their cost; a stage goes on as it began, with or without."""
    if taken and not taken.within.stored:
        return None, ()
    stores, cost = fill_stores(context, plan, open_stores)
    if taken and stores is None and context.cache is not None and plan.choice.cut is not None:
        raise TrainingError(
            f"stage {plan.number} ({plan.stage.title}) was begun with stored activations, and "
            "without them it would end otherwise: make room for them, then resume again"
        )
    return stores, cost


def _fit(
    context: Context,
    plan: StagePlan,
    inputs: StageInputs,
    before: StageResult | None,
    keeping: Keeping,
    filled: tuple[Filled, ...],
    began: float,
) -> StageResult:
    network, stage, number = context.network, plan.stage, plan.number
    state = before.optimizer_state if before else OptimizerState()
    with context.spread.fitting(network):
        start_weights = keeping.begin_with_start_weights(network, stage)
        optimizer, variables = _compile(context, stage, inputs.model, state)
        keeping.go_on_with_weights(network)
        clock = InputClock()
        best = BestWeights(network, stage, _comparable(stage, before))
        steps = steps_per_epoch(len(context.train), context.shape(stage).batch_size)
        shares = _rate_shares(network, stage)
        parts = Parts(
            plan=plan,
            network=network,
            model=inputs.model,
            optimizer=optimizer,
            best=best,
            recorder=Recorder(number, len(context.train), steps, shares, clock, context.listen),
            average=_average(network, stage, inputs, best, steps),
            patience=patience_callbacks(stage),
            start_weights=start_weights,
            stored=plan.choice.cut is not None,
            filled=filled,
            began=began,
        )
        stopped_by = _run_epochs(context, parts, inputs, clock, keeping)
    best.put_back()
    epochs = tuple(parts.recorder.epochs)
    outcome = StageOutcome(
        stage=number,
        title=stage.title,
        epochs=len(epochs),
        best_epoch=best.best_epoch,
        monitor=best.monitor,
        best=best.best_value if math.isfinite(best.best) else None,
        ended=reason_of_end(stage, len(epochs), stopped_by),
        seconds=time.perf_counter() - began,
        views=plan.choice.in_words,
    )
    context.listen(StageEnded(outcome))
    state = state_after(stage, optimizer, variables, state)
    return StageResult(outcome, epochs, state, stopped_by=stopped_by)


def _average(
    network: Network, stage: Stage, inputs: StageInputs, best: BestWeights, steps: int
) -> AveragedWeights | None:
    """Return what averages the weights, where the stage wants that."""
    if not stage.keeps_average:
        return None
    one_epoch = inputs.train(BEGINNING).take(steps)
    return AveragedWeights(network, stage, best.variables, one_epoch, steps)


def _run_epochs(
    context: Context, parts: Parts, inputs: StageInputs, clock: InputClock, keeping: Keeping
) -> KeyboardInterrupt | TrainingError | None:
    """Let Keras fit the epochs that are left; return what ended them before their time."""
    model, stage, steps = parts.model, parts.plan.stage, parts.recorder.steps
    within = keeping.taken.within if keeping.taken else None
    keeper = Keeper(parts, keeping)
    callbacks = _callbacks(context, parts, start_of(within))
    validated = steps_per_epoch(len(context.validation), context.shape(stage).batch_size)
    left = sum(
        (span.end - span.start.epoch) * (steps + validated) - span.start.step
        for span in spans(within, stage.epochs)
    )
    context.listen(StageBegan(parts.plan.number, stage, left))
    stopped_by: KeyboardInterrupt | TrainingError | None = None
    try:
        for span in spans(within, stage.epochs):
            batches, weights = inputs.train(span.start), context.class_weights
            if weights and context.spread.everywhere:  # Keras would look at targets of other hosts
                batches, weights = weighted(batches, weights), None
            model.fit(
                clock.timed(batches),
                initial_epoch=span.start.epoch,
                epochs=span.end,
                steps_per_epoch=steps - span.start.step,
                validation_data=inputs.validation,
                class_weight=weights,
                callbacks=[*callbacks, keeper],
                shuffle=False,  # the batches come in the order that the seed decides
                verbose=0,
            )
            if model.stop_training:
                break
    except Interrupted as reason:
        keeper.save_within()
        stopped_by = reason
    except (KeyboardInterrupt, TrainingError) as reason:
        stopped_by = reason
    finally:
        model._eval_epoch_iterator = None  # Keras forgets it only where all goes well
    if stopped_by is not None:
        let_go(stopped_by)
    return stopped_by


def _callbacks(context: Context, parts: Parts, start: Start) -> list[keras.callbacks.Callback]:
    """Return what happens between the steps, but for what keeps it."""
    stage, number = parts.plan.stage, parts.plan.number
    callbacks = [
        SameNumbers(context.spread.hosts),
        PlannedRate(stage, parts.recorder.steps, start),
        FreshRandomness(parts.network, context.seed, number),
        LossGuard(stage, number, start),
        parts.best,
        parts.recorder,
        *parts.patience,
    ]
    if parts.average is not None:
        callbacks.append(parts.average)
    if context.tensorboard:
        folder = context.tensorboard / f"stage{number}"
        callbacks.append(keras.callbacks.TensorBoard(folder, update_freq="epoch"))
    return callbacks


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
    if context.device.precision == "fp16":  # in which small gradients would be zero
        optimizer = scaling_the_loss(optimizer, variables)
    prepare(network, model, stage.train, optimizer, dropout, jit_compile)
    return optimizer, variables


def _with_found_rate(
    context: Context,
    plan: StagePlan,
    inputs: StageInputs,
    state: OptimizerState,
    taken: Taken | None,
) -> StagePlan:
    """Return the plan with the rate that a short test finds, or found; nothing else changes."""
    if taken and taken.within.rate is not None:
        return replace(plan, stage=plan.stage.changed(rate=taken.within.rate))
    began = time.perf_counter()
    _compile(context, plan.stage, inputs.model, state)
    found = find_rate(context.network, inputs, context.class_weights)
    rate = context.spread.hosts.told(found)
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
