"""``vgg-transfer images``: what a source of images holds and how it is split, without training."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options import source as source_options
from vgg_transfer.cli.options import splits as split_options

if TYPE_CHECKING:
    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.images import ImageSet

_SHOWN_FILES = 5
_LONGEST_NAME = 24


def images(
    data: source_options.Data,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Write down every image with its split, for --splits FILE.csv later.",
        ),
    ] = None,
    val: split_options.Val = None,
    test: split_options.Test = None,
    fold: split_options.FoldText = None,
    group: split_options.Group = None,
    splits: split_options.SplitsFile = None,
    fixes: source_options.Fixes = None,
    tfds_dir: source_options.TfdsDir = None,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Decides what is drawn.")] = 0,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Show the images of a source by class and split, without training.

    The splits are those that `vgg-transfer train` with the same options would use; what is drawn
    is remembered, so that images keep their splits when others come.
    """
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.answers import ImagesAnswer, SkippedFile
    from vgg_transfer.images.splits import save_split_file

    splitting = split_options.read_splitting(val, test, fold, group, splits)
    screen = open_screen(as_json)
    image_set = source_options.read_images(data, seed, splitting, tfds_dir, fixes=fixes)
    is_new = save_split_file(image_set, save) if save is not None else False
    show_images(screen, image_set)
    screen.say()
    screen.say(_table(image_set))
    if save is not None:
        screen.say()
        screen.note("saved in", [str(save) if is_new else f"{save}, which was the same already"])
    screen.answer(
        ImagesAnswer(
            source=image_set.source,
            digest=image_set.digest,
            images=len(image_set.records),
            class_names=image_set.class_names,
            counts=image_set.counts(),
            findings=image_set.findings,
            skipped=tuple(SkippedFile(*one) for one in _skipped(image_set)),
            saved=save,
        )
    )


def show_images(screen: "Screen", image_set: "ImageSet") -> None:
    """Write what an image set holds, what was decided on it, and what was skipped and why."""
    screen.note("images", [image_set.describe(), *(one.sentence for one in image_set.findings)])
    lines = [f'"{name}": {reason}' for name, reason in _skipped(image_set)]
    more = len(lines) - _SHOWN_FILES
    screen.note("skipped", [*lines[:_SHOWN_FILES], *([f"and {more} more"] if more > 0 else [])])


def _skipped(image_set: "ImageSet") -> list[tuple[str, str]]:
    """Return path and reason of what was skipped, the path as the manifest would write it."""
    root = image_set.root
    return [
        (str(one.path.relative_to(root) if root else one.path), one.reason)
        for one in image_set.skipped
    ]


def _table(image_set: "ImageSet") -> str:
    """Return one aligned line per class and one for all, a column per split."""
    from vgg_transfer.images.image_set import SPLITS
    from vgg_transfer.words import printable

    counts = image_set.counts()
    rows = [
        (printable(name), [counts[split][name] for split in SPLITS])
        for name in image_set.class_names
    ]
    rows.append(("all", [sum(counts[split].values()) for split in SPLITS]))
    longest = max(len(name) for name, _ in rows)
    width = max(min(longest, _LONGEST_NAME), len("class"))
    heads = "".join(f"  {head:>7}" for head in (*SPLITS, "all"))
    lines = [f"{'class':<{width}}{heads}"]
    for name, numbers in rows:
        shown = name if len(name) <= width else f"{name[: width - 1]}…"
        cells = "".join(f"  {number:>7}" for number in (*numbers, sum(numbers)))
        lines.append(f"{shown:<{width}}{cells}")
    return "\n".join(lines)
