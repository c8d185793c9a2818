"""A published result, run again and compared with what was published."""

from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.errors import VggTransferError
from vgg_transfer.events import Listener, Said, nobody
from vgg_transfer.images import ImageSet
from vgg_transfer.reproduction.agreement import Agreement, compare_with
from vgg_transfer.reproduction.results import Published, published
from vgg_transfer.reproduction.setting import (
    STORED_VIEWS,
    Conditions,
    as_published,
    not_as_published,
)
from vgg_transfer.run import Run
from vgg_transfer.trials.engines import Engine, in_this_process, trained_or_failed
from vgg_transfer.trials.folder import finished_run, goes_on, with_progress
from vgg_transfer.trials.trial import Trial
from vgg_transfer.writing import free_beside


@dataclass(frozen=True)
class Reproduction:
    """What was published, the run that repeats it, and what that says.

    Args:
        published: the result.
        agreement: the verdict with its reason.
        run: the training; None where something went wrong before a run could be written.
        differs: what is not as it was in the publication, a sentence each.
    """

    published: Published
    agreement: Agreement
    run: Run | None = None
    differs: tuple[str, ...] = ()


def reproduce(
    name: str,
    image_set: ImageSet,
    out: Path | str | None = None,
    fast: bool = False,
    seed: int = 0,
    listen: Listener = nobody,
    engine: Engine = in_this_process,
    views: int = STORED_VIEWS,
) -> Reproduction:
    """Run a published result again, and compare on the test images.

    Of more images than the publication had to train and to choose by, as many as it had are used.
    A run that is finished is read and not run again; one that was broken off goes on.

    Args:
        name: of the result, as ``vgg-transfer reproduce --list`` has it.
        image_set: two classes, with images in all three splits.
        out: folder of the run. Defaults to runs/reproduce/NAME.
        fast: read stored views where the publication rendered images anew in every epoch.
        seed: draws the images that are used, and decides all that is random in the training.
        listen: is given what happens, as events. Defaults to nobody.
        engine: trains the recipe. Defaults to this process.
        views: where ``fast``, the most views to store of each image, 1 to 64.

    Raises:
        ComparisonError: no published result has this name.
        ImageSetError: the images do not fit.
        RecipeError: ``views`` is no number of views.
        RunError: the folder holds another run.
    """
    conditions = Conditions(fast, seed, views)
    folder = conditions.folder_of(name) if out is None else Path(out)
    return repeat(published(name), image_set, folder, conditions, listen, engine)


def repeat(
    result: Published,
    image_set: ImageSet,
    folder: Path,
    conditions: Conditions,
    listen: Listener,
    engine: Engine,
) -> Reproduction:
    """Run a published result again under these conditions; see ``reproduce``.

    Args:
        result: what was published.
        image_set: two classes, with images in all three splits.
        folder: of the run.
        conditions: how it is run again.
        listen: is given what happens, as events.
        engine: trains the recipe.
    """
    used = as_published(result, image_set, conditions.seed)
    recipe, stored = conditions.recipe_of(result)
    trial = Trial(recipe, conditions.seed)
    unfinished = goes_on(folder, trial, used)
    run = None if unfinished else finished_run(folder, trial, used)
    there = () if run is None else (f"reads the run that is there: {folder}",)
    if unfinished:
        there = (with_progress(f"takes up the training that is there: {folder}", folder),)
    drawn = [finding.seen for finding in used.findings[len(image_set.findings) :]]
    for sentence in (*drawn, *stored, *there):
        listen(Said(sentence))
    if run is None:
        aside = free_beside(folder.with_name(f"{folder.name}-unfinished"))
        run = trained_or_failed(engine, trial, used, folder, listen, aside)
    differs = (*stored, *not_as_published(result, run))
    return Reproduction(result, _agreement(result, run), run, differs)


def attempt(
    result: Published,
    image_set: ImageSet,
    folder: Path,
    conditions: Conditions,
    listen: Listener,
    engine: Engine,
) -> Reproduction:
    """Repeat one of several: what goes wrong is its reason, and does not stop the others.

    Args:
        result: what was published.
        image_set: two classes, with images in all three splits.
        folder: of the run.
        conditions: how it is run again.
        listen: is given what happens, as events.
        engine: trains the recipe.
    """
    try:
        return repeat(result, image_set, folder, conditions, listen, engine)
    except VggTransferError as error:
        reason = str(error)
    except Exception as error:  # whatever it is, the others go on
        reason = f"{type(error).__name__}: {error}"
    return Reproduction(result, Agreement("not reproduced", reason))


def _agreement(result: Published, run: Run) -> Agreement:
    if run.metrics is not None:
        return compare_with(result, run.metrics)
    if run.status == "interrupted":
        return Agreement("refused", "the training was interrupted; the same again goes on with it")
    return Agreement("not reproduced", f"the training failed: {run.stages[-1].ended}")
