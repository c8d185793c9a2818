"""What an export made."""

from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.artefacts import Checked


@dataclass(frozen=True)
class Kept:
    """Accuracies on the same validation images, from 0 to 1: as recorded in the run, and exported.

    Args:
        images: how many there are.
        recorded: of the run's model.
        exported: of the exported one.
    """

    images: int
    recorded: float
    exported: float

    @property
    def lost(self) -> float:
        """How many points of accuracy are lost; below 0 where it became better."""
        return 100 * (self.recorded - self.exported)


@dataclass(frozen=True)
class Made:
    """An exported model that was checked.

    Args:
        folder: where it lies.
        checked: what its check in a new process saw.
        kept: what int8 leaves of the accuracy; None for other formats.
    """

    folder: Path
    checked: Checked
    kept: Kept | None
