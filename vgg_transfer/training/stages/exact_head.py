"""The head solved exactly: regularised logistic regression on pooled features."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from vgg_transfer.events import EpochEnded, Said, StageBegan, StageEnded
from vgg_transfer.images.batch_form import steps_per_epoch
from vgg_transfer.network import Network, prepare
from vgg_transfer.network.parts import pooled
from vgg_transfer.recipe import Stage
from vgg_transfer.run import Epoch, StageOutcome
from vgg_transfer.training.context import Context
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.stages.cross_validation import folds_of, held_out_probabilities
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
        chosen, scores = _solve(context, stage, train, validation)
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
    monitor = _monitor(network, stage)
    outcome = StageOutcome(
        stage=number,
        title=stage.title,
        epochs=1,
        best_epoch=1,
        monitor=monitor,
        best=scores["val_loss"],
        ended=f"solved: {chosen}",
        seconds=seconds,
        views=plan.choice.in_words,
    )
    context.listen(StageEnded(outcome))
    if stage.fits_validation and number < len(network.recipe.stage):
        flatters = "its head has seen the validation images: later numbers on them flatter"
        context.listen(Said(f"stage {number}: {flatters}"))
    return StageResult(outcome, (epoch,), state, filled)


def _solve(
    context: Context, stage: Stage, train: Labelled, validation: Labelled
) -> tuple[str, dict[str, float]]:
    """Solve the head as the stage says; return what was chosen, and its losses and accuracies."""
    network, weights = context.network, context.class_weights
    if not stage.fits_validation:
        return solve_head(network, train, validation, weights)
    features, labels = (np.concatenate(both) for both in zip(train, validation, strict=True))
    digests = [record.digest for record in (*context.train, *context.validation)]
    # Matrices this small gain nothing from threads: beside other work they took 20 times as long.
    with threadpool_limits(1):
        return solve_head_on_all(network, (features, labels), digests, weights)


def _monitor(network: Network, stage: Stage) -> str:
    """Return the name of the stage's loss: another one where later stages must not compare."""
    head = network.recipe.head
    if stage.fits_validation:
        return "cross-validated log loss"  # the weights that are left have seen these images
    # A loss with penalties or smoothed labels is another number.
    comparable = not (head.l1 or head.l2 or head.label_smoothing)
    return "val_loss" if comparable else "validation log loss"


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


def solve_head_on_all(
    network: Network,
    images: Labelled,
    digests: Sequence[str],
    class_weights: dict[int, float] | None,
) -> tuple[str, dict[str, float]]:
    """Put a logistic regression that is fitted on all images into the head's output layer.

    The strength with the least loss on held-out folds wins. Return what was chosen, and its losses
    and accuracies under the names of a history; those of validation are of the held-out folds.

    Args:
        network: the network whose output layer is set.
        images: what the output layer receives of training and validation images, with their labels.
        digests: of each image, which decide the folds.
        class_weights: the weight of each class in the loss; None: all the same.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss
    from sklearn.preprocessing import StandardScaler

    features, labels = images[0].astype(np.float64), images[1]
    folds = folds_of(labels.tolist(), digests)
    held_out = held_out_probabilities(features, labels, folds, STRENGTHS, class_weights)
    losses = [float(log_loss(labels, one)) for one in held_out]
    best = int(np.argmin(losses))
    scaler = StandardScaler().fit(features)
    seen = scaler.transform(features)
    model = LogisticRegression(C=STRENGTHS[best], max_iter=1000, class_weight=class_weights).fit(
        seen, labels
    )
    _set_output(network, model, scaler)
    chosen = f"logistic regression, C = {STRENGTHS[best]:g}, by cross-validation"
    return f"{chosen}, fitted on training and validation images", {
        "loss": float(log_loss(labels, model.predict_proba(seen))),
        "accuracy": float(model.score(seen, labels)),
        "val_loss": losses[best],
        "val_accuracy": float(np.mean(model.classes_[held_out[best].argmax(axis=1)] == labels)),
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
