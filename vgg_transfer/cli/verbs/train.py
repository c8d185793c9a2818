"""``vgg-transfer train``: a folder of images and a recipe in, a run folder out."""

import math
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.ctrl_c import INTERRUPTED
from vgg_transfer.cli.options import engine as engine_options
from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options import source as source_options
from vgg_transfer.cli.options import splits as split_options
from vgg_transfer.cli.options import spread as spread_options

if TYPE_CHECKING:
    from vgg_transfer.recipe import Recipe

if TYPE_CHECKING:
    from vgg_transfer.recipe import Recipe


def train(
    data: source_options.Data,
    recipe: recipe_options.NameOrFile = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="Folder for the run. [default: runs/RECIPE-DATE-TIME]"),
    ] = None,
    weights: recipe_options.Weights = None,
    begin: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="RUN",
            help="Begin with the weights of this run: its base and pixels, and its head where that "
            "fits; as its own recipe does, unless --recipe is given.",
        ),
    ] = None,
    size: recipe_options.Size = None,
    seed: recipe_options.Seed = 0,
    val: split_options.Val = None,
    test: split_options.Test = None,
    fold: split_options.FoldText = None,
    group: split_options.Group = None,
    splits: split_options.SplitsFile = None,
    fixes: source_options.Fixes = None,
    tfds_dir: source_options.TfdsDir = None,
    unfreeze: recipe_options.Unfreeze = None,
    epochs: Annotated[
        str | None, typer.Option(metavar="5,10,10", help="Epochs at most, for each stage.")
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(
            metavar="10", help="Fit views, epochs and blocks to so many minutes of training."
        ),
    ] = None,
    no_early_stopping: Annotated[
        bool, typer.Option("--no-early-stopping", help="Let every stage run all its epochs.")
    ] = False,
    find_rate: Annotated[
        bool, typer.Option("--find-rate", help="Let each stage find its rate by a short test.")
    ] = False,
    settings: recipe_options.Settings = None,
    tensorboard: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also log for TensorBoard, to this folder.")
    ] = None,
    no_cache: recipe_options.NoCache = False,
    checkpoint_minutes: Annotated[
        float,
        typer.Option(
            metavar="5",
            help="Write down how far it came at least so often, in minutes, for `resume`; 0: after "
            "every batch.",
        ),
    ] = 5.0,
    engine: engine_options.NameOfPasses = "local",
    address: engine_options.Address = None,
    report: Annotated[
        bool, typer.Option("--report", help="Also write report.html, a page to look at.")
    ] = False,
    devices: spread_options.DevicesText = None,
    hosts: spread_options.HostsText = None,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Train on a folder of images, or on another source of them.

    The result is judged on images held out from training and written to a run folder. Ctrl-C ends
    the training after the batch that is computed and keeps the best weights so far;
    `vgg-transfer resume RUN` goes on with it, and with a training that was killed.
    """
    from vgg_transfer import run as record
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.trainings import TrainAnswer
    from vgg_transfer.cli.quiet import load_tensorflow
    from vgg_transfer.cli.verbs.images import show_images
    from vgg_transfer.cli.verbs.report import show_report
    from vgg_transfer.doctor.before import examine_before
    from vgg_transfer.recipe import changes

    engine_options.check(engine, address)
    if engine == "ray" and no_cache:
        raise typer.BadParameter("--engine ray computes what is stored: leave --no-cache out")
    if engine == "ray" and hosts is not None:
        raise typer.BadParameter("--engine ray and --hosts are two ways: leave one of them out")
    _check_minutes(minutes, checkpoint_minutes)
    chosen = changes.with_settings(
        _named(recipe, unfreeze, begin, weights, size, settings or []),
        weights,
        size,
        settings or [],
    )
    if (counts := _numbers(epochs)) is not None:
        chosen = changes.with_epochs(chosen, counts)
    if find_rate:
        chosen = changes.finding_rates(chosen)
    if no_early_stopping:
        chosen = changes.without_stopping(chosen)
    splitting = split_options.read_splitting(val, test, fold, group, splits)
    if out is not None:
        record.check_free(out)
    wanted_devices = spread_options.devices_of(devices)
    with spread_options.joined(hosts) as processes:
        screen = open_screen(as_json, processes is None or processes.is_first)
        screen.note("recipe", [f"{chosen.name}: {chosen.description or 'no description'}"])
        screen.cautions(finding.sentence for finding in chosen.findings)
        with processes.first_goes_first() if processes else nullcontext():
            images = source_options.read_images(
                data, seed, splitting, tfds_dir, not no_cache, fixes
            )
        show_images(screen, images)
        found = examine_before(chosen, images)
        screen.note("error", (one.sentence for one in found if one.severity == "error"), "bold red")
        screen.cautions(one.sentence for one in found if one.severity == "warning")

        load_tensorflow()
        from vgg_transfer.cli.display.result import show_trained
        from vgg_transfer.cli.display.training import TrainingDisplay
        from vgg_transfer.training import train as train_recipe

        with (
            engine_options.passes(engine, address, images, screen) as from_images,
            TrainingDisplay(screen) as display,
        ):
            run = train_recipe(
                chosen,
                images,
                out,
                seed,
                display,
                tensorboard,
                not no_cache,
                minutes,
                checkpoint_minutes,
                found,
                from_images,
                wanted_devices,
                hosts,
            )
        if processes is not None and not processes.is_first:
            return
        show_trained(screen, run)
        if report:
            show_report(screen, run)
        screen.answer(TrainAnswer.of(run))
        if run.status == "interrupted":
            raise typer.Exit(INTERRUPTED)


def _named(
    recipe: str | None,
    unfreeze: int | None,
    begin: Path | None,
    weights: str | None,
    size: int | None,
    settings: list[str],
) -> "Recipe":
    """Return the recipe that is asked for, before its settings are changed."""
    from vgg_transfer import run as record
    from vgg_transfer.recipe import changes, choose

    if begin is not None and weights is not None:
        raise typer.BadParameter(
            "the run has weights of its own: leave one out", param_hint="--from and --weights"
        )
    named: Recipe | None = None
    if recipe is not None or unfreeze is not None:
        named = choose(recipe or "exact-first")
    if named is not None and unfreeze is not None:
        named = changes.unfreezing(named, unfreeze)
    if begin is not None:
        return changes.continuing(named, record.read(begin).recipe, str(begin.absolute()))
    return named or changes.usual(size, settings)


def _check_minutes(minutes: float | None, checkpoint_minutes: float) -> None:
    if minutes is not None and not 0 < minutes < math.inf:
        raise typer.BadParameter(
            f"{minutes:g} is not a positive number such as 10 or 0.5", param_hint="--minutes"
        )
    if not 0 <= checkpoint_minutes < math.inf:
        raise typer.BadParameter(
            f"{checkpoint_minutes:g} is not 0 or a positive number such as 5",
            param_hint="--checkpoint-minutes",
        )


def _numbers(text: str | None) -> list[int] | None:
    if text is None:
        return None
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(
            f'"{text}" is not a list of whole numbers such as 5,10,10', param_hint="--epochs"
        ) from None
