"""Moments of a training, and the numbers from which all that is random at one of them follows."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class StageSeed:
    """A place in a training; with the image it decides all randomness."""

    seed: int
    stage: int


@dataclass(frozen=True)
class Start:
    """Where the batches of a stage begin: so many whole epochs, and steps after them, are done."""

    epoch: int = 0
    step: int = 0

    def step_of(self, epoch: int, batch: int) -> int:
        """Return a batch's place in its epoch; Keras counts from 0 where a fit begins."""
        return batch + (self.step if epoch == self.epoch else 0)


BEGINNING = Start()


def seed_words(
    stage_seed: StageSeed, epoch: int, digest: str, before: int = 0
) -> NDArray[np.int64]:
    """Return the two numbers from which one image's changes in one epoch follow.

    ``before`` is how often it came before in this epoch.
    """
    repeated = f"/{before}" if before else ""
    return _words(f"{stage_seed.seed}/{stage_seed.stage}/{epoch}/{digest}{repeated}")


def view_seed(view: int, digest: str) -> NDArray[np.int64]:
    """Return the two numbers from which a stored view of an image follows."""
    return _words(f"view/{view}/{digest}")


def mixing_seed(stage_seed: StageSeed, number: int) -> NDArray[np.int64]:
    """Return the two numbers from which it follows how the batch of this number is mixed."""
    first, second = _words(f"mix/{stage_seed.seed}/{stage_seed.stage}")
    return np.array([first, second + number])


def _words(text: str) -> NDArray[np.int64]:
    return np.frombuffer(hashlib.sha256(text.encode()).digest()[:8], np.int32).astype(np.int64)
