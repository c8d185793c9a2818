"""One stage of a training: the blocks that train are set, fitted, checked and put at their best."""

import hashlib
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from vgg_transfer.errors import ImageSetError, TrainingError
from vgg_transfer.images.batches import (
    Moment,
    Shape,
    steps_per_epoch,
    training_batches,
    validation_batches,
)
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.network import Network, prepare
from vgg_transfer.network.head import encoder
from vgg_transfer.recipe import Stage
from vgg_transfer.recipe.stage import PlateauPlan
from vgg_transfer.run import Epoch, StageOutcome
from vgg_transfer.training.callbacks import (
    BestWeights,
    FreshRandomness,
    LossGuard,
    PlannedRate,
    Recorder,
    monitor_of,
    peak_memory_mb,
)
from vgg_transfer.training.optimizers import Carried, build_optimizer, carry
from vgg_transfer.training.precision import Device
from vgg_transfer.training.probe import solve_head
from vgg_transfer.training.progress import Progress


@dataclass(frozen=True)
class Session:
    """What stays the same over all stages of a training."""

    network: Network
    image_set: ImageSet
    device: Device
    seed: int
    progress: Progress
    tensorboard: Path | None

    def shape(self, stage: Stage) -> Shape:
        """Return the form in which a stage reads its images."""
        recipe = self.network.recipe
        return Shape(recipe.size, recipe.resize, stage.batch_size or recipe.batch_size)

    @property
    def class_weights(self) -> dict[int, float] | None:
        """Return the weights of the classes in the loss, where the recipe wants them."""
        wanted = self.network.recipe.class_weights == "balanced"
        return self.image_set.class_weights() if wanted else None


@dataclass(frozen=True)
class Finished:
    """What a stage hands on. ``stopped_by`` is set where the training cannot or shall not go on."""

    outcome: StageOutcome
    epochs: tuple[Epoch, ...]
    carried: Carried
    stopped_by: KeyboardInterrupt | TrainingError | None = None


def run_stage(
    session: Session,
    number: int,
    stage: Stage,
    carried: Carried,
    before: StageOutcome | None,
) -> Finished:
    """Run a stage and leave the network with its best weights, whatever ended it."""
    frozen = _frozen_digest(session.network, stage)
    if stage.optimizer == "exact":
        finished = _solve(session, number, stage, carried)
    else:
        finished = _fit(session, number, stage, carried, before)
    if _frozen_digest(session.network, stage) != frozen:
        raise TrainingError(
            f"stage {number} ({stage.title}) changed a tensor that is frozen in it; please report "
            "this: the result of this training cannot be trusted"
        )
    return finished


def _fit(
    session: Session, number: int, stage: Stage, carried: Carried, before: StageOutcome | None
) -> Finished:
    network, recipe = session.network, session.network.recipe
    train, validation = session.image_set.split("train"), session.image_set.split("val")
    shape, encode = session.shape(stage), encoder(recipe.head, network.classes)
    shares = {block: recipe.rate_of(stage, block) / stage.rate for block in stage.train}
    steps = steps_per_epoch(len(train), shape.batch_size)
    optimizer, variables = _compile(session, stage, shares, carried)
    best = BestWeights(network, stage, _comparable(stage, before))
    recorder = Recorder(
        number, len(train), shares, session.progress.stepped, session.progress.epoch_ended
    )
    validation_steps = steps_per_epoch(len(validation), shape.batch_size)
    session.progress.stage_began(number, stage, stage.epochs * (steps + validation_steps))
    began = time.perf_counter()
    stopped_by: KeyboardInterrupt | TrainingError | None = None
    try:
        network.model.fit(
            training_batches(
                train,
                shape,
                encode,
                stage.augmentation or recipe.augmentation,
                Moment(session.seed, number),
                stage.epochs,
            ),
            epochs=stage.epochs,
            steps_per_epoch=steps,
            validation_data=validation_batches(validation, shape, encode),
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
    except tf.errors.OpError as error:
        raise _image_error(error) from error
    best.put_back()
    outcome = StageOutcome(
        stage=number,
        title=stage.title,
        epochs=len(recorder.epochs),
        best_epoch=best.best_epoch,
        monitor=best.monitor,
        best=best.best_value if math.isfinite(best.best) else 0.0,
        ended=_why(stage, len(recorder.epochs), stopped_by),
        seconds=time.perf_counter() - began,
    )
    session.progress.stage_ended(outcome)
    carried = carry(stage, optimizer, variables, carried)
    return Finished(outcome, tuple(recorder.epochs), carried, stopped_by)


def _solve(session: Session, number: int, stage: Stage, carried: Carried) -> Finished:
    """Solve the head exactly; the history gets one epoch."""
    network, recipe, device = session.network, session.network.recipe, session.device
    train, validation = session.image_set.split("train"), session.image_set.split("val")
    shape = session.shape(stage)
    steps = sum(steps_per_epoch(len(part), shape.batch_size) for part in (train, validation))
    session.progress.stage_began(number, stage, steps)
    began = time.perf_counter()
    prepare(network, network.model, stage.train, "sgd", recipe.head.dropout, device.jit_compile)
    try:
        chosen, scores = solve_head(
            network, train, validation, shape, session.class_weights, session.progress.stepped
        )
    except tf.errors.OpError as error:
        raise _image_error(error) from error
    seconds = time.perf_counter() - began
    epoch = Epoch(
        stage=number,
        epoch=1,
        **scores,
        rates={},
        seconds=seconds,
        images_per_second=(len(train) + len(validation)) / seconds,
        peak_memory_mb=peak_memory_mb(),
    )
    session.progress.epoch_ended(epoch)
    outcome = StageOutcome(
        number, stage.title, 1, 1, "val_loss", scores["val_loss"], f"solved: {chosen}", seconds
    )
    session.progress.stage_ended(outcome)
    return Finished(outcome, (epoch,), carried)


def _compile(
    session: Session, stage: Stage, shares: dict[str, float], carried: Carried
) -> tuple[keras.Optimizer, list[Any]]:
    """Set what trains, with an optimizer for exactly these variables."""
    network = session.network
    dropout = network.recipe.head.dropout if stage.dropout is None else stage.dropout
    # The order of a model's variables is Keras's own, so the flags are set before it is asked.
    prepare(network, network.model, stage.train, "sgd", dropout, session.device.jit_compile)
    variables = list(network.model.trainable_variables)
    block_of = {
        variable.path: block
        for block, layers in network.blocks.items()
        for layer in layers
        for variable in layer.weights
    }
    per_variable = [shares[block_of[variable.path]] for variable in variables]
    optimizer = build_optimizer(stage, variables, per_variable, carried)
    prepare(network, network.model, stage.train, optimizer, dropout, session.device.jit_compile)
    return optimizer, variables


def _comparable(stage: Stage, before: StageOutcome | None) -> float | None:
    """Return what the weights that a stage starts with have reached, where that can be compared."""
    same = before is not None and before.best_epoch > 0 and before.monitor == monitor_of(stage)
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
    return f"all {stage.epochs} epochs done"


def _frozen_digest(network: Network, stage: Stage) -> str:
    digest = hashlib.sha256()
    for block, layers in network.blocks.items():
        if block not in stage.train:
            for layer in layers:
                for variable in layer.weights:
                    digest.update(np.ascontiguousarray(variable).tobytes())
    return digest.hexdigest()


def _image_error(error: Exception) -> Exception:
    """Return the image error that tf.data wrapped, or the error itself."""
    _, found, text = str(error).partition("ImageSetError: ")
    return ImageSetError(text.splitlines()[0]) if found else error
