"""``vgg-transfer plot``: a figure of a training or a comparison, as a file."""

from pathlib import Path
from typing import Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options import target as target_options

_ENDINGS = (".png", ".pdf", ".svg")


def plot(
    folder: target_options.Folder,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="A new file for it: .png, .pdf or .svg.")
    ],
    figure: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="history, confusion or contact-sheet of a run; accuracy-against-cost of a "
            "comparison. [default: the first of them]",
        ),
    ] = None,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Draw a figure of a run or of a comparison: the same ones that `vt.plots` draws."""
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.drawings import PlotAnswer
    from vgg_transfer.cli.new_file import check_new, write_new
    from vgg_transfer.cli.quiet import load_tensorflow

    check_new(out, _ENDINGS)
    found, screen = target_options.read_target(folder), open_screen(as_json)
    from vgg_transfer import report

    name = report.figure_named(found, figure)
    if name == "contact-sheet":
        load_tensorflow()
    drawn = report.draw_figure(found, name)
    kind = out.suffix.lower().removeprefix(".")
    write_new(out, _ENDINGS, lambda file: report.write_figure(drawn, file, kind))
    screen.note("saved in", [str(out)])
    screen.answer(PlotAnswer(out.absolute(), name))
