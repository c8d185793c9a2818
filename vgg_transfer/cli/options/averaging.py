"""``--tta`` and ``--calibrated``: the options that `evaluate`, `predict` and `serve` share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vgg_transfer.recipe import Averaging

Tta = Annotated[
    str | None,
    typer.Option(
        "--tta",
        metavar="none|flip|V",
        help="Test-time augmentation: average over the mirror image, or over V augmented views. "
        "[default: tta of the run's recipe]",
    ),
]
Calibrated = Annotated[
    bool,
    typer.Option(
        "--calibrated",
        help="Give probabilities that keep what they promise: at the temperature that was fitted "
        "on the run's validation images. Answers stay as they are. [default: the probabilities of "
        "the saved model]",
    ),
]


def averaging_of(text: str | None) -> "Averaging | None":
    """Return what the option asks for; None leaves it to the recipe."""
    from vgg_transfer.recipe import read_averaging

    return None if text is None else read_averaging(text)


def refuse_of_artefact(
    place: Path, tta: str | None, calibrated: bool, certain: float | None, unfamiliar: bool
) -> None:
    """Refuse options that take a run, where an exported model is given."""
    asked = {
        "--tta": tta is not None,
        "--calibrated": calibrated,
        "--certain": certain is not None,
        "--unfamiliar": unfamiliar,
    }
    given = ", ".join(name for name, is_given in asked.items() if is_given)
    if given:
        raise typer.BadParameter(
            f'{given} takes a run, and "{place}" is an exported model: leave it out, or give the '
            "run (a temperature is given to a model as it is exported)"
        )
