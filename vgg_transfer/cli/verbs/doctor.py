"""``vgg-transfer doctor``: why is it bad, and what can be done about it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options

if TYPE_CHECKING:
    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.finding import Finding

_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold"}


def doctor(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="TARGET",
            help="A run folder that `vgg-transfer train` wrote, the name of a recipe, or a TOML "
            "file.",
        ),
    ] = None,
    catalogue: Annotated[
        bool, typer.Option("--list", help="Show all that can be found, with reasons, instead.")
    ] = False,
    no_model: Annotated[
        bool, typer.Option("--no-model", help="Examine the record of a run, not its model.")
    ] = False,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Say what is wrong with a run or a recipe, why it matters, and what to do.

    Errors come first, then warnings, then notes.
    """
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.diagnoses import DoctorAnswer
    from vgg_transfer.cli.quiet import load_tensorflow
    from vgg_transfer.disk import is_there
    from vgg_transfer.doctor import diagnose

    if catalogue == (target is not None):
        raise typer.BadParameter("give a TARGET to examine, or --list, one of them")
    screen = open_screen(as_json)
    if target is None:
        _show_catalogue(screen)
        return
    if not no_model and is_there(Path(target) / "model.keras"):
        load_tensorflow()
    diagnosis = diagnose(target, model=not no_model)
    screen.note("examined", [diagnosis.target, *diagnosis.examined])
    for finding in diagnosis.findings:
        _show(screen, finding)
    screen.say()
    screen.say(diagnosis.in_words)
    screen.answer(DoctorAnswer.of(diagnosis))


def _show_catalogue(screen: "Screen") -> None:
    from vgg_transfer.cli.json.diagnoses import CatalogueAnswer
    from vgg_transfer.doctor.catalogue import SECTIONS, page

    every = (entry for entries in SECTIONS.values() for entry in entries)
    screen.answer(CatalogueAnswer(tuple(every)))
    if not screen.as_json:
        print(page(), end="")  # not through the screen: it is the page, to the letter


def _show(screen: "Screen", finding: "Finding") -> None:
    """Write what is wrong, what was seen, why it matters and what to do."""
    from vgg_transfer.doctor.catalogue import entry_of

    entry = entry_of(finding.code)
    heading = f"{entry.what} ({finding.where})" if entry else finding.where
    screen.say()
    screen.note(finding.severity, [heading], _STYLES[finding.severity])
    screen.note("  seen", [finding.seen])
    screen.note("  why", [entry.why] if entry else [])
    screen.note("  do", [finding.remedy] if finding.remedy else [])
