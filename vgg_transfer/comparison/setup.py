"""What a comparison trains, and where: checked in full before any image is read."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.comparison.plan import Plan, make_plan, plan_faults
from vgg_transfer.comparison.record import FILE, Comparison, read_begun
from vgg_transfer.disk import is_there
from vgg_transfer.errors import ComparisonError
from vgg_transfer.recipe import Recipe
from vgg_transfer.run import check_free
from vgg_transfer.trials.trial import Trial, differences

# A recipe's name becomes the name of a folder, on any system.
_FOLDER_NAME = re.compile(r'[^./\\:*?"<>|\x00-\x1f][^/\\:*?"<>|\x00-\x1f]{0,99}')


@dataclass(frozen=True)
class ComparisonSetup:
    """The trials of a comparison in the order in which they are run, and its folder.

    ``there`` is the comparison that the folder holds already, finished or not. With an open end
    there are as many trials as there may be.
    """

    folder: Path
    trials: tuple[Trial, ...]
    there: Comparison | None
    plan: Plan

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds of each recipe."""
        return tuple(dict.fromkeys(trial.seed for trial in self.trials))

    def place_of(self, trial: Trial) -> Path:
        """Return the run folder of a trial."""
        return self.folder.absolute() / "trials" / trial.name


def set_up(
    recipes: Sequence[Recipe],
    out: Path | str,
    seeds: int | None = None,
    cache: bool = True,
    minutes: float | None = None,
    until: str | None = None,
    margin: float | None = None,
) -> ComparisonSetup:
    """Check what is to be compared, and the folder for it; read what is there.

    Every recipe comes with seed 0 before any comes with seed 1, so that a comparison that is
    stopped early has said something of every recipe.

    Args:
        recipes: at least two, of different names.
        out: folder of the comparison: new, empty, or that of a comparison to continue.
        seeds: trainings of each recipe, with the seeds 0, 1, … [default: 3; with ``minutes`` or
            ``until`` the most, 12]
        cache: False stores no activations of frozen blocks.
        minutes: as in ``compare``. Default: None, as long as it takes.
        until: as in ``compare``. Default: None, the number of seeds is fixed.
        margin: as in ``compare``. Default: None, nothing is shown equal.

    Raises:
        ComparisonError: with everything that is wrong with recipes and seeds; or the comparison in
            ``out`` cannot be read.
        RunError: ``out`` holds something else, or cannot be written.
    """
    faults = plan_faults(seeds, minutes, until, margin)
    if len(recipes) < 2:
        named = f', received "{recipes[0].name}" alone' if recipes else ""
        faults.append(
            f"a comparison needs at least two recipes{named}: name them all, such as "
            "frozen,staged, or use `vgg-transfer train` for one"
        )
    for name, times in Counter(recipe.name for recipe in recipes).items():
        if times > 1:
            faults.append(_same_name(*(recipe for recipe in recipes if recipe.name == name)))
        if not _FOLDER_NAME.fullmatch(name):
            faults.append(
                f'"{name}" cannot be the name of a folder, and each trial is a folder that is '
                "named after its recipe: change `name` in the recipe's file"
            )
    if faults:
        raise ComparisonError("\n".join(faults))
    folder, there = Path(out), None
    if is_there(folder / FILE):
        there = read_begun(folder)
    else:
        check_free(folder)
    plan = make_plan(seeds, minutes, until, margin)
    trials = tuple(
        Trial(recipe, seed, cache) for seed in range(plan.rounds[-1]) for recipe in recipes
    )
    return ComparisonSetup(folder, trials, there, plan)


def _same_name(first: Recipe, second: Recipe, *_: Recipe) -> str:
    differing = differences(first, second)
    if not differing:
        return f'the recipe "{first.name}" is there twice: leave one out'
    return (
        f'two different recipes are called "{first.name}"; they differ in {differing}: change '
        "`name` in one of their files"
    )
