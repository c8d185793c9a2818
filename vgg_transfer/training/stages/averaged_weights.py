"""The average of a stage's weights over its steps: what is validated and kept in their place."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import keras
from keras import ops

from vgg_transfer.images.feed import Batches
from vgg_transfer.network import Network
from vgg_transfer.recipe import Stage

Logs = Mapping[str, Any] | None

# Statistics of batch norm are of that many training images: enough for a mean and a variance.
_IMAGES = 2_000


class AveragedWeights(keras.callbacks.Callback):  # type: ignore[misc]
    """Puts the average of the weights into the network while an epoch is validated and kept.

    So all numbers on validation images, and what watches them, are of the average; the steps of the
    next epoch go on with the weights that train. It stands behind whatever keeps the network's
    weights at the end of an epoch.

    Keras's own (``use_ema`` with ``SwapEMAWeights``) counts the weights after the first step like
    all that was before them, has no plain mean, and leaves batch norm the statistics of other
    weights.
    """

    def __init__(
        self,
        network: Network,
        stage: Stage,
        variables: Sequence[keras.Variable],
        batches: Batches,
        steps_per_epoch: int,
    ) -> None:
        super().__init__()
        self.variables, self.batches = variables, batches
        self.norms = [
            layer
            for block in stage.train
            for layer in network.blocks[block]
            if isinstance(layer, keras.layers.BatchNormalization)
        ]
        self.fades = stage.keep == "ema"
        epochs = stage.average_epochs or 1
        self.steps_to_fade = epochs * steps_per_epoch
        self.means: deque[list[Any]] = deque(maxlen=1 if self.fades else int(epochs))
        self.steps, self.mean = 0, self._nothing()
        self.trained: list[Any] = []

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Begin a mean of this epoch alone, where no weights fade."""
        if not self.fades:
            self.steps, self.mean = 0, self._nothing()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Count the weights of this step in."""
        _ = self.model  # on JAX the variables have their values only where it is asked for
        self.steps += 1
        share = self._share()
        self.mean = [
            mean + (variable.value - mean) * share
            for mean, variable in zip(self.mean, self.variables, strict=True)
        ]

    def on_test_begin(self, logs: Logs = None) -> None:
        """Put the average into the network, before the validation images go through it."""
        self.means.append(self.mean)
        self.trained = [ops.copy(variable.value) for variable in self.variables]
        for variable, parts in zip(self.variables, zip(*self.means, strict=True), strict=True):
            variable.assign(sum(parts) / len(parts))
        if self.norms:
            self._measure_statistics()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Go on with the weights that train."""
        for variable, value in zip(self.variables, self.trained, strict=True):
            variable.assign(value)
        self.trained = []

    def state(self, within_epoch: bool) -> tuple[int, dict[str, Any]]:
        """Return what a checkpoint keeps of it: the steps in the running mean, and the means.

        Args:
            within_epoch: False after an epoch, when a mean that does not fade begins anew.
        """
        arrays = {
            f"mean/{place}/{number}": part
            for place, mean in enumerate(self.means)
            for number, part in enumerate(mean)
        }
        if not (within_epoch or self.fades):
            return 0, arrays
        return self.steps, arrays | {f"mean/now/{n}": part for n, part in enumerate(self.mean)}

    def take_up(self, steps: int, arrays: Mapping[str, Any]) -> None:
        """Go on with the means of a checkpoint."""

        def mean_at(place: int | str) -> list[Any]:
            count = range(len(self.variables))
            return [ops.convert_to_tensor(arrays[f"mean/{place}/{number}"]) for number in count]

        whole = [place for place in range(len(arrays)) if f"mean/{place}/0" in arrays]
        self.means.extend(map(mean_at, whole))
        self.steps = steps
        if steps:
            self.mean = mean_at("now")

    def _share(self) -> float:
        """Return the share of this step's weights in the mean of all so far."""
        if not self.fades:
            return 1 / self.steps
        # Older weights fade by exp(-1/n) a step; divided by the sum of what all of them count for.
        return math.expm1(-1 / self.steps_to_fade) / math.expm1(-self.steps / self.steps_to_fade)

    def _measure_statistics(self) -> None:
        """Give batch norm the mean and variance of what the averaged weights hand it.

        They are no average of the statistics on the way: those were of other weights.
        """
        momenta = [layer.momentum for layer in self.norms]
        images = 0
        try:
            for batch, _ in self.batches:
                images += len(batch)
                for layer in self.norms:
                    layer.momentum = 1 - len(batch) / images  # every image counts the same
                self.model(batch, training=True)
                if images >= _IMAGES:
                    break
        finally:
            for layer, momentum in zip(self.norms, momenta, strict=True):
                layer.momentum = momentum

    def _nothing(self) -> list[Any]:
        return [ops.zeros_like(variable.value) for variable in self.variables]
