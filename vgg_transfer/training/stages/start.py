"""Where a fit begins: at its first step, or where it was left."""

from collections.abc import Iterator
from dataclasses import dataclass

from vgg_transfer.images.moments import Start
from vgg_transfer.run import Within


@dataclass(frozen=True)
class Span:
    """Epochs that Keras fits in one call: from a start to the end of an epoch (from 1)."""

    start: Start
    end: int


def start_of(within: Within | None) -> Start:
    """Return where a stage begins, or goes on."""
    return Start(within.epoch, within.step) if within else Start()


def spans(within: Within | None, epochs: int) -> Iterator[Span]:
    """Yield what is left to fit; a begun epoch has fewer steps, so it is a call of its own."""
    start = start_of(within)
    if within is not None and within.ended:
        return
    if start.step:
        yield Span(start, start.epoch + 1)
        start = Start(start.epoch + 1)
    if start.epoch < epochs:
        yield Span(start, epochs)
