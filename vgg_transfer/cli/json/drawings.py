"""What the verbs print with ``--json`` that draw something to look at."""

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True)
class PlotAnswer:
    """A figure that was drawn."""

    file: PurePath
    figure: str


@dataclass(frozen=True)
class ReportAnswer:
    """A report that was written, of so many bytes; ``moved`` pictures have a placeholder in it."""

    file: PurePath
    size: int
    pictures: int
    moved: int
