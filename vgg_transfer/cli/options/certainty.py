"""``--certain`` and ``--unfamiliar``: when `predict` and `serve` may say "I don't know"."""

from typing import Annotated

import typer

Certain = Annotated[
    float | None,
    typer.Option(
        "--certain",
        metavar="SHARE",
        help="Say which single answers are right in this share of images (0.95); for the others "
        "give classes, the true one among them as often. [default: none; with serve 0.95, where "
        "the run has answers on validation images]",
    ),
]
Unfamiliar = Annotated[
    bool,
    typer.Option(
        "--unfamiliar",
        help="Name images unlike anything the run was trained on. Looks at the run's own images "
        "when first asked; from then on serve says it without being asked.",
    ),
]


def check_certain(certain: float | None) -> None:
    """Refuse a certainty that is no share."""
    if certain is not None and not 0 < certain < 1:
        raise typer.BadParameter(
            f"--certain is a share of images, above 0 and below 1; received {certain:g}. For 95 in "
            "100 give 0.95"
        )
