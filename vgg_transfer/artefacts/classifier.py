"""Whatever answers: the model of a run, or one that was exported from it."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.images.squares import Resize

Floats = NDArray[np.float32]


class Classifier(Protocol):
    """A model that is ready to be asked, by one thread at a time."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes, in the order of the probabilities."""
        ...

    @property
    def size(self) -> int:
        """The side of the squares that it looks at, in pixels."""
        ...

    @property
    def resize(self) -> Resize:
        """How pictures become squares."""
        ...

    def probabilities(self, squares: Floats) -> Floats:
        """Return a row of probabilities of all classes for each square.

        Args:
            squares: RGB pixels from 0 to 255, of shape (number, size, size, 3).
        """
        ...
