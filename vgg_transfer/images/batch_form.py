"""The form in which a network wants its images, and what a batch is made of."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from vgg_transfer.images.squares import Resize

Encode = Callable[[Any], Any]


@dataclass(frozen=True)
class BatchForm:
    """The form in which a network wants its images."""

    size: int
    resize: Resize
    batch_size: int


class Picture(Protocol):
    """What a rendering follows from: a file, and the SHA-256 of its bytes."""

    @property
    def path(self) -> Path: ...

    @property
    def digest(self) -> str: ...


def steps_per_epoch(images: int, batch_size: int) -> int:
    """Return the number of batches in an epoch; the last one may be smaller."""
    return math.ceil(images / batch_size)
