"""What a file of somebody else's holds: the layers as described in it, and their arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Parts = Mapping[str, Floats]
"""The arrays of one layer, by what they are: ``kernel``, ``bias``, ``gamma``."""


@dataclass(frozen=True)
class Stored:
    """A model as it is stored.

    Args:
        arrays: of each layer by its name, in the order in which they are stored.
        description: of the model, as Keras writes it; None where there are weights alone.
    """

    arrays: Mapping[str, Parts]
    description: Mapping[str, Any] | None = None
