"""``vgg-transfer check``: do exported models still say what they said when they were made?"""

from pathlib import Path
from typing import Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options


def check(
    artefacts: Annotated[
        list[Path],
        typer.Argument(metavar="ARTEFACTS", help="Folders that `vgg-transfer export` wrote."),
    ],
    as_json: recipe_options.AsJson = False,
) -> None:
    """Ask exported models about their reference pictures, and compare the answers.

    It needs the runtime of each format and no run. Ends with 1 where an answer differs.
    """
    from vgg_transfer.artefacts import check as check_artefact
    from vgg_transfer.artefacts import read_artefact
    from vgg_transfer.cli.display.exports import show_checked
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.shipping import CheckAnswer

    screen = open_screen(as_json)
    if any(read_artefact(folder).needs_tensorflow for folder in artefacts):
        from vgg_transfer.cli.quiet import load_tensorflow

        load_tensorflow()
    found = [check_artefact(folder) for folder in artefacts]
    show_checked(screen, found)
    screen.answer(CheckAnswer(tuple(found)))
    if not all(one.passed for one in found):
        raise typer.Exit(1)
