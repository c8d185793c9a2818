"""The head solved exactly: regularised logistic regression on pooled features."""

import time
from typing import Any

import numpy as np

from vgg_transfer.events import EpochEnded, StageBegan, StageEnded
from vgg_transfer.images.tfdata.batches import steps_per_epoch
from vgg_transfer.network import Network, prepare
from vgg_transfer.network.parts import pooled
from vgg_transfer.run import Epoch, StageOutcome
from vgg_transfer.training.context import Context
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.stages.optimizers import OptimizerState
from vgg_transfer.training.stages.recorder import peak_memory_mb
from vgg_transfer.training.stages.result import StageResult, interrupted_before_it_began
from vgg_transfer.training.stages.stores import Labelled, model_outputs

# Inverse strengths of the penalty on standardised features, strongest first.
STRENGTHS = tuple(10.0**power for power in range(-5, 2))


def solve_stage(context: Context, plan: StagePlan, before: StageResult | None) -> StageResult:
    """Solve the head exactly; the history gets one epoch."""
    network, stage, number = context.network, plan.stage, plan.number
    state = before.optimizer_state if before else OptimizerState()
    parts, size = (context.train, context.validation), context.shape(stage).batch_size
    steps = sum(steps_per_epoch(len(part), size) for part in parts)
    context.listen(StageBegan(number, stage, steps))
    began = time.perf_counter()
    prepare(network, network.model, stage.train, "sgd", network.recipe.head.dropout)

    def head_inputs(start: str | None) -> Any:
        return pooled(network, start)

    try:
        train, validation, filled = model_outputs(context, plan, head_inputs, head_inputs)
        chosen, scores = solve_head(network, train, validation, context.class_weights)
    except KeyboardInterrupt as pressed:
        return interrupted_before_it_began(plan, state, (), pressed, began)
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
    context.listen(EpochEnded(epoch))
    head = network.recipe.head
    # A loss with penalties or smoothed labels is another number: later stages do not compare.
    comparable = not (head.l1 or head.l2 or head.label_smoothing)
    monitor = "val_loss" if comparable else "validation log loss"
    outcome = StageOutcome(
        number, stage.title, 1, 1, monitor, scores["val_loss"], f"solved: {chosen}", seconds
    )
    context.listen(StageEnded(outcome))
    return StageResult(outcome, (epoch,), state, filled)


def solve_head(
    network: Network, train: Labelled, validation: Labelled, class_weights: dict[int, float] | None
) -> tuple[str, dict[str, float]]:
    """Put the best logistic regression into the head's output layer.

    The strength with the least validation loss wins. Return what was chosen, and its losses and
    accuracies under the names of a history.

    Args:
        network: the network whose output layer is set.
        train: what the output layer receives of the training images, with their labels.
        validation: the same of the validation images.
        class_weights: the weight of each class in the loss; None: all the same.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train[0].astype(np.float64))
    features, unseen = (scaler.transform(x.astype(np.float64)) for x, _ in (train, validation))
    models = [
        LogisticRegression(C=strength, max_iter=1000, class_weight=class_weights).fit(
            features, train[1]
        )
        for strength in STRENGTHS
    ]
    losses = [
        float(log_loss(validation[1], model.predict_proba(unseen), labels=model.classes_))
        for model in models
    ]
    best = models[int(np.argmin(losses))]
    _set_output(network, best, scaler)
    return f"logistic regression, C = {best.C:g}", {
        "loss": float(log_loss(train[1], best.predict_proba(features), labels=best.classes_)),
        "accuracy": float(best.score(features, train[1])),
        "val_loss": min(losses),
        "val_accuracy": float(best.score(unseen, validation[1])),
    }


def _set_output(network: Network, model: Any, scaler: Any) -> None:
    """Write the solution, with the scaling folded in, into the output layer."""
    kernel = (model.coef_ / scaler.scale_).T
    bias = model.intercept_ - scaler.mean_ @ kernel
    output = network.blocks["head"][-1]
    if kernel.shape[1] == 1 and output.units == 2:
        # Two classes as softmax: all of the difference goes to the second logit.
        kernel = np.concatenate([np.zeros_like(kernel), kernel], axis=1)
        bias = np.concatenate([np.zeros_like(bias), bias])
    output.set_weights([kernel.astype(np.float32), bias.astype(np.float32)])
