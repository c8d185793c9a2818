"""``vgg-transfer reproduce``: published results, run again and compared."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.ctrl_c import INTERRUPTED
from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options import source as source_options

if TYPE_CHECKING:
    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.images import ImageSet
    from vgg_transfer.reproduction import Conditions, Published, Reproduction

_DATA = "tfds:cats_vs_dogs"
_LABELS = 11


def reproduce(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A published result: see --list. [default: all, one by one]"
        ),
    ] = None,
    data: Annotated[
        str, typer.Option(metavar="DATA", help=f"Images of two classes: {source_options.SOURCES}.")
    ] = _DATA,
    fast: Annotated[
        bool,
        typer.Option(
            "--fast",
            help="Store augmented views instead of rendering images in every epoch.",
        ),
    ] = False,
    views: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=64,
            metavar="N",
            help="With --fast: store at most N views of each image. [default: 10]",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="RUN",
            help="Folder for the run; without NAME, for a folder each. "
            "[default: runs/reproduce/NAME; runs/reproduce]",
        ),
    ] = None,
    seed: recipe_options.Seed = 0,
    tfds_dir: source_options.TfdsDir = None,
    only_list: Annotated[
        bool, typer.Option("--list", help="List the published results, and run nothing.")
    ] = False,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Run published results on dogs and cats again, and say whether the numbers hold.

    Each does what its publication did, with as many images. Runs that are finished are read and
    not run again, and one that was stopped goes on, so the same command goes on where it was.
    """
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.answers import ReproduceAnswer, ReproducedAnswer
    from vgg_transfer.cli.verbs.images import show_images
    from vgg_transfer.reproduction import Conditions, all_published, published
    from vgg_transfer.reproduction.setting import PLACE, STORED_VIEWS, check_images

    screen = open_screen(as_json)
    if views is not None and not fast:
        raise typer.BadParameter("--views needs --fast: without it, every epoch renders anew")
    if only_list:
        if name is not None:
            raise typer.BadParameter("give a NAME or --list, not both")
        _show_list(screen)
        return
    results = all_published() if name is None else [published(name)]
    images = _read(data, seed, tfds_dir)
    check_images(images)
    show_images(screen, images)
    conditions = Conditions(fast, seed, STORED_VIEWS if views is None else views)
    if name is not None:
        folder = conditions.folder_of(name) if out is None else out
        found = _reproduce_one(screen, results[0], images, folder, conditions)
        screen.answer(ReproduceAnswer.of(found))
        if found.run is not None and found.run.status == "interrupted":
            raise typer.Exit(INTERRUPTED)
        return
    place = PLACE if out is None else out
    every = [
        _reproduce_next(screen, one, images, conditions.folder_of(one.name, place), conditions)
        for one in results
    ]
    _show_table(screen, every)
    screen.answer(ReproducedAnswer(tuple(map(ReproduceAnswer.of, every))))
    if any(one.run is None for one in every):
        raise typer.Exit(1)


def _read(data: str, seed: int, tfds_dir: Path | None) -> "ImageSet":
    from vgg_transfer.errors import ImageSetError

    try:
        return source_options.read_images(data, seed, tfds_dir=tfds_dir)
    except ImageSetError as error:
        if data != _DATA:
            raise
        raise ImageSetError(f"{error}\nOr give images of cats and dogs: --data DIR") from error


def _reproduce_one(
    screen: "Screen",
    result: "Published",
    images: "ImageSet",
    folder: Path,
    conditions: "Conditions",
) -> "Reproduction":
    from vgg_transfer.cli.quiet import load_tensorflow
    from vgg_transfer.reproduction import repeat
    from vgg_transfer.trials import in_this_process

    load_tensorflow()
    from vgg_transfer.cli.display.training import TrainingDisplay

    with TrainingDisplay(screen) as display:
        found = repeat(result, images, folder, conditions, display, in_this_process)
    _show(screen, found)
    return found


def _reproduce_next(
    screen: "Screen",
    result: "Published",
    images: "ImageSet",
    folder: Path,
    conditions: "Conditions",
) -> "Reproduction":
    """Reproduce one of all, in a process of its own: what happens to it happens to it alone."""
    from vgg_transfer.cli.display.training import TrainingDisplay
    from vgg_transfer.reproduction import attempt
    from vgg_transfer.trials import in_own_process

    screen.say(f"\n{result.name}", "bold")
    with TrainingDisplay(screen) as display:
        found = attempt(result, images, folder, conditions, display, in_own_process)
    _show(screen, found)
    return found


def _show(screen: "Screen", found: "Reproduction") -> None:
    from vgg_transfer.cli.display.screen import near
    from vgg_transfer.evaluation import describe

    result, agreement = found.published, found.agreement
    screen.say()
    screen.note(
        "published",
        [f"{result.accuracy:.1%} on {result.measured} ({result.source}: {result.title})"],
        width=_LABELS,
    )
    if found.run is not None and found.run.metrics is not None:
        screen.note("here", [describe(found.run.metrics)], width=_LABELS)
    screen.note("verdict", [f"{agreement.verdict}: {agreement.reason}"], "bold", width=_LABELS)
    screen.note("same within", [f"±{result.tolerance:g}: {result.tolerance_reason}"], width=_LABELS)
    screen.note("differs", found.differs, width=_LABELS)
    if result.known:
        screen.note("known", [result.known], width=_LABELS)
    if found.run is not None:
        screen.note("saved in", [str(near(found.run.folder))], width=_LABELS)


def _show_list(screen: "Screen") -> None:
    from vgg_transfer.cli.json.answers import PublishedAnswer
    from vgg_transfer.reproduction import all_published

    every = all_published()
    screen.answer(PublishedAnswer(every))
    if screen.as_json:
        return
    width = max(len(one.name) for one in every)
    wide = max(len(one.measured) for one in every)
    screen.say(f"{'name':<{width}}  published  {'measured on':<{wide}}  source", "bold")
    for one in every:
        screen.say(
            f"{one.name:<{width}}  {one.accuracy:>9.1%}  {one.measured:<{wide}}  {one.source}: "
            f"{one.title}"
        )


def _show_table(screen: "Screen", every: "list[Reproduction]") -> None:
    width = max(len(one.published.name) for one in every)
    screen.say(f"\n{'':<{width}}  published      here  difference [95% interval]  verdict", "bold")
    for one in every:
        screen.say(f"{one.published.name:<{width}}  {_row(one)}")


def _row(one: "Reproduction") -> str:
    agreement, metrics = one.agreement, one.run.metrics if one.run else None
    here = f"{metrics.accuracy:.1%}" if metrics else "-"
    difference = "-"
    if agreement.difference is not None and agreement.interval is not None:
        low, high = 100 * agreement.interval.low, 100 * agreement.interval.high
        difference = f"{100 * agreement.difference:+.1f} [{low:+.1f}, {high:+.1f}]"
    return f"{one.published.accuracy:>9.1%}  {here:>8}  {difference:<25}  {agreement.verdict}"
