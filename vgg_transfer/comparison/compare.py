"""Compare recipes on one image set: run what is missing, keep what is there, say what it means."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from vgg_transfer.comparison.folder import claimed
from vgg_transfer.comparison.looking import look_by_look
from vgg_transfer.comparison.record import Comparison, write_comparison
from vgg_transfer.comparison.setup import ComparisonSetup, set_up
from vgg_transfer.comparison.trainings import Trainings
from vgg_transfer.errors import ComparisonError
from vgg_transfer.evaluation.pairs import FEWEST_IMAGES
from vgg_transfer.events import Listener, Said, nobody
from vgg_transfer.images import ImageSet, load_images
from vgg_transfer.recipe import Recipe, choose
from vgg_transfer.trials.engines import Engine, check_engine, in_own_process
from vgg_transfer.words import counted


def compare(
    images: Any,
    recipes: Sequence[Recipe | Path | str],
    out: Path | str,
    seeds: int | None = None,
    engine: Engine = in_own_process,
    listen: Listener = nobody,
    cache: bool = True,
    minutes: float | None = None,
    until: str | None = None,
    margin: float | None = None,
) -> Comparison:
    """Train every recipe with several seeds on the same split, and judge the differences.

    Each trial is a run in OUT/trials. One that is there already is not run again, so that a
    comparison that was broken off continues, and recipes or seeds can be added; the trial in which
    it was broken off goes on where it was, to the very same result. A trial that fails is recorded
    with its reason, and the others go on: where it left a run (its loss was no number), the same
    would happen again and it stays; where it left none (no memory, a crash), the next call tries
    again. Ctrl-C ends the comparison at once.

    With ``minutes`` or ``until`` seeds are added until every pair is told apart or shown equal. The
    differences are looked at after 3, 5, 8 and 12 seeds, each time so strictly that the verdict
    holds in spite of it, and no more seeds are added where they would most likely not decide it.

    Args:
        images: what to learn from: whatever ``load_images`` takes, an image set among it. Judged on
            its test images, or on val where it has none.
        recipes: two or more, of different names: recipes, names (``"staged"``) or paths of TOML
            files.
        out: folder of the comparison: new, empty, or that of a comparison to continue.
        seeds: trainings of each recipe: seeds 0 to ``seeds`` - 1. With ``minutes`` or ``until``
            the most, one of 3, 5, 8 and 12. [default: 3; with ``minutes`` or ``until`` 12]
        engine: runs one trial; ``with on_ray() as engine`` of ``vgg_transfer.trials`` runs them on
            other machines, several at once. Defaults to a process of its own for each.
        listen: is told what happens, as ``events``. Defaults to nobody.
        cache: whether activations of frozen blocks are stored and read, and it is remembered how
            images given by path were split. Defaults to True.
        minutes: add seeds until all is decided, or the next round would take longer than what is
            left of this time, by what those before took. The same call again goes on for as many
            minutes more; rounds after the last look count at the next one. Default: None, the
            number of seeds is fixed.
        until: ``"decided"`` does the same without an end to the time. Default: None.
        margin: recipes are shown equal where the whole interval of their difference lies within
            this share: 0.01 is one point. Default: None, none are.

    Returns:
        All recipes with their results, and a verdict for each pair; also written to ``out``.

    Raises:
        ComparisonError: what is asked for cannot be compared, or ``out`` holds a comparison of
            other images.
        RunError: ``out`` or one of its run folders holds something else.
    """
    chosen = [choose(recipe) for recipe in recipes]
    setup = set_up(chosen, out, seeds, cache, minutes, until, margin)
    return carry_out(setup, load_images(images, remember=cache), engine, listen)


def carry_out(
    setup: ComparisonSetup,
    image_set: ImageSet,
    engine: Engine = in_own_process,
    listen: Listener = nobody,
    clock: Callable[[], float] = time.perf_counter,
) -> Comparison:
    """Run the trials that are missing, and judge the differences; see ``compare``.

    Args:
        setup: the trials, and the folder of the comparison.
        image_set: the images; judged on its test images, or on val where it has none.
        engine: trains a trial. Defaults to a process of its own for each.
        listen: is given what happens, as events. Defaults to nobody.
        clock: seconds that pass, to keep to the time. Defaults to those of this machine.

    Raises:
        ComparisonError: the folder holds a comparison of other images, or is in use; or it should
            go on until it is decided, and there are too few images for that.
        ClusterError: the machines of the engine do not share the folder or the images.
        RunError: one of the run folders holds something else.
    """
    split: Literal["test", "val"] = "test" if image_set.split("test") else "val"
    images = len(image_set.split(split))
    begun = Comparison(setup.folder, image_set.used(), split, images, setup.seeds)
    there = counted(images, f"{split} image")
    too_few = f"{there} {'is' if images == 1 else 'are'} too few, {FEWEST_IMAGES} are needed"
    if images < FEWEST_IMAGES and setup.plan.has_open_end:
        raise ComparisonError(
            f"this comparison would never be decided: {too_few}. Put more images into the {split} "
            "split (--test, --val), or leave out --minutes and --until"
        )
    with claimed(setup.folder, setup.there, begun):
        check_engine(engine, setup.folder, image_set)
        trainings = Trainings(setup, image_set, engine, listen, clock)
        if done := trainings.done_before:
            listen(Said(f"{done} of {len(setup.trials)} trials have come to their end before"))
        if images < FEWEST_IMAGES:
            listen(Said(f"there will be no verdict: {too_few}"))
        comparison = look_by_look(setup.plan, trainings, begun, listen)
        write_comparison(comparison, setup.folder)
    return comparison
