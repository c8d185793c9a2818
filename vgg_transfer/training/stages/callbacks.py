"""What happens between the steps of Keras's own loop."""

import math
import sys
import time
from collections.abc import Mapping
from typing import Any

import keras

from vgg_transfer.errors import TrainingError
from vgg_transfer.events import EpochEnded, Listener, Stepped
from vgg_transfer.network import Network
from vgg_transfer.network.vgg import seed_for
from vgg_transfer.recipe import Stage
from vgg_transfer.run import Epoch
from vgg_transfer.training.stages.rates import rate_at
from vgg_transfer.training.stages.waiting import InputClock

Logs = Mapping[str, Any] | None


class PlannedRate(keras.callbacks.Callback):  # type: ignore[misc]
    """Sets the rate before each step, where the plan says one."""

    def __init__(self, stage: Stage, steps_per_epoch: int) -> None:
        super().__init__()
        self.stage, self.steps_per_epoch, self.epoch = stage, steps_per_epoch, 0

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Remember the epoch (from 0)."""
        self.epoch = epoch

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Set the rate of this step."""
        step = self.epoch * self.steps_per_epoch + batch
        rate = rate_at(self.stage, step, self.steps_per_epoch)
        if rate is not None:
            self.model.optimizer.learning_rate = rate


class FreshRandomness(keras.callbacks.Callback):  # type: ignore[misc]
    """Seeds dropout from (seed, stage, epoch) at each epoch, so that nothing depends on history."""

    def __init__(self, network: Network, seed: int, stage_number: int) -> None:
        super().__init__()
        self.dropouts = [
            layer
            for layers in network.blocks.values()
            for layer in layers
            if isinstance(layer, keras.layers.Dropout)
        ]
        self.place = f"{seed}/{stage_number}"

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Seed every dropout layer."""
        for layer in self.dropouts:
            state = layer.seed_generator.state
            state.assign([seed_for(0, f"{self.place}/{epoch}/{layer.name}"), 0])


class LossGuard(keras.callbacks.Callback):  # type: ignore[misc]
    """Stops with an error as soon as the loss is not a number."""

    def __init__(self, stage: Stage, stage_number: int) -> None:
        super().__init__()
        self.stage, self.stage_number, self.epoch = stage, stage_number, 0

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Remember the epoch (from 0)."""
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Check the running loss."""
        self._check("loss", logs, f"step {batch + 1}, ")

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Check the loss on the validation images."""
        self._check("val_loss", logs, "")

    def _check(self, name: str, logs: Logs, step: str) -> None:
        loss = float((logs or {}).get(name, 0.0))
        if not math.isfinite(loss):
            what = "loss" if name == "loss" else "validation loss"
            rate = float(self.model.optimizer.learning_rate)
            raise TrainingError(
                f"the {what} became {loss} in stage {self.stage_number} ({self.stage.title}), "
                f"epoch {self.epoch + 1}, {step}at rate {rate:g}. The last good weights are "
                f"kept. Train with a smaller rate: --set stage.{self.stage_number}.rate="
                f"{self.stage.rate / 10:g}"
            )


class BestWeights(keras.callbacks.Callback):  # type: ignore[misc]
    """Keeps the best weights of the blocks that train, and puts them back.

    Where the stage keeps its last ones, every epoch with a finite value counts as the best.
    """

    def __init__(self, network: Network, stage: Stage, best_before: float | None) -> None:
        super().__init__()
        self.keeps_last = stage.keep == "last"
        self.monitor = monitor_of(stage)
        self.sign = -1.0 if self.monitor == "val_accuracy" else 1.0
        self.variables = [
            variable
            for block in stage.train
            for layer in network.blocks[block]
            for variable in layer.weights
        ]
        self.best = math.inf if best_before is None else self.sign * best_before
        self.best_epoch = 0
        self.values = self._now()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Keep the weights where they are better than all before, or where the last are wanted."""
        current = self.sign * float((logs or {})[self.monitor])
        wanted = math.isfinite(current) if self.keeps_last else current < self.best
        if wanted:
            self.best, self.best_epoch, self.values = current, epoch + 1, self._now()

    def put_back(self) -> None:
        """Give the network the weights that are kept."""
        for variable, value in zip(self.variables, self.values, strict=True):
            variable.assign(value)

    @property
    def best_value(self) -> float:
        """The monitored value of the weights that are kept."""
        return self.sign * self.best

    def _now(self) -> list[Any]:
        return [keras.ops.convert_to_numpy(variable).copy() for variable in self.variables]


class Recorder(keras.callbacks.Callback):  # type: ignore[misc]
    """Turns every epoch into a record and every batch into a tick."""

    def __init__(
        self,
        stage_number: int,
        images: int,
        rate_shares: Mapping[str, float],
        clock: InputClock,
        listen: Listener,
    ) -> None:
        super().__init__()
        self.stage_number, self.images, self.rate_shares = stage_number, images, rate_shares
        self.clock, self.listen = clock, listen
        self.epochs: list[Epoch] = []
        self.began = self.trained = self.waited = 0.0

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Start the clocks."""
        self.began = self.trained = time.perf_counter()
        self.waited = self.clock.seconds

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Tick; what comes after the last batch is validation."""
        self.trained = time.perf_counter()
        self.listen(Stepped())

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Tick."""
        self.listen(Stepped())

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Write the epoch down."""
        logs = logs or {}
        rate = float(self.model.optimizer.learning_rate)
        training_seconds = max(self.trained - self.began, 1e-9)
        record = Epoch(
            stage=self.stage_number,
            epoch=epoch + 1,
            loss=float(logs["loss"]),
            accuracy=float(logs["accuracy"]),
            val_loss=float(logs["val_loss"]),
            val_accuracy=float(logs["val_accuracy"]),
            rates={block: rate * share for block, share in self.rate_shares.items()},
            seconds=time.perf_counter() - self.began,
            images_per_second=self.images / training_seconds,
            waiting_share=min(1.0, (self.clock.seconds - self.waited) / training_seconds),
            peak_memory_mb=peak_memory_mb(),
        )
        self.epochs.append(record)
        self.listen(EpochEnded(record))


def monitor_of(stage: Stage) -> str:
    """Return what decides which weights of a stage are best."""
    return stage.stopping.monitor if stage.stopping else "val_loss"


def peak_memory_mb() -> float:
    """Return the most memory this process has held, in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
