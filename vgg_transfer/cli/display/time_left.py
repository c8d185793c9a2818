"""How long a training still takes: measured in the running stage, foretold for the others."""

import time
from collections.abc import Callable, Sequence

from vgg_transfer.recipe import Stage
from vgg_transfer.recipe.stage import BASE_BLOCKS

# Multiplications of VGG16's blocks at any size, in thousandths of the whole.
_FORWARD = dict(zip(BASE_BLOCKS, (126, 181, 301, 301, 91), strict=True))


class TimeLeft:
    """Upper bounds, since early stopping may end any stage sooner.

    The first batch of a stage is not counted: it takes long for reasons that do not come again.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._stages: Sequence[Stage] = ()
        self._number = self._steps = self._done = 0
        self._since = 0.0

    def planned(self, stages: Sequence[Stage]) -> None:
        """All stages that will be run; all name their image size, or none of them."""
        self._stages = stages

    def began(self, steps: int, number: int = 0) -> None:
        """At most this many batches begin: those of a stage (from 1), or others (0)."""
        self._number, self._steps, self._done = number, steps, 0

    def stepped(self) -> None:
        """A batch is done."""
        self._done += 1
        if self._done == 1:
            self._since = self._clock()

    @property
    def here(self) -> float | None:
        """Seconds left for what began last; None while there is nothing to judge by."""
        return None if self._done < 2 else self._per_step() * max(self._steps - self._done, 0)

    @property
    def in_all(self) -> float | None:
        """Seconds left for all stages; None where this stage says too little about later ones."""
        here, later = self.here, self._stages[self._number :]
        if here is None or not self._number:
            return None
        current = self._stages[self._number - 1]
        if later and not _cost(current):
            return None
        per_pass = self._per_step() * self._steps / passes(current)
        return here + sum(
            per_pass * passes(stage) * _cost(stage) / _cost(current) for stage in later
        )

    def _per_step(self) -> float:
        return (self._clock() - self._since) / (self._done - 1)


def passes(stage: Stage) -> int:
    """Return how often a stage looks at all images, at most."""
    return 1 if stage.optimizer == "exact" else stage.epochs


def _cost(stage: Stage) -> int:
    """Return what the blocks that train cost.

    The frozen ones are left out: they may be stored, and without them a later stage, which trains
    more, comes out too long rather than too short.
    """
    pixels = (stage.size or 1) ** 2
    return pixels * sum(_FORWARD.get(block, 0) for block in stage.train)
