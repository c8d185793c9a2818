"""``vgg-transfer explain``: where images speak for their class, and what they look like."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options

if TYPE_CHECKING:
    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.explanations import Explanations

_SHOWN = 20


def explain(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="Folder that `vgg-transfer train` wrote.")
    ],
    images: Annotated[
        list[Path], typer.Argument(metavar="IMAGES", help="Image files, and folders of them.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new folder for what is drawn.")],
    block: Annotated[
        str | None,
        typer.Option(
            metavar="BLOCK",
            help="At whose last convolution heat is measured: block5, or a lower one for finer, "
            "less telling maps. [default: the last block]",
        ),
    ] = None,
    of: Annotated[
        str | None,
        typer.Option(metavar="CLASS", help="Explain this class. [default: each image's likeliest]"),
    ] = None,
    nearest: Annotated[
        int,
        typer.Option(metavar="N", min=1, max=20, help="Training images shown beside each."),
    ] = 5,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Show where images speak for their class, and which training images they look like.

    Heatmaps (Grad-CAM) are tried first: where blurring what is hot hurts the answer no more than
    blurring anything, none is drawn. What the model makes of its training images is kept in the
    run's folder.
    """
    from vgg_transfer import run as record
    from vgg_transfer.images.pictures import given
    from vgg_transfer.run.refusing import check_model

    found = record.read(run)
    check_model(found)
    given(images)  # refuses what is not there before TensorFlow is waited for

    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.quiet import load_tensorflow

    load_tensorflow()
    from vgg_transfer.cli.display.metrics import warn_unfinished
    from vgg_transfer.cli.display.training import counting
    from vgg_transfer.cli.json.answers import ExplainAnswer
    from vgg_transfer.explanations.explain import explain as explain_images

    screen = open_screen(as_json)
    with counting(screen, "explains") as listen:
        explained = explain_images(found, images, out, block, of, nearest, listen)
    warn_unfinished(screen, found)
    _show(screen, explained)
    screen.note("heat", [explained.faithfulness.sentence])
    screen.cautions(explained.notes)
    screen.note("saved in", [str(out)])
    screen.answer(ExplainAnswer.of(found, explained))


def _show(screen: "Screen", explained: "Explanations") -> None:
    from collections import Counter

    for one in explained.pictures[:_SHOWN]:
        if one.error is not None:
            screen.say(f"{one.path}: cannot be read: {one.error}", "yellow")
            continue
        alike = Counter(near.class_name for near in one.near).most_common()
        classes = ", ".join(f"{name} ({count})" for name, count in alike)
        told = f"; the training images most like it: {classes}" if alike else ""
        screen.say(f"{one.path}: {one.class_name} {one.probability:.1%}{told}")
    if len(explained.pictures) > _SHOWN:
        screen.say(f"and {len(explained.pictures) - _SHOWN} more")
    screen.say()
