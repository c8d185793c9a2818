"""The folder of a comparison, held by one process that works on one set of images.

    OUT/
      comparison.json   what was found; until then, on which images it was begun
      trials.csv        one row per trial
      trials/           a run folder per trial: staged-seed0
      comparison.lock   held by the one process that is at work here

A run folder appears when its trial has come to its end, under its name at once. A trial that was
broken off lies hidden in trials/.trial, and goes on there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from vgg_transfer.comparison.record import Comparison, save_comparison
from vgg_transfer.errors import ComparisonError
from vgg_transfer.run import ImagesUsed


@contextmanager
def claimed(folder: Path, there: Comparison | None, begun: Comparison) -> Iterator[None]:
    """Hold the folder of a comparison, and make it where there is none yet.

    Args:
        folder: of the comparison.
        there: the comparison that the folder holds, None where it is new.
        begun: the comparison to be made: its images must be those of ``there``.

    Raises:
        ComparisonError: it is of other images, or another process is at work in it.
    """
    if there is None:
        save_comparison(begun, folder)
    else:
        _check_images(folder, there.image_set, begun.image_set)
    lock = FileLock(folder / "comparison.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ComparisonError(
            f'another process is at work in "{folder}": wait for its end, or choose another --out'
        ) from None
    try:
        (folder / "trials").mkdir(exist_ok=True)
        yield
    finally:
        lock.release()


def _check_images(folder: Path, there: ImagesUsed, now: ImagesUsed) -> None:
    if there.digest == now.digest:
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


def _in_words(images: ImagesUsed) -> str:
    """Return ``folder "pets" with 70 train, 15 val, 15 test images of 2 classes``."""
    splits = ", ".join(f"{images.count(split)} {split}" for split in images.counts)
    return f"{images.source} with {splits} images of {len(images.counts.get('train', {}))} classes"
