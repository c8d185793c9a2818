"""What happens between the steps of Keras's own loop."""

import math
from collections.abc import Mapping
from typing import Any

import keras

from vgg_transfer.errors import TrainingError
from vgg_transfer.images.moments import BEGINNING, Start
from vgg_transfer.network import Network
from vgg_transfer.network.vgg import seed_for
from vgg_transfer.recipe import Stage
from vgg_transfer.training.spread.hosts import Hosts
from vgg_transfer.training.stages.rates import rate_at

Logs = Mapping[str, Any] | None


class SameNumbers(keras.callbacks.Callback):  # type: ignore[misc]
    """Gives all processes the first one's numbers of an epoch, so that they decide alike.

    It stands before all other callbacks.
    """

    def __init__(self, hosts: Hosts) -> None:
        super().__init__()
        self.hosts = hosts

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Wait for the first one, which may have written a checkpoint: a step gives up earlier."""
        self.hosts.all_say(None)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Put the first one's numbers in the place of our own."""
        if logs and self.hosts.count > 1:
            logs.update(self.hosts.told({name: float(value) for name, value in logs.items()}))


class PlannedRate(keras.callbacks.Callback):  # type: ignore[misc]
    """Sets the rate before each step, where the plan says one."""

    def __init__(self, stage: Stage, steps_per_epoch: int, start: Start = BEGINNING) -> None:
        super().__init__()
        self.stage, self.steps_per_epoch, self.start = stage, steps_per_epoch, start
        self.epoch = 0

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Remember the epoch (from 0)."""
        self.epoch = epoch

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Set the rate of this step."""
        step = self.epoch * self.steps_per_epoch + self.start.step_of(self.epoch, batch)
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

    def __init__(self, stage: Stage, stage_number: int, start: Start = BEGINNING) -> None:
        super().__init__()
        self.stage, self.stage_number, self.start = stage, stage_number, start
        self.epoch = 0

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Remember the epoch (from 0)."""
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Check the running loss."""
        self._check("loss", logs, f"step {self.start.step_of(self.epoch, batch) + 1}, ")

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
