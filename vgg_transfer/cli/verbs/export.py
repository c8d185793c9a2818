"""``vgg-transfer export``: a run's model for other programs, each proved before it is there."""

from pathlib import Path
from typing import Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options.averaging import Calibrated


def export(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="Folder that `vgg-transfer train` wrote.")
    ],
    formats: Annotated[
        list[str],
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="keras, saved_model, onnx, litert, litert-int8, openvino or openvino-int8; "
            "several with commas, or all.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for the folders of the formats. [default: exports/NAME-OF-THE-RUN]",
        ),
    ] = None,
    calibrated: Calibrated = False,
    fold: Annotated[
        bool, typer.Option("--fold", help="Merge batch norm into the layers before it.")
    ] = False,
    margin: Annotated[
        float,
        typer.Option(
            metavar="POINTS",
            min=0,
            help="Accuracy that int8 may lose on the run's validation images.",
        ),
    ] = 1.0,
    no_photographs: Annotated[
        bool,
        typer.Option(
            "--no-photographs",
            help="Check by drawn patterns, so that none of your images travels with the model.",
        ),
    ] = False,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Write a run's model for other programs: raw pixels in, probabilities out.

    Beside each model lie 16 reference pictures with their answers (validation images of the run),
    a model card, and an example of ten lines. A new process checks it by them before its folder
    appears; a model that is wrong leaves nothing. `vgg-transfer check` repeats that anywhere.
    """
    from vgg_transfer import run as record
    from vgg_transfer.artefacts.runtimes import MODELS
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.quiet import load_tensorflow
    from vgg_transfer.run.refusing import check_model

    found = record.read(run)
    check_model(found)
    screen = open_screen(as_json)

    load_tensorflow()
    from vgg_transfer.cli.display.exports import show_made
    from vgg_transfer.cli.display.metrics import warn_unfinished
    from vgg_transfer.cli.display.training import counting
    from vgg_transfer.cli.json.shipping import ExportAnswer
    from vgg_transfer.exports.export import export as export_run

    asked = [one.strip() for several in formats for one in several.split(",")]
    kinds = list(MODELS) if asked == ["all"] else asked
    with counting(screen, "exports") as listen:
        made = export_run(found, kinds, out, calibrated, fold, margin, not no_photographs, listen)
    warn_unfinished(screen, found)
    show_made(screen, made)
    screen.answer(ExportAnswer(found.folder.absolute(), made))
