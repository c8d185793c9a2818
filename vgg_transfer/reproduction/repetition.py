"""A published result, run again and compared with what was published."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vgg_transfer import run as record
from vgg_transfer.errors import RunError, TrainingError, VggTransferError
from vgg_transfer.events import Listener, Said, nobody
from vgg_transfer.images import ImageSet
from vgg_transfer.recipe import named
from vgg_transfer.reproduction.agreement import Agreement, compare_with
from vgg_transfer.reproduction.results import Published, published
from vgg_transfer.reproduction.setting import (
    STORED_VIEWS,
    as_published,
    differences,
    with_stored_views,
)
from vgg_transfer.run import Run
from vgg_transfer.trials.trial import Engine, Trial, in_this_process
from vgg_transfer.trials.trial import differences as recipe_differences
from vgg_transfer.words import listed

PLACE = Path("runs") / "reproduce"


@dataclass(frozen=True)
class Reproduction:
    """What was published, the run that repeats it, and what that says.

    ``differs`` says what is not as it was in the publication. ``run`` is None where there is none,
    because something was wrong before a run could be written: see the agreement's reason.
    """

    published: Published
    agreement: Agreement
    run: Run | None = None
    differs: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold; shares are between 0 and 1."""
        agreement, run = self.agreement, self.run
        metrics = run.metrics if run else None
        interval = agreement.interval
        return {
            "name": self.published.name,
            "published": self.published.to_dict(),
            "run": str(run.folder) if run else None,
            "status": run.status if run else None,
            "seconds": run.seconds if run else None,
            "metrics": metrics.to_dict() if metrics else None,
            "difference": agreement.difference,
            "difference_interval": [interval.low, interval.high] if interval else None,
            "verdict": agreement.verdict,
            "reason": agreement.reason,
            "differs": list(self.differs),
        }


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

    The image set has two classes and all three splits; of more images than the publication had to
    train and to choose by, as many as it had are used. A run that is finished is read and not run
    again. ``fast`` reads stored views, at most ``views`` of each image, where the publication
    rendered images anew in every epoch.

    Raises:
        ComparisonError: no published result has this name.
        ImageSetError: the images do not fit.
        RecipeError: ``views`` is no number of views.
        RunError: the folder holds another run.
    """
    result = published(name)
    used = as_published(result, image_set, seed)
    recipe, stored = with_stored_views(named(name), views) if fast else (named(name), ())
    folder = folder_of(name, fast, seed, views=views) if out is None else Path(out)
    trial = Trial(recipe, seed)
    run = _finished(folder, trial, used)
    there = () if run is None else (f"reads the run that is there: {folder}",)
    drawn = [finding.seen for finding in used.findings[len(image_set.findings) :]]
    for sentence in (*drawn, *stored, *there):
        listen(Said(sentence))
    if run is None:
        run = _trained(trial, used, folder, listen, engine)
    return Reproduction(result, _agreement(result, run), run, (*stored, *differences(result, run)))


def attempt(
    name: str,
    image_set: ImageSet,
    out: Path,
    fast: bool = False,
    seed: int = 0,
    listen: Listener = nobody,
    engine: Engine = in_this_process,
    views: int = STORED_VIEWS,
) -> Reproduction:
    """Reproduce one of several: what goes wrong is its reason, and does not stop the others."""
    try:
        return reproduce(name, image_set, out, fast, seed, listen, engine, views)
    except VggTransferError as error:
        reason = str(error)
    except Exception as error:  # whatever it is, the others go on
        reason = f"{type(error).__name__}: {error}"
    return Reproduction(published(name), Agreement("not reproduced", reason))


def folder_of(
    name: str, fast: bool, seed: int, place: Path = PLACE, views: int = STORED_VIEWS
) -> Path:
    """Return where a reproduction goes that was given no folder of its own."""
    way = "" if not fast else "-fast" if views == STORED_VIEWS else f"-fast-views{views}"
    return place / f"{name}{way}{f'-seed{seed}' if seed else ''}"


def _finished(folder: Path, trial: Trial, image_set: ImageSet) -> Run | None:
    """Return the run that is there, None where there is none.

    Raises:
        RunError: it is another one, or no run can be written there.
    """
    if not (folder / "run.json").is_file():
        record.check_free(folder)
        return None
    run = record.read(folder)
    differing = recipe_differences(run.recipe, trial.recipe)
    faults = (
        [f"its recipe differs (there, now) in {listed(differing, 4, quoted=False)}"]
        if differing
        else []
    )
    if run.seed != trial.seed:
        faults.append(f"its seed is {run.seed}, not {trial.seed}")
    if run.image_set.digest != image_set.digest:
        faults.append("its images, or their splits, are others")
    if run.status == "interrupted":
        faults.append("it was interrupted")
    if faults:
        raise RunError(
            f'"{folder}" holds another run: {"; ".join(faults)}. Choose another folder with --out, '
            "or move it away"
        )
    return run


def _trained(
    trial: Trial,
    image_set: ImageSet,
    folder: Path,
    listen: Listener,
    engine: Engine,
) -> Run:
    try:
        return engine(trial, image_set, folder, listen)
    except TrainingError:
        # A training that diverged has written its last good weights, and why it ended.
        if not (folder / "run.json").is_file():
            raise
        return record.read(folder)


def _agreement(result: Published, run: Run) -> Agreement:
    if run.metrics is not None:
        return compare_with(result, run.metrics)
    if run.status == "interrupted":
        return Agreement("refused", "the training was interrupted")
    return Agreement("not reproduced", f"the training failed: {run.stages[-1].ended}")
