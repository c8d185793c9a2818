"""Compare recipes on one image set: run what is missing, keep what is there, say what it means."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from vgg_transfer import run as record
from vgg_transfer.comparison.folder import claimed
from vgg_transfer.comparison.record import Comparison, write_comparison
from vgg_transfer.comparison.setup import ComparisonSetup, set_up
from vgg_transfer.comparison.table import Outcome, tabulate
from vgg_transfer.errors import ImageSetError, RecipeError, VggTransferError, WeightsError
from vgg_transfer.evaluation.pairs import FEWEST_IMAGES
from vgg_transfer.events import Listener, Said, TrialBegan, TrialEnded, nobody
from vgg_transfer.images import ImageSet, load_images
from vgg_transfer.recipe import Recipe, choose
from vgg_transfer.run import Run
from vgg_transfer.trials.engines import Engine, in_own_process, trained_or_failed
from vgg_transfer.trials.folder import finished_run, scratch
from vgg_transfer.trials.trial import Trial

# What a recipe asks for and cannot have, whatever the seed.
_SAME_FOR_EVERY_SEED = (RecipeError, WeightsError, ImageSetError)
_REMEDY = "Choose another --out, give a changed recipe a name of its own, or move the folder away"


def compare(
    images: Any,
    recipes: Sequence[Recipe | Path | str],
    out: Path | str,
    seeds: int = 3,
    engine: Engine = in_own_process,
    listen: Listener = nobody,
    cache: bool = True,
) -> Comparison:
    """Train every recipe with several seeds on the same split, and judge the differences.

    Each trial is a run in OUT/trials. One that is there already is not run again, so that a
    comparison that was broken off continues, and recipes or seeds can be added. A trial that fails
    is recorded with its reason, and the others go on: where it left a run (its loss was no
    number), the same would happen again and it stays; where it left none (no memory, a crash), the
    next call tries again. Ctrl-C ends the comparison at once.

    Args:
        images: what to learn from: whatever ``load_images`` takes, an image set among it. Judged on
            its test images, or on val where it has none.
        recipes: two or more, of different names: recipes, names (``"staged"``) or paths of TOML
            files.
        out: folder of the comparison: new, empty, or that of a comparison to continue.
        seeds: trainings of each recipe: seeds 0 to ``seeds`` - 1. Defaults to 3.
        engine: runs one trial. Defaults to a process of its own for each.
        listen: is told what happens, as ``events``. Defaults to nobody.
        cache: whether activations of frozen blocks are stored and read.

    Returns:
        All recipes with their results, and a verdict for each pair; also written to ``out``.

    Raises:
        ComparisonError: what is asked for cannot be compared, or ``out`` holds a comparison of
            other images.
        RunError: ``out`` or one of its run folders holds something else.
    """
    setup = set_up([choose(recipe) for recipe in recipes], out, seeds, cache)
    return carry_out(setup, load_images(images), engine, listen)


def carry_out(
    setup: ComparisonSetup,
    image_set: ImageSet,
    engine: Engine = in_own_process,
    listen: Listener = nobody,
) -> Comparison:
    """Run the trials that are missing, and judge the differences; see ``compare``.

    Args:
        setup: the trials, and the folder of the comparison.
        image_set: the images; judged on its test images, or on val where it has none.
        engine: trains a trial.
        listen: is given what happens, as events.

    Raises:
        ComparisonError: the folder holds a comparison of other images, or is in use.
        RunError: one of the run folders holds something else.
    """
    split: Literal["test", "val"] = "test" if image_set.split("test") else "val"
    images = len(image_set.split(split))
    begun = Comparison(setup.folder, image_set.used(), split, images, setup.seeds)
    trials = setup.trials
    with claimed(setup.folder, setup.there, begun):
        runs = [finished_run(setup.place_of(one), one, image_set, _REMEDY) for one in trials]
        if done := len(runs) - runs.count(None):
            listen(Said(f"{done} of {len(runs)} trials have come to their end before"))
        if images < FEWEST_IMAGES:
            listen(
                Said(
                    f"there will be no verdict: {images} {split} images are too few, "
                    f"{FEWEST_IMAGES} are needed"
                )
            )
        outcomes: list[Outcome] = []
        for number, (trial, run) in enumerate(zip(trials, runs, strict=True), start=1):
            if run is not None:
                outcomes.append(_ended(trial, run))
                continue
            what = f"{trial.recipe.name}, seed {trial.seed}"
            listen(TrialBegan(f"trial {number} of {len(trials)}: {what}"))
            outcomes.append(
                _known_to_fail(trial, outcomes)
                or _run(trial, image_set, setup.place_of(trial), engine, listen)
            )
            listen(TrialEnded())
            if outcomes[-1].reason:
                listen(Said(f"the trial failed: {outcomes[-1].reason}"))
        comparison = tabulate(outcomes, begun)
        write_comparison(comparison, setup.folder)
    return comparison


def _run(
    trial: Trial, image_set: ImageSet, place: Path, engine: Engine, listen: Listener
) -> Outcome:
    """Train one trial; whatever goes wrong in it becomes its outcome."""
    with scratch(place.parent) as path:
        try:
            run = trained_or_failed(engine, trial, image_set, path, listen)
        except Exception as error:
            hopeless = isinstance(error, _SAME_FOR_EVERY_SEED)
            return Outcome(trial.recipe.name, trial.seed, None, _reason(error), hopeless)
        if run.status == "interrupted":
            raise KeyboardInterrupt
        path.rename(place)
    return _ended(trial, record.read(place))


def _known_to_fail(trial: Trial, outcomes: Sequence[Outcome]) -> Outcome | None:
    """Return the outcome of a trial that would fail as another seed of its recipe did."""
    for one in outcomes:
        if one.recipe == trial.recipe.name and one.fails_with_every_seed:
            return replace(one, seed=trial.seed)
    return None


def _ended(trial: Trial, run: Run) -> Outcome:
    """Return the outcome of a run that is in its place."""
    reason = run.stages[-1].ended if run.status == "failed" else ""
    return Outcome(trial.recipe.name, trial.seed, run, reason)


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, VggTransferError) else f"{type(error).__name__}: {text}"
