"""``vgg-transfer compare``: recipes with several seeds on the same images, and a verdict."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.ctrl_c import INTERRUPTED
from vgg_transfer.cli.options import engine as engine_options
from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options import source as source_options
from vgg_transfer.cli.options import splits as split_options
from vgg_transfer.cli.options.recipe_list import Changes, read_recipes

if TYPE_CHECKING:
    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.comparison import Comparison, ComparisonSetup
    from vgg_transfer.images import ImageSet


def compare(
    context: typer.Context,
    data: Annotated[
        list[str],
        typer.Argument(
            metavar="DATA",
            help=f"Images: {source_options.SOURCES}. With --runs: the RUN folders to compare.",
        ),
    ],
    recipes: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE,…",
            help="Two or more, separated by commas: names from `vgg-transfer recipes`, or TOML "
            "files.",
        ),
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Trainings of each recipe: seeds 0 to N-1. With --minutes or --until the most. "
            "[default: 3, or 12 at most]",
        ),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(
            metavar="N",
            help="Add seeds until all is decided, or this time is up; the same again adds.",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="decided",
            help="Add seeds until every pair is told apart or shown equal, however long it takes.",
        ),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(
            metavar="POINTS",
            help="Recipes are equal where the whole interval of their difference is smaller.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for the comparison; the same command continues what is there.",
        ),
    ] = None,
    runs: Annotated[
        bool,
        typer.Option(
            "--runs", help="Compare RUN folders that were trained before; nothing is trained."
        ),
    ] = False,
    weights: recipe_options.Weights = None,
    size: recipe_options.Size = None,
    unfreeze: recipe_options.Unfreeze = None,
    epochs: Annotated[
        int | None, typer.Option(metavar="N", help="Epochs at most, for every stage.")
    ] = None,
    settings: recipe_options.Settings = None,
    val: split_options.Val = None,
    test: split_options.Test = None,
    fold: split_options.FoldText = None,
    group: split_options.Group = None,
    splits: split_options.SplitsFile = None,
    fixes: source_options.Fixes = None,
    tfds_dir: source_options.TfdsDir = None,
    no_cache: recipe_options.NoCache = False,
    engine: engine_options.Name = "local",
    address: engine_options.Address = None,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Compare recipes on the same images: which differences are real, and what they cost.

    Every recipe is trained with every seed, on one split (that of `train --seed 0`). Ctrl-C, or
    whatever else ends it, loses the training that runs, and no other: the same command continues.
    Recipes and seeds may be added to a comparison later. What options change, they change in every
    recipe; --unfreeze in those that open blocks step by step.

    With --minutes or --until decided, seeds are added round by round until every pair is told
    apart, or shown equal (--margin). The differences are looked at after 3, 5, 8 and 12 seeds, and
    the intervals allow for that; it also ends where more seeds would most likely not decide.

    With --engine ray trials run on a Ray cluster, as many at once as it has GPUs or nodes for; OUT
    and the images must lie on a disk that all its nodes share (docs/scale.md).

    `vgg-transfer compare --runs RUN RUN ...` compares trainings that are there already.
    """
    from vgg_transfer.cli.display.comparison import draw, show_comparison
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.comparison import set_up
    from vgg_transfer.report import draw_trials

    screen = open_screen(as_json)
    if runs:
        _refuse_what_trains(context)
        comparison = _of_runs(data, out)
    else:
        if len(data) != 1 or recipes is None or out is None:
            raise typer.BadParameter(
                "give one DATA with --recipes and --out, or --runs and the RUN folders to compare"
            )
        engine_options.check(engine, address)
        changes = Changes(unfreeze, weights, size, tuple(settings or ()), epochs)
        chosen = read_recipes(recipes, changes)
        splitting = split_options.read_splitting(val, test, fold, group, splits)
        share = None if margin is None else margin / 100
        setup = set_up(chosen, out, seeds, not no_cache, minutes, until, share)
        images = source_options.read_images(data[0], 0, splitting, tfds_dir, not no_cache, fixes)
        comparison = _trained(screen, images, setup, engine, address)
        screen.cautions(filter(None, [draw_trials(comparison)]))
    show_comparison(screen, comparison)
    if comparison.folder is not None and comparison.standings:
        draw(comparison, comparison.folder)
    screen.answer(comparison)
    if len(comparison.standings) < 2:
        raise typer.Exit(1)


def _trained(
    screen: "Screen", images: "ImageSet", setup: "ComparisonSetup", engine: str, address: str | None
) -> "Comparison":
    """Run what is missing, and say how to go on where a person stops it."""
    from vgg_transfer.cli.display.screen import near
    from vgg_transfer.cli.display.training import TrialsDisplay
    from vgg_transfer.cli.verbs.images import show_images
    from vgg_transfer.comparison import carry_out
    from vgg_transfer.trials import in_own_process

    most = len(setup.seeds)
    seeds = f"{most} seeds each" if most > 1 else "one seed each"
    if setup.plan.has_open_end:
        seeds = f"at most {seeds}, until all is decided"
    recipes = [trial.recipe for trial in setup.trials if trial.seed == 0]
    screen.note("compares", [f"{', '.join(recipe.name for recipe in recipes)}; {seeds}"])
    for recipe in recipes:
        screen.cautions(f"{recipe.name}: {finding.sentence}" for finding in recipe.findings)
    show_images(screen, images)
    try:
        with (
            engine_options.opened(engine, address, in_own_process, screen) as trains,
            TrialsDisplay(screen) as display,
        ):
            return carry_out(setup, images, trains, display)
    except KeyboardInterrupt:
        kept = f'what was trained is kept in "{near(setup.folder)}"'
        print(f"interrupted: {kept}; give the same command again to go on", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None


def _of_runs(folders: list[str], out: Path | None) -> "Comparison":
    """Compare runs, and write the comparison where a folder for it is given."""
    from vgg_transfer.comparison import compare_runs, save_comparison
    from vgg_transfer.run import check_free

    if out is not None:
        check_free(out)
    comparison = compare_runs(folders)
    return comparison if out is None else save_comparison(comparison, out)


def _refuse_what_trains(context: typer.Context) -> None:
    """Refuse options that would do nothing, since nothing is trained."""
    given = [
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.name is not None
        and parameter.name not in ("data", "out", "runs", "as_json")
        and _is_given(context, parameter.name)
    ]
    if given:
        raise typer.BadParameter(
            f"{', '.join(given)} cannot be used with --runs, which trains nothing"
        )


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
