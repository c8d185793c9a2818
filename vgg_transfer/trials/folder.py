"""The folders of trials: unfinished runs out of sight, and finished ones found again."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vgg_transfer import run as record
from vgg_transfer.errors import RunError
from vgg_transfer.images import ImageSet
from vgg_transfer.run import Run
from vgg_transfer.sweeping import is_held
from vgg_transfer.trials.trial import Trial, differences
from vgg_transfer.words import duration, printable

# A training whose starter was killed ends by itself, and surely within so many seconds.
_PATIENCE = 20.0


@contextmanager
def scratch(
    folder: Path, trial: Trial, image_set: ImageSet, hidden: str = ".trial"
) -> Iterator[Path]:
    """Yield a path to write a trial's run to; rename it to keep the run, else it is deleted.

    So a run appears under its own name only when it is finished. Where Ctrl-C ends the block, or a
    kill, what was trained stays here, and the next call for the same trial goes on with it; one for
    another trial deletes it first: one process at a time may work in a folder.

    Args:
        folder: where the path lies, in a hidden folder.
        trial: what is to be trained.
        image_set: the images to train it on.
        hidden: the name of the hidden folder.

    Raises:
        RunError: a program that was started by one that is gone is still training here.
    """
    place = folder / hidden / "run"
    wait_for_its_end(place, _PATIENCE)
    lost = [*folder.glob(".*.partial")]  # by versions before this one
    if not goes_on(place, trial, image_set):
        lost.append(place.parent)
    for left in lost:
        shutil.rmtree(left, ignore_errors=True)
    place.parent.mkdir(exist_ok=True)
    stays = False
    try:
        yield place
    except BaseException as error:
        stays = not isinstance(error, Exception) and record.has_checkpoint(place)
        # They say how to go on with a run alone, which is not how this one goes on.
        vars(error).pop("__notes__", None)
        raise
    finally:
        if not stays:
            shutil.rmtree(place.parent, ignore_errors=True)


def wait_for_its_end(place: Path, patience: float) -> None:
    """Wait until no program trains in a run folder any more.

    Args:
        place: the run folder.
        patience: seconds to wait at most.

    Raises:
        RunError: one is still training there.
    """
    ends = time.monotonic() + patience
    while is_held(place):
        if time.monotonic() > ends:
            raise RunError(
                f'in "{printable(place)}" another program is training right now: wait for its end'
            )
        time.sleep(0.1)


def goes_on(folder: Path, trial: Trial, image_set: ImageSet) -> bool:
    """Return whether a folder holds the run of this very trial, begun and not at its end.

    Args:
        folder: where its run would be.
        trial: what must be trained there.
        image_set: what it must be trained on.
    """
    if not record.is_unfinished(folder):
        return False
    try:
        run = record.read(folder)
    except RunError:
        return False
    begun_so = run.begun is not None and run.begun.cache == trial.cache
    return begun_so and not _faults(run, trial, image_set)


def seconds_before(folder: Path) -> float:
    """Return how long the training of a folder took that is to go on; 0 where it begins."""
    progress = record.read_progress(folder)
    return progress.seconds if progress else 0.0


def with_progress(title: str, folder: Path) -> str:
    """Return ``trial 2 of 6, goes on after 3 min 05 s``; the title alone where it begins.

    Args:
        title: what is to be trained.
        folder: where its run is, or will be.
    """
    seconds = seconds_before(folder)
    return f"{title}, goes on after {duration(seconds)}" if seconds else title


def finished_run(
    folder: Path,
    trial: Trial,
    image_set: ImageSet,
    remedy: str = "Choose another folder with --out, or move it away",
) -> Run | None:
    """Return the run of a trial that has come to its end before, None where there is none.

    Args:
        folder: where its run would be.
        trial: what must have been trained there.
        image_set: what it must have been trained on.
        remedy: what to do about another run, the end of the error's text.

    Raises:
        RunError: another run is there, or something that is no run.
    """
    if not (folder / "run.json").is_file():
        record.check_free(folder)
        return None
    try:
        run = record.read(folder)
    except RunError as error:
        raise RunError(f"{error}; move it away, and it is trained again") from error
    faults = _faults(run, trial, image_set)
    if run.status == "interrupted":
        faults.append("it was interrupted")
    if run.status == "running":
        faults.append("it has not come to its end")
    if faults:
        raise RunError(f'"{folder}" holds another run: {"; ".join(faults)}. {remedy}')
    return run


def _faults(run: Run, trial: Trial, image_set: ImageSet) -> list[str]:
    """Return why a run is not that of a trial."""
    faults = []
    if differing := differences(run.recipe, trial.recipe):
        faults.append(f"its recipe differs (there, now) in {differing}")
    if run.seed != trial.seed:
        faults.append(f"its seed is {run.seed}, not {trial.seed}")
    if run.image_set.digest != image_set.digest:
        faults.append("its images, or their splits, are others")
    return faults
