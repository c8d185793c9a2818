"""``vgg-transfer augment``: what a recipe does to images, as a sheet to look at."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options import source as source_options

if TYPE_CHECKING:
    from vgg_transfer.recipe import Recipe

_ENDINGS = (".png", ".pdf", ".svg")


def augment(
    data: source_options.Data,
    out: Annotated[
        Path,
        typer.Option(metavar="FILE", help="A new file for the sheet: .png, .pdf or .svg."),
    ],
    recipe: Annotated[
        str,
        typer.Option(
            metavar="NAME|FILE",
            help="Whose augmentation, size and resizing: a name from `vgg-transfer recipes`, or "
            "a TOML file.",
        ),
    ] = "exact-first",
    augmentation: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Another one, see `vgg-transfer recipes --augmentations`. [default: the recipe's]",
        ),
    ] = None,
    settings: recipe_options.Settings = None,
    size: recipe_options.Size = None,
    images: Annotated[
        int, typer.Option(metavar="N", min=1, max=20, help="Rows: training images.")
    ] = 6,
    views: Annotated[
        int, typer.Option(metavar="N", min=1, max=32, help="Columns beside the plain image.")
    ] = 8,
    seed: Annotated[
        int, typer.Option(metavar="N", min=0, help="Decides which images are shown.")
    ] = 0,
    tfds_dir: source_options.TfdsDir = None,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Draw what augmentation does to your images.

    Each row is a training image, each column a view of it, the very ones that a training stores.
    """
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.answers import AugmentAnswer
    from vgg_transfer.cli.new_file import check_new, write_new
    from vgg_transfer.cli.quiet import load_tensorflow

    check_new(out, _ENDINGS)
    chosen = _chosen(recipe, augmentation, size, settings or [])
    screen = open_screen(as_json)
    screen.note("augments", [", ".join(chosen.augmentation.in_words)])
    image_set = source_options.read_images(data, seed, tfds_dir=tfds_dir)

    load_tensorflow()
    from vgg_transfer import report
    from vgg_transfer.words import counted

    notes = report.not_shown(chosen)
    screen.note("note", notes)
    records = report.some_of_each_class(image_set.split("train"), images, seed)
    with screen.console.status(f"renders {counted(len(records), 'image')}"):
        figure = report.augmentation_sheet(chosen, records, image_set.class_names, views)
        kind = out.suffix.lower().removeprefix(".")
        write_new(out, _ENDINGS, lambda file: report.write_figure(figure, file, kind))
    screen.note("saved in", [str(out)])
    screen.answer(
        AugmentAnswer(
            out.absolute(),
            chosen.augmentation,
            chosen.size,
            views,
            tuple(str(record.path) for record in records),
            tuple(notes),
        )
    )


def _chosen(recipe: str, augmentation: str | None, size: int | None, sets: list[str]) -> "Recipe":
    """Return the recipe as the options change it; single settings come last."""
    from vgg_transfer.recipe import choose, named_augmentation, override

    changes = {
        "augmentation": None if augmentation is None else named_augmentation(augmentation),
        "size": size,
    }
    given = {key: value for key, value in changes.items() if value is not None}
    return override(choose(recipe), sets, given)
