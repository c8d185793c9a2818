"""``vgg-transfer predict``: what is on these images."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options.averaging import Calibrated, Tta, averaging_of

if TYPE_CHECKING:
    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.run import Prediction

_SHOWN = 20


def predict(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="Folder that `vgg-transfer train` wrote.")
    ],
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATHS", help="Image files, and folders of them.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv|FILE.json", help="Write a file instead of a table."),
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
    certain: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Give the classes that an image may be of, the true one among them in this share "
            "of images (0.95), and say of which single answers so many are right.",
        ),
    ] = None,
    unfamiliar: Annotated[
        bool,
        typer.Option(
            "--unfamiliar",
            help="Name images unlike anything the run was trained on. Looks at the run's own "
            "images when first asked.",
        ),
    ] = False,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Say what is on images.

    Folders are searched with all folders in them. Files that are no images are listed.
    """
    from vgg_transfer import run as record
    from vgg_transfer.cli import prediction_files
    from vgg_transfer.cli.new_file import check_new
    from vgg_transfer.images.pictures import given
    from vgg_transfer.run.refusing import check_model

    if raw and (out is None or out.suffix.lower() != ".csv"):
        raise typer.BadParameter("--raw is for tables, which --out FILE.csv writes")
    if certain is not None and not 0 < certain < 1:
        raise typer.BadParameter(
            f"--certain is a share of images, above 0 and below 1; received {certain:g}. For 95 in "
            "100 give 0.95"
        )
    if out is not None:
        check_new(out, prediction_files.ENDINGS)
    found = record.read(run)
    check_model(found)
    given(paths)  # refuses what is not there before TensorFlow is waited for

    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.quiet import load_tensorflow

    load_tensorflow()
    from vgg_transfer.cli.display.metrics import warn_unfinished
    from vgg_transfer.cli.display.training import counting
    from vgg_transfer.deploy import predict as predict_paths
    from vgg_transfer.errors import ImageSetError
    from vgg_transfer.words import counted

    averaging = averaging_of(tta)
    screen = open_screen(as_json)
    with counting(screen, "predicts") as listen:
        predictions = predict_paths(
            found, paths, averaging, listen, calibrated, certain, unfamiliar
        )
    warn_unfinished(screen, found)
    unreadable = [each for each in predictions if each.error is not None]
    if len(unreadable) == len(predictions):
        raise ImageSetError("\n".join(["none of the files is an image:", *_reasons(unreadable)]))
    if out is not None:
        prediction_files.write(out, found, predictions, top, raw)
        counts = Counter(each.label for each in predictions if each.label is not None)
        lines = [f"{name}: {counted(count, 'image')}" for name, count in counts.most_common(_SHOWN)]
        screen.note("found", [*lines, *_more(len(counts))])
    elif not as_json:
        _show(screen, predictions, top)
    if unreadable:
        files = counted(len(predictions), "file")
        screen.say(f"\n{len(unreadable)} of {files} cannot be read:", "yellow")
        screen.say("\n".join(_reasons(unreadable)))
    if out is not None:
        screen.note("saved in", [str(out)])
    screen.answer(prediction_files.answer(found, predictions, top))


def _show(screen: "Screen", predictions: "list[Prediction]", top: int) -> None:
    from rich.table import Column, Table
    from rich.text import Text

    from vgg_transfer.words import printable

    more = [
        head
        for head, name in (("sure", "sure"), ("may be", "possible"), ("familiar", "familiar"))
        if any(getattr(each, name) is not None for each in predictions)
    ]
    table = Table(
        Column("path", overflow="fold"),
        Column("class", overflow="fold"),
        Column("probability", justify="right", no_wrap=True),
        *(Column(head, overflow="fold") for head in more),
        box=None,
        padding=(0, 2, 0, 0),
        pad_edge=False,
        header_style="dim",
    )
    for each in predictions:
        path = printable(each.path)
        said = _said(each)
        for name, probability in list(each.probabilities.items())[:top]:
            table.add_row(Text(path), Text(printable(name)), f"{probability:.1%}", *said)
            said = ["" for _ in said]
            # A person needs it once; a program that reads lines needs it in each.
            path = "" if screen.console.is_terminal else path
    screen.console.print(table)


def _said(each: "Prediction") -> list[str]:
    """Return what was asked for of a prediction beside its class, in words."""
    from vgg_transfer.words import listed, printable

    said = []
    if each.sure is not None:
        said.append("yes" if each.sure else "I don't know")
    if each.possible is not None:
        names = [printable(name) for name in each.possible]
        said.append(listed(names, quoted=False) or "none is likely enough")
    if each.familiar is not None:
        said.append("yes" if each.familiar else "unlike anything trained on")
    return said


def _reasons(unreadable: "list[Prediction]") -> list[str]:
    from vgg_transfer.words import printable

    lines = [f'  "{printable(each.path)}": {each.error}' for each in unreadable]
    return [*lines[:_SHOWN], *_more(len(lines))]


def _more(number: int) -> list[str]:
    return [f"and {number - _SHOWN} more"] if number > _SHOWN else []
