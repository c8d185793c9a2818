"""Compare recipes on one image set: run what is missing, keep what is there, say what it means."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from vgg_transfer import run as record
from vgg_transfer.comparison.folder import claimed, finished_run, place, room_for
from vgg_transfer.comparison.record import Comparison, write_comparison
from vgg_transfer.comparison.table import Judged, Outcome, tabulate
from vgg_transfer.errors import (
    ImageSetError,
    RecipeError,
    RunError,
    TrainingError,
    VggTransferError,
    WeightsError,
)
from vgg_transfer.evaluation.pairs import FEWEST_IMAGES
from vgg_transfer.events import Listener, Said, TrialBegan, TrialEnded, nobody
from vgg_transfer.images import ImageSet, Split, load_images
from vgg_transfer.recipe import Recipe, choose
from vgg_transfer.run import Run
from vgg_transfer.trials.process import in_own_process
from vgg_transfer.trials.trial import Engine, Trial, plan_trials

# What a recipe asks for and cannot have, whatever the seed.
_SAME_FOR_EVERY_SEED = (RecipeError, WeightsError, ImageSetError)


def compare(
    images: Any,
    recipes: Sequence[Recipe | Path | str],
    out: Path | str,
    seeds: int = 3,
    engine: Engine = in_own_process,
    listen: Listener = nobody,
    cache: bool = True,
) -> Comparison:
    """Train every recipe with the seeds 0, 1, … on the same split, and judge the differences.

    Each trial is a run in OUT/trials. One that is there already is not run again, so that a
    comparison that was broken off continues, and recipes or seeds can be added. A trial that fails
    is recorded with its reason, and the others go on: where it left a run (its loss was no
    number), the same would happen again and it stays; where it left none (no memory, a crash), the
    next call tries again. Ctrl-C ends the comparison at once.

    Args:
        images: what to learn from: whatever ``load_images`` takes, an image set among it.
        recipes: two or more: recipes, names (``"staged"``) or paths of TOML files.
        out: the folder of the comparison; what is there is continued.
        seeds: trainings of each recipe: seeds 0 to ``seeds`` - 1.
        engine: runs one trial; by default each in a process of its own.
        listen: is told what happens, as ``events``.
        cache: whether activations of frozen blocks are stored and read.

    Returns:
        All recipes with their results, and a verdict for each pair.

    Raises:
        ComparisonError: what is asked for cannot be compared, or OUT holds something else.
    """
    folder = Path(out)
    trials = plan_trials([choose(recipe) for recipe in recipes], seeds, cache)
    image_set = load_images(images)
    split: Split = "test" if image_set.split("test") else "val"
    judged = Judged(_facts(image_set), split, len(image_set.split(split)))
    begun = Comparison(None, judged.image_set, split, judged.images, tuple(range(seeds)))
    with claimed(folder, begun):
        there = [finished_run(trial, folder, image_set.digest) for trial in trials]
        for line in _beforehand(judged, len(there) - there.count(None), len(there)):
            listen(Said(line))
        outcomes: list[Outcome] = []
        for number, (trial, run) in enumerate(zip(trials, there, strict=True), start=1):
            if run is not None:
                outcomes.append(_ended(trial, run))
                continue
            what = f"{trial.recipe.name}, seed {trial.seed}"
            listen(TrialBegan(f"trial {number} of {len(trials)}: {what}"))
            outcomes.append(
                _known_to_fail(trial, outcomes)
                or _carry_out(trial, image_set, folder, engine, listen)
            )
            listen(TrialEnded())
            if outcomes[-1].reason:
                listen(Said(f"the trial failed: {outcomes[-1].reason}"))
        comparison = tabulate(outcomes, judged, folder)
        write_comparison(comparison, folder)
    return comparison


def _carry_out(
    trial: Trial,
    image_set: ImageSet,
    folder: Path,
    engine: Engine,
    listen: Listener,
) -> Outcome:
    """Train one trial; whatever goes wrong in it becomes its outcome."""
    with room_for(trial, folder) as path:
        try:
            run = engine(trial, image_set, path, listen)
        except Exception as error:
            failed = _failed_run(path) if isinstance(error, TrainingError) else None
            if failed is None:
                hopeless = isinstance(error, _SAME_FOR_EVERY_SEED)
                return Outcome(trial.recipe.name, trial.seed, None, _reason(error), hopeless)
            run = failed
        if run.status == "interrupted":
            raise KeyboardInterrupt
        return _ended(trial, place(trial, path, folder))


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


def _failed_run(path: Path) -> Run | None:
    """Return the run that a training left although it failed, if it did."""
    try:
        run = record.read(path)
    except RunError:
        return None
    return run if run.status == "failed" else None


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, VggTransferError) else f"{type(error).__name__}: {text}"


def _beforehand(judged: Judged, done: int, trials: int) -> list[str]:
    lines = []
    if done:
        lines.append(f"{done} of {trials} trials have come to their end before")
    if judged.images < FEWEST_IMAGES:
        lines.append(
            f"there will be no verdict: {judged.images} {judged.split} images are too few, "
            f"{FEWEST_IMAGES} are needed"
        )
    return lines


def _facts(image_set: ImageSet) -> dict[str, object]:
    return {
        "source": image_set.source,
        "root": str(image_set.root) if image_set.root else "",
        "digest": image_set.digest,
        "counts": image_set.counts(),
    }
