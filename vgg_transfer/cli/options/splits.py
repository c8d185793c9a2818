"""The options that say how images are split, the same for every verb that reads images."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vgg_transfer.images import Fold, Splitting

Val = Annotated[
    float | None,
    typer.Option(metavar="SHARE", help="Share of each class drawn for val. [default: 0.15]"),
]
Test = Annotated[
    float | None,
    typer.Option(metavar="SHARE", help="Share of each class drawn for test. [default: 0.15]"),
]
FoldText = Annotated[
    str | None,
    typer.Option(
        "--fold",
        metavar="N/K",
        help="Fold N of K is the test split (val, where the images have a test split already).",
    ),
]
Group = Annotated[
    str | None,
    typer.Option(
        metavar="REGEX",
        help="Images whose paths agree in this, such as 'patient(\\d+)', stay in one split.",
    ),
]
SplitsFile = Annotated[
    Path | None,
    typer.Option(
        "--splits",
        metavar="FILE",
        help="Split as this CSV says: a run's images.csv, or of `vgg-transfer images --save`.",
    ),
]


def read_splitting(
    val: float | None,
    test: float | None,
    fold: str | None,
    group: str | None,
    splits: Path | None,
) -> "Splitting":
    """Return what the options ask for, the split file read."""
    from vgg_transfer.images import Shares, Splitting
    from vgg_transfer.images.splits import SplitFile, read_split_file

    kept = read_split_file(splits) if splits is not None else SplitFile({}, {})
    return Splitting(Shares(val, test), _fold(fold), group, kept.digests, kept.paths)


def _fold(text: str | None) -> "Fold | None":
    from vgg_transfer.images import Fold

    if text is None:
        return None
    numbers = re.fullmatch(r"(\d+)/(\d+)", text)
    if numbers is None:
        raise typer.BadParameter(
            f'"{text}" is not a fold: write 2/5 for the second of five', param_hint="--fold"
        )
    return Fold(int(numbers[1]), int(numbers[2]))
