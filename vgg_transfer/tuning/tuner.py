"""The search for better settings of a recipe, within a time and on validation images alone.

Trials see no test image: they train on an image set that has none. What is compared is the log loss
on the validation images, since accuracy on a few hundred images moves in steps of whole images,
while the log loss also tells a narrow yes from a clear one; the loss of the training itself would
not do, because it holds the penalty that ``head.l2`` changes. No trial is cut short for doing badly
at first: that loss, penalty included, is all that its epochs tell.
"""

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from vgg_transfer import recipe as recipes
from vgg_transfer import run as record
from vgg_transfer.errors import ComparisonError
from vgg_transfer.events import Listener, Said, nobody
from vgg_transfer.images import ImageSet, Split, load_images
from vgg_transfer.recipe import Recipe
from vgg_transfer.trials.engines import Engine, check_engine, in_a_clear_session
from vgg_transfer.tuning.search import Search, best_of, judge_on_test, recipe_file, run_trials
from vgg_transfer.tuning.search_space import STORED_VIEWS, in_words, search_space, settled
from vgg_transfer.tuning.study import finished_trials, looks_at_test, open_study, what_mattered
from vgg_transfer.tuning.tuned import FEW_IMAGES, Tuning, few_images_caution
from vgg_transfer.words import counted
from vgg_transfer.writing import safe_name


def tune(
    images: Any,
    recipe: Recipe | Path | str = "exact-first",
    minutes: float = 10.0,
    out: Path | str | None = None,
    seed: int = 0,
    trials: int | None = None,
    listen: Listener = nobody,
    engine: Engine = in_a_clear_session,
) -> Tuning:
    """Search better settings for a recipe, and judge the best one on test images.

    The recipe as it is comes first, so that the result is never worse by validation loss. The same
    call again continues the search with that many more minutes, and at least one more trial; a
    trial or final training that was broken off goes on where it was. Same images, recipe and seed:
    the same trials in the same order; the time decides how many.

    Args:
        images: what to learn from: whatever ``load_images`` takes, an image set among it. It needs
            all three splits; no trial sees a test image.
        recipe: what to begin with: a recipe, its name or the path of a TOML file.
        minutes: time for everything: storing activations, trials, final training.
        out: the folder of the search, new or to continue. [default: runs/tuned-RECIPE]
        seed: decides all that is random, the splits of images given by path among it.
        trials: the most that this call may try. [default: what the time allows]
        listen: is told what happens, as ``events``. Defaults to nobody.
        engine: runs one trial; ``with on_ray() as engine`` of ``vgg_transfer.trials`` runs it on
            another machine. Defaults to this process.

    Returns:
        All trials, the chosen settings, and the run that was judged on the test images.

    Raises:
        ComparisonError: nothing can be searched, there are no images to choose or judge by, the
            folder holds another search, or no trial came to its end.
        RunError: the folder cannot be written, or holds other things.
        ClusterError: the machines of the engine do not share the folder or the images.
        KeyboardInterrupt: Ctrl-C; the study is kept, with what was trained of the last trial, and
            no test image was looked at.
    """
    ends = time.perf_counter() + minutes * 60
    given = recipes.choose(recipe)
    recipe = settled(given)
    space = search_space(recipe)
    image_set = load_images(images, seed)
    _check(image_set, minutes, trials)
    folder = default_folder(recipe) if out is None else Path(out)
    learned_from = tuple(one for one in image_set.records if one.split != "test")
    without_test = replace(image_set, records=learned_from)
    with open_study(folder, image_set, recipe, seed) as study:
        search = Search(
            study, folder, recipe, space, image_set, without_test, seed, engine, listen, ends
        )
        check_engine(engine, folder, image_set)
        _announce(search, minutes)
        if recipe != given:
            listen(
                Said(
                    f'views = "auto" is taken as {STORED_VIEWS} stored views of each image, so '
                    "that all trials see the same"
                )
            )
        run_trials(search, math.inf if trials is None else trials)
        tried = finished_trials(study)
        best = best_of(tried)
        if best is None:
            raise ComparisonError(
                f"none of {counted(len(tried), 'trial')} came to its end; the last: "
                f"{tried[-1].reason}. Begin with smaller rates, in another --out: "
                "--set stage.1.rate=1e-4"
            )
        final = judge_on_test(search, best)
        return Tuning(
            folder=folder,
            trials=tried,
            best=best,
            default=tried[0],
            validation_images=len(image_set.split("val")),
            recipe=recipes.read(recipe_file(final)),
            recipe_file=recipe_file(final),
            run=record.read(final),
            looks=len(looks_at_test(study)),
            mattered=what_mattered(study),
        )


def default_folder(recipe: Recipe) -> Path:
    """Return a folder under runs/ that is named after the recipe: the same at every call."""
    return Path("runs") / f"tuned-{safe_name(recipe.name)}"


def _check(image_set: ImageSet, minutes: float, trials: int | None) -> None:
    faults = []
    if not 0 < minutes < math.inf:
        faults.append(f"the search needs a time of more than 0 minutes, received {minutes:g}")
    if trials is not None and trials < 1:
        faults.append(f"the search needs at least 1 trial, received {trials}")
    purposes: dict[Split, str] = {
        "train": "to learn from",
        "val": "to choose the settings by",
        "test": "to judge the chosen settings by, which must not be those that chose them",
    }
    for split, purpose in purposes.items():
        if not image_set.split(split):
            faults.append(
                f'{image_set.source} has no images in the split "{split}" {purpose}: see '
                "`vgg-transfer images DATA`, and --val, --test or --splits"
            )
    if faults:
        raise ComparisonError("\n".join(faults))


def _announce(search: Search, minutes: float) -> None:
    """Say what is searched, what the first trial costs, and what was done before."""
    before, choosing = len(finished_trials(search.study)), len(search.without_test.split("val"))
    lines = [
        *in_words(search.space),
        f"{minutes:g} minutes for everything: stored activations, trials, final training; chosen "
        f"by log loss on {counted(choosing, 'validation image', ',')}",
        f"continues the search in {search.folder} after {counted(before, 'trial')}"
        if before
        else f"trial 0 is the recipe as it is: {_cost(search)}",
    ]
    if choosing < FEW_IMAGES:
        lines.append(few_images_caution(choosing))
    for line in lines:
        search.listen(Said(line))


def _cost(search: Search) -> str:
    """Say in counts what the first trial costs, which also fills the stores."""
    recipe, images = search.recipe, len(search.without_test.split("train"))
    epochs = sum(one.epochs for one in recipe.stage if one.optimizer != "exact")
    trained = f"at most {counted(epochs, 'epoch')} on {counted(images, 'image', ',')}"
    if recipe.views == "fresh" or all("block1" in one.train for one in recipe.stage):
        return f"{trained}, and no activations can be stored, so that every trial costs as much"
    views = recipe.views if isinstance(recipe.views, int) and "views" in search.space else 1
    stored = views * images + len(search.without_test.split("val"))
    return (
        f"{trained}, and {counted(stored, 'image', ',')} once through the frozen blocks, which "
        "later trials find stored"
    )
