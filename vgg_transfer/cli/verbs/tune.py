"""``vgg-transfer tune``: better settings for a recipe within a time, and an honest final number."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.ctrl_c import INTERRUPTED
from vgg_transfer.cli.options import engine as engine_options
from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options import source as source_options
from vgg_transfer.cli.options import splits as split_options

if TYPE_CHECKING:
    from rich.table import Table

    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.tuning.tuned import Tuning

_SHOWN = 5


def tune(
    data: source_options.Data,
    minutes: Annotated[
        float,
        typer.Option(
            metavar="N", help="Time for everything, final training included; the same again adds."
        ),
    ] = 10.0,
    recipe: recipe_options.NameOrFile = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the search. [default: runs/tuned-RECIPE]"),
    ] = None,
    weights: recipe_options.Weights = None,
    size: recipe_options.Size = None,
    settings: recipe_options.Settings = None,
    trials: Annotated[
        int | None,
        typer.Option(metavar="N", help="Try at most this many. [default: what the time allows]"),
    ] = None,
    seed: recipe_options.Seed = 0,
    val: split_options.Val = None,
    test: split_options.Test = None,
    fold: split_options.FoldText = None,
    group: split_options.Group = None,
    splits: split_options.SplitsFile = None,
    fixes: source_options.Fixes = None,
    tfds_dir: source_options.TfdsDir = None,
    engine: engine_options.Name = "local",
    address: engine_options.Address = None,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Search better settings for a recipe: its head, rates and views, within a time.

    The recipe as it is comes first. Settings are chosen on the validation images; the test images
    are looked at once, in the end, by the chosen recipe. Ctrl-C, or whatever else ends it, loses
    the trial that runs, and no other: the same command continues.

    With --engine ray each trial runs on a node of a Ray cluster, one after another, since each is
    chosen by those before; DIR and the images must lie on a disk that all its nodes share.
    """
    from vgg_transfer.cli.display.screen import near, open_screen
    from vgg_transfer.cli.display.tuning import TuningDisplay
    from vgg_transfer.cli.json.answers import TuneAnswer
    from vgg_transfer.cli.verbs.images import show_images
    from vgg_transfer.recipe import changes, choose
    from vgg_transfer.trials import in_a_clear_session
    from vgg_transfer.tuning.search_space import own_settings
    from vgg_transfer.tuning.tuner import default_folder
    from vgg_transfer.tuning.tuner import tune as search

    engine_options.check(engine, address)
    asked = changes.usual(size, settings or []) if recipe is None else choose(recipe)
    chosen = changes.with_settings(asked, weights, size, settings or [])
    own = own_settings(chosen)
    folder = default_folder(chosen) if out is None else out
    splitting = split_options.read_splitting(val, test, fold, group, splits)
    screen = open_screen(as_json)
    screen.note("recipe", [f"{chosen.name}: {chosen.description or 'no description'}"])
    screen.cautions(finding.sentence for finding in chosen.findings)
    images = source_options.read_images(data, seed, splitting, tfds_dir, fixes=fixes)
    show_images(screen, images)
    try:
        with (
            engine_options.opened(engine, address, in_a_clear_session, screen) as trains,
            TuningDisplay(screen, own) as display,
        ):
            found = search(images, chosen, minutes, folder, seed, trials, display, trains)
    except KeyboardInterrupt:
        kept = f"what was tried is in {near(folder)}, and the same command continues it"
        screen.say()
        screen.note("stopped", [f"the search was interrupted; {kept}"], "bold yellow")
        raise typer.Exit(INTERRUPTED) from None
    _show(screen, found, data)
    screen.answer(TuneAnswer.of(found))


def _show(screen: "Screen", found: "Tuning", data: str) -> None:
    from vgg_transfer.cli.display.metrics import show_metrics
    from vgg_transfer.cli.display.screen import near

    screen.say()
    screen.console.print(_table(found))
    screen.say()
    if found.mattered:
        shares = [f"{key} {share:.0%}" for key, share in list(found.mattered.items())[:_SHOWN]]
        screen.note("mattered", [", ".join(shares)])
    screen.note("chosen", [found.verdict, found.chosen_by])
    screen.say()
    if found.run.metrics is not None:
        show_metrics(screen, found.run.metrics, "the test images, which no trial saw")
    screen.cautions(found.cautions)
    screen.note("saved in", [str(near(found.run.folder)), str(near(found.recipe_file))])
    file = shlex.quote(str(near(found.recipe_file)))
    screen.say()
    screen.say(f"  vgg-transfer train {shlex.quote(data)} --recipe {file}")
    screen.say(f"  vgg-transfer predict {shlex.quote(str(near(found.run.folder)))} IMAGES")
    screen.say("The same command again goes on with the search, for as many minutes more.")


def _table(found: "Tuning") -> "Table":
    """Return the best trials, the best first; those that failed come last."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from vgg_transfer.cli.display.tuning import changed_settings
    from vgg_transfer.tuning.tuned import accuracy_in_words, loss_in_words
    from vgg_transfer.words import counted, duration

    tried = counted(len(found.trials), "trial")
    shown = f"the best {_SHOWN} of {tried}" if len(found.trials) > _SHOWN else tried
    table = Table(title=shown, title_justify="left", box=SIMPLE_HEAD)
    for name in ("trial", "val loss", "val accuracy", "time"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("settings", overflow="fold")
    failed_last = sorted(
        found.trials, key=lambda trial: (trial.log_loss is None, trial.log_loss or 0.0)
    )
    for trial in failed_last[:_SHOWN]:
        table.add_row(
            str(trial.number),
            loss_in_words(trial.log_loss),
            accuracy_in_words(trial, found.validation_images),
            duration(trial.seconds),
            Text(trial.reason or changed_settings(trial, found.default.settings)),
        )
    return table
