"""``vgg-transfer adopt``: a Keras model of another project becomes a run."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options.source import SOURCES

if TYPE_CHECKING:
    from vgg_transfer.adoption import Adopted


def adopt(
    model: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL", help="A .h5 or .keras file, or the folder of a SavedModel."
        ),
    ],
    data: Annotated[
        str | None,
        typer.Argument(
            metavar="DATA",
            help=f"Labelled images, which tell how pixels have to be given to it: {SOURCES}. "
            "[default: none, so that what is not said is assumed]",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="Folder for the run. [default: runs/adopted-MODEL]"),
    ] = None,
    classes: Annotated[
        str | None,
        typer.Option(
            metavar="cats,dogs",
            help="Classes in the order of the model's outputs. [default: as a class_indices.json, "
            "class_names.json, labels.txt or classes.txt beside it says, else those of DATA]",
        ),
    ] = None,
    order: Annotated[
        str | None, typer.Option(metavar="RGB|BGR", help="Order of colours. [default: it is tried]")
    ] = None,
    scaling: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="How pixels were scaled: 0..255, /255, -1..1, imagenet (preprocess_input) or "
            "torch. [default: it is tried]",
        ),
    ] = None,
    resize: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="How pictures became squares: squash, crop or pad. [default: it is tried]",
        ),
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=8,
            max=2048,
            help="Side of the images in pixels, where the model takes any. [default: 224]",
        ),
    ] = None,
    images: Annotated[
        int, typer.Option(metavar="N", min=1, help="Look at so many labelled images, at most.")
    ] = 200,
    seed: recipe_options.Seed = 0,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Make a run of a VGG16 or VGG19 classifier that another project has saved.

    Nothing that it brings is run. With labelled images it is found out how pixels were given to it
    when it was trained, and in which order its classes stand.
    """
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.quiet import load_tensorflow

    load_tensorflow()
    from vgg_transfer.adoption.adopt import adopt as adopt_model
    from vgg_transfer.cli.display.result import show_place, show_result
    from vgg_transfer.cli.json.adoption import AdoptAnswer
    from vgg_transfer.events import Event, Said

    screen = open_screen(as_json)

    def listen(event: Event) -> None:
        if isinstance(event, Said):
            screen.note("adopts", [event.line])

    names = None if classes is None else [one.strip() for one in classes.split(",")]
    adopted = adopt_model(
        model, data, out, names, order, scaling, resize, size, images, seed, listen
    )
    screen.say()
    if adopted.race is not None:
        screen.say(_table(adopted))
        screen.say()
        screen.note("verdict", adopted.sentences, "bold")
    screen.cautions(one.sentence for one in adopted.run.findings if one.severity == "warning")
    show_result(screen, adopted.run)
    show_place(screen, adopted.run)
    screen.answer(AdoptAnswer.of(adopted))


def _table(adopted: "Adopted") -> str:
    """Return every input that was tried, the best first."""
    rows = [("colours", "scaling", "resize", "images", "accuracy", "95% interval", "log loss", "")]
    for one in adopted.race.tried if adopted.race else ():
        given, interval = one.given, str(one.interval)
        cells = (f"{one.images}", f"{one.accuracy:.1%}", interval, f"{one.loss:.3f}")
        is_open = adopted.race is not None and one in adopted.race.open
        said = "cannot be told from the best" if is_open else ""
        rows.append((given.order, given.scaling, given.resize, *cells, said))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
