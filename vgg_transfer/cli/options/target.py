"""How a verb asks for something that was trained: the folder of a run or of a comparison."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vgg_transfer.comparison import Comparison
    from vgg_transfer.run import Run

Folder = Annotated[
    Path,
    typer.Argument(
        metavar="RUN|COMPARISON",
        help="Folder that `vgg-transfer train` or `vgg-transfer compare` wrote.",
    ),
]


def read_target(folder: Path) -> "Run | Comparison":
    """Return what lies in a folder: a comparison, or else a run."""
    from vgg_transfer import run as record
    from vgg_transfer.comparison import read_comparison
    from vgg_transfer.comparison.record import FILE
    from vgg_transfer.disk import is_there

    return read_comparison(folder) if is_there(folder / FILE) else record.read(folder)
