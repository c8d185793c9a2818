"""``vgg-transfer doctor``: why is it bad, and what can be done about it."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.errors import ImageSetError
from vgg_transfer.words import counted

if TYPE_CHECKING:
    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.doctor import Diagnosis
    from vgg_transfer.finding import Finding

_MOST_SHOWN = 60
_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold"}


def doctor(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="TARGET",
            help="A source of images as for `vgg-transfer train`, a run folder that it wrote, or "
            "the name or TOML file of a recipe.",
        ),
    ] = None,
    catalogue: Annotated[
        bool, typer.Option("--list", help="Show all that can be found, with reasons, instead.")
    ] = False,
    recipe: Annotated[
        str | None,
        typer.Option(metavar="RECIPE", help="Of images: examine this recipe beside them too."),
    ] = None,
    no_model: Annotated[
        bool,
        typer.Option(
            "--no-model", help="Use no network: the record of a run, the files of images only."
        ),
    ] = False,
    sheet: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", help="Of images: show those behind the findings."),
    ] = None,
    fixes: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Of images: write what would be left out or relabelled to this new table, for "
            "--fixes of other verbs; where it is there, examine the images as it says.",
        ),
    ] = None,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Say what is wrong with images, a recipe or a run, why it matters, and what to do.

    Errors come first, then warnings, then notes.
    """
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.diagnoses import DoctorAnswer
    from vgg_transfer.cli.new_file import check_new
    from vgg_transfer.cli.quiet import load_tensorflow
    from vgg_transfer.disk import is_there
    from vgg_transfer.doctor import diagnose

    if catalogue == (target is not None):
        raise typer.BadParameter("give a TARGET to examine, or --list, one of them")
    screen = open_screen(as_json)
    if target is None:
        _show_catalogue(screen)
        return
    known = fixes if fixes is not None and is_there(fixes) else None
    if fixes is not None and known is None:
        check_new(fixes, (".csv",))
    if not no_model:
        load_tensorflow()
    from vgg_transfer.cli.display.training import TrainingDisplay

    with TrainingDisplay(screen) as display:
        diagnosis = diagnose(target, recipe, not no_model, display, known)
    screen.note("examined", [diagnosis.target, *diagnosis.examined])
    for finding in diagnosis.findings:
        _show(screen, finding)
    screen.say()
    screen.say(diagnosis.in_words)
    if sheet is not None:
        _draw(screen, diagnosis, sheet)
    if fixes is not None and known is None:
        _write_fixes(screen, diagnosis, target, fixes)
    screen.answer(DoctorAnswer.of(diagnosis, fixes))


def _draw(screen: "Screen", diagnosis: "Diagnosis", file: Path) -> None:
    """Write the sheet of suspects, as many as can be looked at."""
    from vgg_transfer.doctor.images import draw_contact_sheet

    shown = diagnosis.suspects[:_MOST_SHOWN]
    if not shown:
        screen.say("There is no picture to show.")
        return
    draw_contact_sheet([(one.record.path, (one.record.path.name, one.why)) for one in shown], file)
    left = len(diagnosis.suspects) - len(shown)
    more = f", and {left} more are not shown" if left else ""
    screen.note("sheet", [f"{file}: {counted(len(shown), 'picture')}{more}"])


def _write_fixes(screen: "Screen", diagnosis: "Diagnosis", target: str, file: Path) -> None:
    """Write what would be left out or relabelled, and say how to see whether it helps."""
    from vgg_transfer.images.fix_file import save_fix_file

    if diagnosis.fixes is None:
        raise ImageSetError(
            f"{diagnosis.target} is no set of images, and only images can be left out or "
            "relabelled: leave --fixes out"
        )
    save_fix_file(diagnosis.fixes, file)
    labels = sum(bool(one.label) for one in diagnosis.fixes)
    left_out = counted(len(diagnosis.fixes) - labels, "picture")
    use = f"vgg-transfer train {shlex.quote(target)} --fixes {shlex.quote(str(file))}"
    said = f"{file}: {left_out} to leave out, {labels} to relabel; look at it, then use it:"
    screen.note("fixes", [said, use])


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
