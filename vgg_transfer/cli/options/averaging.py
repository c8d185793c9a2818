"""``--tta``: the option that `evaluate` and `predict` share."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vgg_transfer.deploy import Averaging

Tta = Annotated[
    str | None,
    typer.Option(
        "--tta",
        metavar="flip|V",
        help="Test-time augmentation: average over the mirror image, or over V augmented views.",
    ),
]


def averaging_of(text: str | None) -> "Averaging | None":
    """Return what the option asks for; nothing by default."""
    from vgg_transfer.deploy import read_averaging

    return None if text is None else read_averaging(text)
