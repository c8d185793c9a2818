"""Keeps a stage as it is between two steps, so that it can go on as if nothing had happened."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from vgg_transfer.network import Network
from vgg_transfer.recipe import Stage
from vgg_transfer.run import Filled, Within
from vgg_transfer.training.checkpoints import Pace, Taken, put_weights, weights_of
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.stages.averaged_weights import AveragedWeights
from vgg_transfer.training.stages.best_weights import BestWeights
from vgg_transfer.training.stages.recorder import Recorder

Logs = Mapping[str, Any] | None
Save = Callable[[Within, Mapping[str, NDArray[Any]]], None]

_START = "start/"
_COUNTERS = {
    keras.callbacks.EarlyStopping: ("wait", "best", "stopped_epoch", "best_epoch"),
    keras.callbacks.ReduceLROnPlateau: ("wait", "best", "cooldown_counter"),
}


@dataclass(frozen=True)
class Parts:
    """All in a stage that changes from step to step, but the weights that train."""

    plan: StagePlan
    network: Network
    model: keras.Model
    optimizer: keras.Optimizer
    best: BestWeights
    recorder: Recorder
    average: AveragedWeights | None
    patience: Sequence[keras.callbacks.Callback]
    start_weights: Mapping[str, NDArray[Any]]
    stored: bool
    filled: tuple[Filled, ...]
    began: float


@dataclass(frozen=True)
class Keeping:
    """How a stage keeps what it has reached, and what it goes on with.

    Args:
        pace: says when a checkpoint is due.
        save: writes one, from what the stage knows and its tensors by name.
        taken: where the stage was left; None: it begins.
    """

    pace: Pace
    save: Save
    taken: Taken | None = None

    def begin_with_start_weights(
        self, network: Network, stage: Stage
    ) -> Mapping[str, NDArray[Any]]:
        """Return the weights that a stage with a pull began with, by name; put them back first."""
        if not stage.pull:
            return {}
        if self.taken:
            put_weights(network, self._start_weights())
        return weights_of(network, stage.train)

    def go_on_with_weights(self, network: Network) -> None:
        """Give the network the weights with which it goes on, where it had those of the start."""
        if self.taken:
            put_weights(network, self.taken.arrays)

    def _start_weights(self) -> Mapping[str, NDArray[Any]]:
        arrays = self.taken.arrays if self.taken else {}
        return {n.removeprefix(_START): one for n, one in arrays.items() if n.startswith(_START)}


class Keeper(keras.callbacks.Callback):  # type: ignore[misc]
    """Saves a stage after epochs, and within long ones; takes it up again.

    It stands behind all other callbacks, so that an epoch is whole when it is saved.
    """

    def __init__(self, parts: Parts, keeping: Keeping) -> None:
        super().__init__()
        self.parts, self.pace, self.save = parts, keeping.pace, keeping.save
        self.taken = taken = keeping.taken
        self.epochs_done = taken.within.epoch if taken else 0
        self.counters = taken.within.counters if taken else {}
        if taken:
            self._take_up(taken)

    def on_train_begin(self, logs: Logs = None) -> None:
        """Give Keras's callbacks back what they had counted: they begin anew in every fit."""
        for callback in self.parts.patience:
            for name, value in self.counters.get(type(callback).__name__, {}).items():
                setattr(callback, name, value)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Take up an epoch in its middle: what Keras and the others have just set anew."""
        taken, self.taken = self.taken, None
        if taken is None:
            return
        if self.parts.average is not None:
            self.parts.average.take_up(taken.within.averaged, taken.arrays)
        if taken.within.step:
            nothing = np.zeros((1, self.model.output_shape[-1]), np.float32)
            self.model.compute_metrics(None, nothing, nothing)  # else Keras makes them later
            self._put("metric/", enumerate(self.model.metrics_variables), taken)
            self._put("random/", self._random_states(), taken)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Save, where the epoch is long."""
        if self.pace.is_overdue():
            self.save_within()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Save, where that costs little."""
        self.epochs_done = epoch + 1
        self.counters = {
            type(callback).__name__: {name: _number(getattr(callback, name)) for name in names}
            for callback in self.parts.patience
            for kind, names in _COUNTERS.items()
            if isinstance(callback, kind)
        }
        if self.pace.is_due():
            self._save(step=0)

    def save_within(self) -> None:
        """Save between two steps of an epoch; while it is validated, nothing is saved."""
        if self.parts.recorder.step < self.parts.recorder.steps:
            self._save(self.parts.recorder.step)

    def _save(self, step: int) -> None:
        _ = self.model  # on JAX the variables have their values only where it is asked for
        parts, arrays = self.parts, dict[str, Any]()
        for slot in parts.optimizer.variables:
            arrays[f"optimizer/{slot.path}"] = slot
        arrays |= {_START + name: value for name, value in parts.start_weights.items()}
        arrays |= parts.best.arrays()
        averaged = 0
        if parts.average is not None:
            averaged, means = parts.average.state(within_epoch=step > 0)
            arrays |= means
        if step:
            arrays |= {f"metric/{n}": v for n, v in enumerate(self.model.metrics_variables)}
            arrays |= {f"random/{name}": state for name, state in self._random_states()}
        recorder = parts.recorder
        within = Within(
            stage=parts.plan.number,
            epoch=self.epochs_done,
            step=step,
            ended=bool(self.model.stop_training) and not step,
            stored=parts.stored,
            best_epoch=parts.best.best_epoch,
            best=parts.best.best_value if math.isfinite(parts.best.best) else None,
            epochs=tuple(recorder.epochs),
            seconds=time.perf_counter() - parts.began,
            epoch_seconds=recorder.seconds_of_epoch if step else 0.0,
            waited=recorder.waited_in_epoch if step else 0.0,
            rate=parts.plan.stage.rate if parts.plan.stage.find_rate else None,
            counters=self.counters,
            averaged=averaged,
            filled=parts.filled,
        )
        self.save(within, {name: ops.convert_to_numpy(value) for name, value in arrays.items()})

    def _take_up(self, taken: Taken) -> None:
        slots = [(slot.path, slot) for slot in self.parts.optimizer.variables]
        if taken.has_optimizer:
            self._put("optimizer/", slots, taken)
        self.parts.best.take_up(taken.within.best_epoch, taken.within.best, taken.arrays)
        self.parts.recorder.take_up(taken.within)

    def _put(self, group: str, variables: Any, taken: Taken) -> None:
        for name, variable in variables:
            variable.assign(taken.arrays[f"{group}{name}"])

    def _random_states(self) -> list[tuple[str, Any]]:
        return [
            (layer.name, layer.seed_generator.state)
            for layers in self.parts.network.blocks.values()
            for layer in layers
            if isinstance(layer, keras.layers.Dropout)
        ]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
