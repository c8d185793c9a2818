"""Patience: Keras's callbacks that end a stage, or lower its rate, without progress."""

from typing import Any

import keras

from vgg_transfer.recipe import Stage
from vgg_transfer.recipe.stage import PlateauPlan


def patience_callbacks(stage: Stage) -> list[Any]:
    """Return the callbacks for a stage's ``stopping`` and for a plan ``plateau``."""
    callbacks: list[Any] = []
    if stage.stopping:
        callbacks.append(
            keras.callbacks.EarlyStopping(
                monitor=stage.stopping.monitor,
                patience=stage.stopping.patience,
                min_delta=stage.stopping.min_delta,
                mode=_mode(stage.stopping.monitor),
            )
        )
    if isinstance(stage.plan, PlateauPlan):
        callbacks.append(
            keras.callbacks.ReduceLROnPlateau(
                monitor=stage.plan.monitor,
                factor=stage.plan.factor,
                patience=stage.plan.patience,
                min_lr=stage.plan.minimum,
                mode=_mode(stage.plan.monitor),
            )
        )
    return callbacks


def _mode(monitor: str) -> str:
    return "max" if monitor == "val_accuracy" else "min"
