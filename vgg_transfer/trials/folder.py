"""The folders of trials: unfinished runs out of sight, and finished ones found again."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vgg_transfer import run as record
from vgg_transfer.errors import RunError
from vgg_transfer.images import ImageSet
from vgg_transfer.run import Run
from vgg_transfer.trials.trial import Trial, differences

_SCRATCH = ".trial"


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """Yield a path to write a run to; rename it to keep the run, what stays there is deleted.

    So a run appears under its own name only when it is finished. What a killed program left here
    is deleted first: one process at a time may work in a folder.

    Args:
        folder: where the path lies, in a hidden folder that is gone afterwards.
    """
    hidden = folder / _SCRATCH
    for left in (hidden, *folder.glob(".*.partial")):  # the latter by versions before this one
        shutil.rmtree(left, ignore_errors=True)
    hidden.mkdir()
    try:
        yield hidden / "run"
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


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
    faults = []
    if differing := differences(run.recipe, trial.recipe):
        faults.append(f"its recipe differs (there, now) in {differing}")
    if run.seed != trial.seed:
        faults.append(f"its seed is {run.seed}, not {trial.seed}")
    if run.image_set.digest != image_set.digest:
        faults.append("its images, or their splits, are others")
    if run.status == "interrupted":
        faults.append("it was interrupted")
    if faults:
        raise RunError(f'"{folder}" holds another run: {"; ".join(faults)}. {remedy}')
    return run
