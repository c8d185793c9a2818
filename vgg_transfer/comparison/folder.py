"""The folder of a comparison: whose it is, who works in it, and which trials it holds already.

    OUT/
      comparison.json   what was found; until then, on which images it was begun
      trials.csv        one row per trial
      trials/           a run folder per trial: staged-seed0
      comparison.lock   held by the one process that is at work here

A run folder appears when its trial has come to its end, under its name at once: trials that were
broken off leave nothing that could be taken for one.
"""

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from vgg_transfer import run as record
from vgg_transfer.comparison.record import FILE, Comparison, read_begun, save_comparison
from vgg_transfer.errors import ComparisonError, RunError
from vgg_transfer.run import Run
from vgg_transfer.trials.trial import Trial, differences
from vgg_transfer.words import listed

_PARTIAL = ".partial"


def check_folder(folder: Path) -> None:
    """Refuse a place where no comparison can be written or continued, before any work is done."""
    if (folder / FILE).is_file():
        read_begun(folder)
    else:
        record.check_free(folder)


@contextmanager
def claimed(folder: Path, begun: Comparison) -> Iterator[None]:
    """Hold the folder for this comparison, made where it is not there yet.

    Raises:
        ComparisonError: it is of other images, or another process is at work in it.
    """
    check_folder(folder)
    if (folder / FILE).is_file():
        _check_images(folder, read_begun(folder).image_set, begun.image_set)
    else:
        save_comparison(begun, folder)
    lock = FileLock(folder / "comparison.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ComparisonError(
            f'another process is at work in "{folder}": wait for its end, or choose another --out'
        ) from None
    try:
        (folder / "trials").mkdir(exist_ok=True)
        for left in (folder / "trials").glob(f".*{_PARTIAL}"):
            shutil.rmtree(left, ignore_errors=True)  # of a comparison that was killed
        yield
    finally:
        lock.release()


@contextmanager
def room_for(trial: Trial, folder: Path) -> Iterator[Path]:
    """Yield a path where the trial's run may be written, and which is gone afterwards."""
    room = folder / "trials" / f".{trial.name}.{secrets.token_hex(4)}{_PARTIAL}"
    room.mkdir()
    try:
        yield room / "run"
    finally:
        shutil.rmtree(room, ignore_errors=True)


def place(trial: Trial, written: Path, folder: Path) -> Run:
    """Put a finished run where it belongs."""
    at = _place_of(trial, folder)
    written.rename(at)
    return record.read(at)


def finished_run(trial: Trial, folder: Path, digest: str) -> Run | None:
    """Return the run of a trial that has come to its end before, None where there is none.

    Raises:
        ComparisonError: what lies there is no run of this trial.
    """
    at = _place_of(trial, folder)
    if not at.exists() and not at.is_symlink():
        return None
    away = "move it away, and the trial is run again"
    try:
        run = record.read(at)
    except RunError as error:
        raise ComparisonError(f"{error}; {away}") from error
    found = differences(run.recipe, trial.recipe)
    if found:
        raise ComparisonError(
            f'"{at}" was trained by another recipe of the name "{trial.recipe.name}"; they differ '
            f"(there, now) in {listed(found, 4, quoted=False)}: choose another --out, or give the "
            "changed recipe a name of its own"
        )
    wrong = []
    if run.image_set.digest != digest:
        wrong.append("was trained on other images or another split")
    if run.seed != trial.seed:
        wrong.append(f"was trained with seed {run.seed}")
    if run.status == "interrupted":
        wrong.append("was interrupted")
    if wrong:
        raise ComparisonError(f'"{at}" {" and ".join(wrong)}: {away}')
    return run


def _place_of(trial: Trial, folder: Path) -> Path:
    return folder.absolute() / "trials" / trial.name


def _check_images(folder: Path, there: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    if there["digest"] == now["digest"]:
        return
    before, given = _in_words(there), _in_words(now)
    if before == given:
        differs = f"both times {given}, but some images, classes or splits are others"
    else:
        differs = f"there {before}, now {given}"
    raise ComparisonError(
        f'"{folder}" compares trainings on other images ({differs}): give the same DATA and the '
        "same split options, or choose another --out"
    )


def _in_words(image_set: Mapping[str, Any]) -> str:
    """Return ``folder "pets" with 70 train, 15 val, 15 test images of 2 classes``."""
    counts = image_set["counts"]
    splits = ", ".join(f"{sum(classes.values())} {split}" for split, classes in counts.items())
    return f"{image_set['source']} with {splits} images of {len(counts['train'])} classes"
