"""``vgg-transfer show``: the whole story of a training again, from its record."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options

if TYPE_CHECKING:
    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.recipe import Stage
    from vgg_transfer.run import Epoch, Run
    from vgg_transfer.run.found import Found

_STATES = {
    "complete": "complete",
    "interrupted": "interrupted",
    "failed": "failed",
    "running": "a program is training in it right now",
    "stopped": "stopped: the program that trained in it was killed",
}


def show(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="Folder that `vgg-transfer train` wrote.")
    ],
    as_json: recipe_options.AsJson = False,
) -> None:
    """Tell the story of a training again: images, stages, why each ended, and how good it is.

    Its images need not be there any more. Of a training that is not finished it tells how far it
    came, and the command that goes on with it.
    """
    from vgg_transfer import run as record
    from vgg_transfer.cli.display.result import show_place, show_result
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.trainings import ShowAnswer
    from vgg_transfer.run.found import look

    found, screen = look(record.read(run)), open_screen(as_json)
    told = found.record
    _show_beginning(screen, found, told)
    _show_stages(screen, told)
    show_result(screen, told)
    if told.status == "failed":
        screen.note("failed", [told.stages[-1].ended], "bold red")
    show_place(screen, told)
    screen.answer(ShowAnswer.of(found))


def _show_beginning(screen: "Screen", found: "Found", run: "Run") -> None:
    """Write what a training began with, and how far it came where it is not finished."""
    from vgg_transfer.run.found import how_far
    from vgg_transfer.words import counted, duration

    screen.note("run", [_STATES[found.state]])
    if found.state not in ("complete", "failed"):
        after = f"after {duration(found.seconds)}: " if found.progress else ""
        screen.note("reached", [f"{after}{how_far(found.progress, len(run.recipe.stage))}"])
    screen.note("recipe", [f"{run.recipe.name}: {run.recipe.description or 'no description'}"])
    images = run.image_set
    splits = ", ".join(f"{images.count(split):,} {split}" for split in images.counts)
    skipped = [f"{counted(len(images.skipped), 'file')} left out"] if images.skipped else []
    classes = f"{splits} images of {counted(len(run.class_names), 'class')}"
    screen.note("images", [f"{images.source}: {classes}", *skipped])
    screen.note("weights", [run.weights.in_words])
    where = run.environment
    packages = [f"{name} {number}" for name, number in where.packages.items()]
    screen.note("computed", [f"in {where.precision} on {where.device}, seed {run.seed}"])
    screen.note("with", [", ".join([f"Python {where.python}", *packages])])
    screen.cautions(one.sentence for one in run.findings if one.severity != "note")
    screen.note("noticed", [one.sentence for one in run.findings if one.severity == "note"])


def _show_stages(screen: "Screen", run: "Run") -> None:
    """Write the stages as they were written while they were trained."""
    from vgg_transfer.cli.display.training import TrainingDisplay
    from vgg_transfer.events import EpochEnded, StageBegan, StageEnded, TrainingPlanned

    recipe, outcomes = run.recipe, {one.stage: one for one in run.stages}
    display = TrainingDisplay(screen)
    display(TrainingPlanned(tuple(s.changed(size=recipe.size_of(s)) for s in recipe.stage)))
    for number, stage in enumerate(recipe.stage, start=1):
        epochs = [one for one in run.history if one.stage == number]
        if number not in outcomes and not epochs:
            continue
        display(StageBegan(number, _as_run(stage, epochs), steps=0))
        for epoch in epochs:
            display(EpochEnded(epoch))
        if number in outcomes:
            display(StageEnded(outcomes[number]))
    said = [one.said for one in run.advice]
    if said:
        screen.say()
    screen.note("probes", said)


def _as_run(stage: "Stage", epochs: "Sequence[Epoch]") -> "Stage":
    """Return a stage with the rate that a test found for it, which its recipe does not say."""
    if not (stage.find_rate and epochs):
        return stage
    return stage.changed(rate=max(rate for one in epochs for rate in one.rates.values()))
