"""``vgg-transfer doctor``: why is it bad, and what can be done about it."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.ctrl_c import INTERRUPTED
from vgg_transfer.cli.new_file import check_new
from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.errors import ImageSetError
from vgg_transfer.words import counted

if TYPE_CHECKING:
    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.doctor import Diagnosis, Treatment
    from vgg_transfer.finding import Finding
    from vgg_transfer.images import ImageSet

_MOST_SHOWN = 60
_MINUTES, _SEEDS = 20.0, 3
_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold"}


def doctor(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="TARGET",
            help="A source of images as for `vgg-transfer train`, a run folder that it wrote, the "
            "name or TOML file of a recipe, or a script that trains with Keras: .py, .ipynb, .md "
            "with code in it, or - for one on standard input. A script is read, never run.",
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
    treat: Annotated[
        bool,
        typer.Option("--treat", help="Try remedies, several seeds each, and say which help."),
    ] = False,
    minutes: Annotated[
        float | None,
        typer.Option(metavar="N", help="With --treat: the time for all of it. [default: 20]"),
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(metavar="N", help="With --treat: trainings of each recipe. [default: 3]"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.toml",
            help="With --treat: a new file for the recipe to use. Of a script: a new file for the "
            "recipe that it is, and FILE-mended.toml for the same with the remedies.",
        ),
    ] = None,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Say what is wrong with images, a recipe, a run or a script, why it matters, and what to do.

    Errors come first, then warnings, then notes. With --treat, what may help a run, or images with
    --recipe, is trained beside the unchanged recipe and judged on validation images; the same
    command goes on where it was.
    """
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.diagnoses import DoctorAnswer
    from vgg_transfer.cli.quiet import load_tensorflow
    from vgg_transfer.disk import is_there
    from vgg_transfer.doctor import diagnose
    from vgg_transfer.doctor.scripts import is_script
    from vgg_transfer.images import load_images

    if catalogue == (target is not None):
        raise typer.BadParameter("give a TARGET to examine, or --list, one of them")
    if target is not None and is_script(target):
        unused: dict[str, object] = {
            "--recipe": recipe,
            "--sheet": sheet,
            "--fixes": fixes,
            "--minutes": minutes,
        }
        unused |= {"--seeds": seeds, "--treat": treat or None, "--no-model": no_model or None}
        _examine_script(open_screen(as_json), target, out, unused)
        return
    if not treat and any(one is not None for one in (minutes, seeds, out)):
        raise typer.BadParameter(
            "--minutes, --seeds and --out are of --treat: give it too, or leave them out"
        )
    if out is not None:
        check_new(out, (".toml",))
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
    _say(screen, diagnosis)
    if sheet is not None:
        _draw(screen, diagnosis, sheet)
    if fixes is not None and known is None:
        _write_fixes(screen, diagnosis, target, fixes)
    treatment = None
    if treat:
        treated = target if known is None else load_images(target, fixes=known)
        limits = (_MINUTES if minutes is None else minutes, _SEEDS if seeds is None else seeds)
        treatment = _treated(screen, treated, recipe, limits, out, diagnosis)
    screen.answer(DoctorAnswer.of(diagnosis, fixes, treatment))


def _examine_script(
    screen: "Screen", target: str, out: Path | None, unused: dict[str, object]
) -> None:
    """Say what a script has wrong, and write the recipes that it is, where they are wanted."""
    from vgg_transfer.cli.display.script import check_recipe_files, save_recipes
    from vgg_transfer.cli.json.diagnoses import DoctorAnswer
    from vgg_transfer.doctor import diagnose
    from vgg_transfer.doctor.scripts import open_script, recipe_of

    given = [name for name, value in unused.items() if value is not None]
    if given:
        raise typer.BadParameter(
            f"{', '.join(given)}: a script is read and has none of that; leave it out"
        )
    if out is not None:
        check_recipe_files(out)
    story = open_script(target)
    diagnosis = diagnose(story)
    _say(screen, diagnosis)
    files: tuple[Path, ...] = ()
    left_out: tuple[str, ...] = ()
    if out is not None:
        carried = recipe_of(story)
        files, left_out = save_recipes(screen, carried, out), carried.left_out
    screen.answer(DoctorAnswer.of(diagnosis, recipes=files, left_out=left_out))


def _say(screen: "Screen", diagnosis: "Diagnosis") -> None:
    """Write what was examined and all that was found."""
    screen.note("examined", [diagnosis.target, *diagnosis.examined])
    for finding in diagnosis.findings:
        _show(screen, finding)
    screen.say()
    screen.say(diagnosis.in_words)


def _treated(
    screen: "Screen",
    target: "ImageSet | str",
    recipe: str | None,
    limits: tuple[float, int],
    out: Path | None,
    diagnosis: "Diagnosis",
) -> "Treatment":
    """Try remedies within minutes, so many seeds each; say how to go on where a person stops it."""
    from vgg_transfer.cli.display.treatment import save_recipe, show_treatment

    try:
        found = show_treatment(screen, target, recipe, limits, diagnosis)
    except KeyboardInterrupt:
        kept = "what was trained is kept, and the same command goes on"
        screen.note("stopped", [f"the treatment was interrupted; {kept}"], "bold yellow")
        raise typer.Exit(INTERRUPTED) from None
    save_recipe(screen, found, out)
    return found


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
