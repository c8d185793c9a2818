"""The best weights of a stage, kept while it trains and restored when it ends."""

import math
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from vgg_transfer.network import Network
from vgg_transfer.recipe import Stage
from vgg_transfer.training.stages.result import monitor_of


class BestWeights(keras.callbacks.Callback):  # type: ignore[misc]
    """Keeps the best weights of the blocks that train, and puts them back.

    Where the stage keeps its last ones, or an average, every epoch with a finite value counts as
    the best.
    """

    def __init__(self, network: Network, stage: Stage, best_before: float | None) -> None:
        super().__init__()
        self.keeps_last = stage.keep != "best"
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

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Keep the weights where they are better than all before, or where the last are wanted."""
        current = self.sign * float((logs or {})[self.monitor])
        wanted = math.isfinite(current) if self.keeps_last else current < self.best
        if wanted:
            self.best, self.best_epoch, self.values = current, epoch + 1, self._now()

    def arrays(self) -> dict[str, Any]:
        """Return what a checkpoint keeps of it: nothing where the best weights are those now."""
        pairs = zip(self._now(), self.values, strict=True)
        if all(np.array_equal(now, value) for now, value in pairs):
            return {}
        return {f"best/{number}": value for number, value in enumerate(self.values)}

    def take_up(self, epoch: int, value: float | None, arrays: Mapping[str, Any]) -> None:
        """Go on with the best weights of a checkpoint; the network has that checkpoint's."""
        self.best_epoch = epoch
        self.best = math.inf if value is None else self.sign * value
        if "best/0" in arrays:
            self.values = [arrays[f"best/{number}"] for number in range(len(self.variables))]

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
