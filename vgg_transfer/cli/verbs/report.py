"""``vgg-transfer report``: a training or a comparison as one page to look at and to show."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options import target as target_options

if TYPE_CHECKING:
    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.comparison import Comparison
    from vgg_transfer.report.html.write import WrittenReport
    from vgg_transfer.run import Run

_ENDINGS = (".html",)


def report(
    folder: target_options.Folder,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html", help="A new file. [default: report.html in the folder, renewed]"
        ),
    ] = None,
    no_heatmaps: Annotated[
        bool,
        typer.Option("--no-heatmaps", help="Do not look for what decided the answers: seconds."),
    ] = False,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Write a run or a comparison as one HTML file: it needs no network and nothing beside it.

    Pictures in it are small copies. Tick what is labelled wrongly and export it as a file for
    `--fixes`.
    """
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.drawings import ReportAnswer
    from vgg_transfer.cli.new_file import check_new

    if out is not None:
        check_new(out, _ENDINGS)
    found, screen = target_options.read_target(folder), open_screen(as_json)
    written = show_report(screen, found, out, not no_heatmaps)
    screen.answer(
        ReportAnswer(written.file.absolute(), written.size, written.pictures, written.moved)
    )


def show_report(
    screen: "Screen", found: "Run | Comparison", out: Path | None = None, heatmaps: bool = True
) -> "WrittenReport":
    """Write a report and say where it is."""
    from vgg_transfer.cli.display.screen import near
    from vgg_transfer.cli.quiet import load_tensorflow
    from vgg_transfer.run import Run

    if heatmaps and isinstance(found, Run):
        load_tensorflow()
    from vgg_transfer.cli.display.training import counting
    from vgg_transfer.report.html.write import write_report
    from vgg_transfer.words import counted, size_in_words

    with counting(screen, "looks for what decided the answers") as listen:
        written = write_report(found, out, heatmaps, listen)
    shown = counted(written.pictures, "picture", ",")
    moved = f"; {written.moved:,} lie no longer where they were" if written.moved else ""
    lines = [str(near(written.file.absolute())), f"{shown}, {size_in_words(written.size)}{moved}"]
    screen.note("report", lines)
    return written
