"""``vgg-transfer predict``: what is on these images."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options.averaging import Calibrated, Tta, averaging_of, refuse_of_artefact
from vgg_transfer.cli.options.certainty import Certain, Unfamiliar, check_certain

if TYPE_CHECKING:
    from vgg_transfer.cli.prediction_asked import Asked
    from vgg_transfer.cli.standard_input import Stream
    from vgg_transfer.images.pictures import Given


def predict(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN|ARTEFACT",
            help="Folder that `vgg-transfer train` or `vgg-transfer export` wrote.",
        ),
    ],
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATHS",
            help="Image files, folders of them, and patterns such as 'photos/**/*.jpg'. A single "
            "- reads a list of files, one a line or each behind a NUL, or one picture's bytes.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write a file instead of a table: .csv, .json, .jsonl (a line for each file) or "
            ".parquet.",
        ),
    ] = None,
    go_on: Annotated[
        bool,
        typer.Option(
            "--continue",
            help="Go on where the same command was ended before --out was written whole. With "
            "--watch: add to the file.",
        ),
    ] = False,
    watch: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="In place of PATHS: answer for files as they arrive in a folder, until Ctrl-C. "
            "--json gives a line for each, --out a .csv or .jsonl that grows.",
        ),
    ] = None,
    top: Annotated[int, typer.Option(metavar="K", min=1, help="Give the K likeliest classes.")] = 1,
    raw: Annotated[
        bool,
        typer.Option(
            "--raw",
            help="In a CSV, leave names as they are that a spreadsheet takes for formulas "
            "(=, +, -, @ in front). [default: behind an apostrophe]",
        ),
    ] = False,
    tta: Tta = None,
    calibrated: Calibrated = False,
    certain: Certain = None,
    unfamiliar: Unfamiliar = False,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Say what is on images.

    Folders are searched with all folders in them. Files that are no images are listed.
    """
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.new_file import check_new
    from vgg_transfer.cli.predicting import predict_files, watch_folder
    from vgg_transfer.cli.prediction_files import ENDINGS, check_can_be_written
    from vgg_transfer.disk import is_there

    _check_usage(paths or [], out, go_on, watch, raw, certain)
    if out is not None and not (watch is not None and go_on and is_there(out)):
        check_new(out, ENDINGS)
        check_can_be_written(out)
    asked = _asked(run, tta, calibrated, certain, unfamiliar, top)
    screen = open_screen(as_json)
    if watch is not None:
        watch_folder(watch, out, asked, raw, screen)
    else:
        # What is not there is refused before TensorFlow is waited for.
        predict_files(_chosen(paths or []), out, go_on, asked, raw, screen)


def _asked(
    place: Path,
    tta: str | None,
    calibrated: bool,
    certain: float | None,
    unfamiliar: bool,
    top: int,
) -> "Asked":
    """Return what lies in a folder, and what it is asked for: here alone it is decided."""
    from vgg_transfer import run as record
    from vgg_transfer.artefacts import is_artefact
    from vgg_transfer.cli.prediction_asked import asked_of_artefact, asked_of_run
    from vgg_transfer.run.refusing import check_model

    if is_artefact(place):
        refuse_of_artefact(place, tta, calibrated, certain, unfamiliar)
        return asked_of_artefact(place, top)
    found = record.read(place)
    check_model(found)
    return asked_of_run(found, averaging_of(tta), calibrated, certain, unfamiliar, top)


def _check_usage(
    paths: Sequence[str],
    out: Path | None,
    go_on: bool,
    watch: Path | None,
    raw: bool,
    certain: float | None,
) -> None:
    """Refuse options that do not go together."""
    ending = "" if out is None else out.suffix.lower()
    if bool(paths) is (watch is not None):
        raise typer.BadParameter("give PATHS, or --watch DIR in their place")
    if "-" in paths and len(paths) > 1:
        raise typer.BadParameter("- stands alone: it reads what is listed on standard input")
    if raw and ending != ".csv":
        raise typer.BadParameter("--raw is for tables, which --out FILE.csv writes")
    if go_on and out is None:
        raise typer.BadParameter("--continue goes on with a file: give it as --out FILE")
    if watch is not None and out is not None and ending not in (".csv", ".jsonl"):
        raise typer.BadParameter("with --watch a file grows by lines: --out FILE.csv or FILE.jsonl")
    check_certain(certain)


def _chosen(paths: Sequence[str]) -> Iterable["Given"]:
    """Return what is to be predicted, found as it is used."""
    from vgg_transfer.cli.standard_input import pictures_on
    from vgg_transfer.images.pictures import each_given

    return (
        pictures_on(cast("Stream", sys.stdin.buffer)) if list(paths) == ["-"] else each_given(paths)
    )
