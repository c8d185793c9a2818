"""Every epoch as a record, every batch as an event."""

import sys
import time
from collections.abc import Mapping
from typing import Any

import keras

from vgg_transfer.events import EpochEnded, Listener, Stepped
from vgg_transfer.run import Epoch, Within
from vgg_transfer.training.stages.waiting import InputClock

Logs = Mapping[str, Any] | None


class Recorder(keras.callbacks.Callback):  # type: ignore[misc]
    """Turns every epoch into a record and every batch into a tick."""

    def __init__(
        self,
        stage_number: int,
        images: int,
        steps: int,
        rate_shares: Mapping[str, float],
        clock: InputClock,
        listen: Listener,
    ) -> None:
        super().__init__()
        self.stage_number, self.images, self.steps = stage_number, images, steps
        self.rate_shares, self.clock, self.listen = rate_shares, clock, listen
        self.epochs: list[Epoch] = []
        self.step = 0
        self.began = self.trained = self.waited = 0.0
        self.before: Within | None = None

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Start the clocks."""
        before, self.before = self.before, None
        self.step = before.step if before else 0
        self.began = self.trained = time.perf_counter() - (before.epoch_seconds if before else 0.0)
        self.waited = self.clock.seconds - (before.waited if before else 0.0)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Tick; what comes after the last batch is validation."""
        self.trained = time.perf_counter()
        self.step += 1
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

    def take_up(self, within: Within) -> None:
        """Go on with the epochs that are done, and with what the begun one took."""
        self.epochs, self.before = list(within.epochs), within

    @property
    def seconds_of_epoch(self) -> float:
        """What the epoch has taken so far."""
        return time.perf_counter() - self.began

    @property
    def waited_in_epoch(self) -> float:
        """How many of these seconds the next batch was not there yet."""
        return self.clock.seconds - self.waited


def peak_memory_mb() -> float:
    """Return the most memory this process has held, in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
