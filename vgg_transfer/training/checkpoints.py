"""When a training writes down how far it has come, and what that is."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keras import ops
from numpy.typing import NDArray

from vgg_transfer.events import Listener, Said
from vgg_transfer.network import Network
from vgg_transfer.run import Checkpoint, Progress, Within, keep_checkpoint
from vgg_transfer.run.checkpoint import Arrays
from vgg_transfer.training.stages.optimizers import OptimizerState

# A checkpoint may cost this share of the time since the one before.
_MOST_COST = 0.03
_BYTES_A_SECOND = 75e6  # until one is written: as measured on a machine with much else to do
_WEIGHTS, _STATE = "weights/", "state/"


class Pace:
    """Decides when a checkpoint is due, by what the last one cost, and writes it.

    Nothing of a training depends on when that is.

    Args:
        folder: of the run.
        minutes: of an epoch, after which one is due in its middle.
        listen: hears of one that could not be written.
        seconds_before: what the training took before it was taken up again. [default: 0]
        bytes_expected: of the first one, which says what it may cost. [default: 0]
        writes: False in a process that leaves this to another. [default: True]
    """

    def __init__(
        self,
        folder: Path,
        minutes: float,
        listen: Listener,
        seconds_before: float = 0.0,
        bytes_expected: int = 0,
        writes: bool = True,
    ) -> None:
        self.folder, self.seconds_within, self.listen = folder, 60 * minutes, listen
        self.last = time.perf_counter()
        self.began = self.last - seconds_before
        self.cost, self.failed = bytes_expected / _BYTES_A_SECOND, False
        self.writes = writes

    @property
    def seconds(self) -> float:
        """What the training took so far, with all that was before it was taken up again."""
        return time.perf_counter() - self.began

    def is_due(self) -> bool:
        """Return whether an epoch that ends now is worth a checkpoint."""
        return self.writes and time.perf_counter() - self.last >= self.cost / _MOST_COST

    def is_overdue(self) -> bool:
        """Return whether one is due in the middle of an epoch."""
        return time.perf_counter() - self.last >= self.seconds_within and self.is_due()

    def keep(self, progress: Progress, arrays: Arrays) -> None:
        """Write a checkpoint; where the disk does not take it, say so and go on."""
        if not self.writes:
            return
        began = time.perf_counter()
        try:
            keep_checkpoint(self.folder, Checkpoint(progress, arrays))
        except OSError as error:
            if not self.failed:
                self.listen(
                    Said(f"a checkpoint could not be written, the training goes on: {error}")
                )
            self.failed = True
        self.last = time.perf_counter()
        self.cost = self.last - began


@dataclass(frozen=True)
class Taken:
    """What a stage takes up where it was left: how far it had come, and its tensors by name."""

    within: Within
    arrays: Arrays = field(default_factory=dict)

    @property
    def has_optimizer(self) -> bool:
        """False where a finished run goes on, which keeps nothing of its optimizer."""
        return any(name.startswith("optimizer/") for name in self.arrays)


def weights_of(network: Network, blocks: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Return all weights of these blocks, named for a checkpoint."""
    return {
        _WEIGHTS + variable.path: ops.convert_to_numpy(variable)
        for block in blocks
        for layer in network.blocks[block]
        for variable in layer.weights
    }


def put_weights(network: Network, arrays: Arrays) -> None:
    """Give a network the weights of a checkpoint; others stay what they are."""
    for layers in network.blocks.values():
        for layer in layers:
            for variable in layer.weights:
                if _WEIGHTS + variable.path in arrays:
                    variable.assign(arrays[_WEIGHTS + variable.path])


def arrays_of_state(state: OptimizerState) -> dict[str, NDArray[Any]]:
    """Return what optimizers have learnt in the stages that are done, named for a checkpoint."""
    return {_STATE + path: slot for path, slot in state.slots.items()}


def state_in(checkpoint: Checkpoint) -> OptimizerState:
    """Return what optimizers had learnt in the stages that were done."""
    slots = {
        name.removeprefix(_STATE): array
        for name, array in checkpoint.arrays.items()
        if name.startswith(_STATE)
    }
    return OptimizerState(checkpoint.progress.optimizer, slots, checkpoint.progress.steps)
