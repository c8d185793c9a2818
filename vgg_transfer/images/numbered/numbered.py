"""Batches by number, made of parts that threads read ahead."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import keras
import numpy as np

from vgg_transfer.images.numbered.placing import placed

_AHEAD = 2  # batches


@cache
def readers() -> ThreadPoolExecutor:
    """Return the threads that read files and stores, one for each core."""
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="reader")


@dataclass(frozen=True)
class Making:
    """How a batch comes about from its number.

    Args:
        rows: how many it has.
        parts: what there is to read for it in this process.
        read: reads a part, in any thread.
        join: makes the batch of its number and of what was read; for ``fit`` a tuple.
    """

    rows: Callable[[int], int]
    parts: Callable[[int], Sequence[Any]]
    read: Callable[[Any], Any]
    join: Callable[[int, list[Any]], Any]


def weighted(batches: Any, weights: Mapping[int, float]) -> "Numbered":
    """Return batches of (pixels, target) with a weight for each image: that of its class.

    Args:
        batches: as ``numbered`` makes them.
        weights: by class.
    """
    making = batches.making

    def join(number: int, read: list[Any]) -> Any:
        pixels, targets = making.join(number, read)
        several = targets.shape[-1] > 1
        labels = np.argmax(targets, axis=-1) if several else np.round(targets[:, 0])
        each = [weights.get(int(label), 1.0) for label in labels]
        return pixels, targets, np.array(each, np.float32)

    return Numbered(replace(making, join=join), batches.count, batches.period)


def _nobody(_: float) -> None:
    """Hear of no waiting."""


class Numbered(keras.utils.PyDataset):  # type: ignore[misc]
    """Batches in the order of their numbers, as Keras takes them and as a loop does.

    Args:
        making: how a batch comes about.
        count: how many there are.
        period: after how many they begin anew. [default: ``count``]
        waited: is told the seconds for which each was awaited. [default: nobody]
    """

    def __init__(
        self,
        making: Making,
        count: int,
        period: int | None = None,
        waited: Callable[[float], None] = _nobody,
    ) -> None:
        super().__init__()  # with threads of our own: Keras's would each make a batch alone
        self.making, self.count, self.period = making, count, period or count
        self.waited = waited
        self._ahead: dict[int, list[Future[Any]]] = {}

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, number: int) -> tuple[Any, ...]:
        """Return a batch as Keras takes it: a tuple. The next ones are being read meanwhile."""
        batch = self._made(number)
        return batch if isinstance(batch, tuple) else (batch,)

    def __iter__(self) -> Iterator[Any]:
        try:
            for number in range(self.count):
                yield self._made(number)
        finally:
            self._forget()

    def take(self, count: int) -> "Numbered":
        """Return the first batches."""
        return Numbered(self.making, min(count, self.count), self.period, self.waited)

    def repeat(self) -> "Numbered":
        """Return the batches again and again, without end."""
        return Numbered(self.making, sys.maxsize, self.period, self.waited)

    def timed(self, waited: Callable[[float], None]) -> "Numbered":
        """Return the same batches; ``waited`` is told the seconds for which each was awaited."""
        return Numbered(self.making, self.count, self.period, waited)

    def on_epoch_end(self) -> None:
        """Go on reading: batches of several epochs follow each other."""

    def _made(self, number: int) -> Any:
        began = time.perf_counter()
        if number not in self._ahead:
            self._forget()  # another pass
        for coming in range(number, min(number + 1 + _AHEAD, self.count)):
            if coming not in self._ahead:
                parts = self.making.parts(coming % self.period)
                self._ahead[coming] = [readers().submit(self.making.read, part) for part in parts]
        try:
            read = [future.result() for future in self._ahead.pop(number)]
        except BaseException:
            self._forget()
            raise
        within = number % self.period
        batch = placed(self.making.join(within, read), self.making.rows(within))
        self.waited(time.perf_counter() - began)
        return batch

    def _forget(self) -> None:
        """Read no further."""
        for futures in self._ahead.values():
            for future in futures:
                future.cancel()
        self._ahead.clear()
