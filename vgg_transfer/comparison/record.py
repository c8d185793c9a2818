"""What a comparison found, as one value and two files: comparison.json and trials.csv."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, Self

from vgg_transfer.checking import as_value, check_keys
from vgg_transfer.errors import ComparisonError
from vgg_transfer.evaluation import Interval, Pair
from vgg_transfer.reading import read_json
from vgg_transfer.run import ImagesUsed, JudgedOn, check_free
from vgg_transfer.words import inert, printable
from vgg_transfer.writing import whole_file, whole_folder

FILE = "comparison.json"
_FORMAT = 1
_ALWAYS_WRITTEN = dict.fromkeys(("trials", "standings", "pairs", "verdicts", "notes"), True)

Why = Literal["decided", "time", "out of reach", "rounds", "failures"]
"""What ended a comparison with an open end."""


@dataclass(frozen=True)
class Standing:
    """One recipe in the table; shares are between 0 and 1.

    ``deviation`` is that over seeds, None with one. ``seconds`` is the mean over its trials, as if
    each had begun with an empty store of activations; ``peak_memory_mb`` the most of them.
    """

    name: str
    accuracy: float
    interval: Interval
    by_seed: tuple[float, ...]
    deviation: float | None
    seconds: float
    peak_memory_mb: float


@dataclass(frozen=True)
class TrialResult:
    """How one trial ended; ``seconds`` are those that it took.

    ``folder`` is its run, below the comparison's folder where it lies there, empty where it left
    none.
    """

    recipe: str
    seed: int
    folder: str
    status: Literal["complete", "failed"]
    reason: str
    accuracy: float | None
    seconds: float
    peak_memory_mb: float


@dataclass(frozen=True)
class Ending:
    """How a comparison ended that was to go on until it is decided.

    Every round trains each recipe with one more seed. ``rounds`` are those that the verdict is made
    of, 0 where there was no time for the first look; after ``looks`` of at most ``most_looks``
    looks. ``level`` is that of each interval of a difference; all looks together hold in 95 of 100
    comparisons. ``why`` is "decided"; "time": the next round would have taken more than was left;
    "out of reach": more seeds would most likely not decide the pairs that are open; "rounds": there
    are no more looks; or "failures": fewer than two recipes have results.
    """

    why: Why
    sentence: str
    rounds: int
    looks: int
    most_looks: int
    level: float
    minutes: float | None
    margin: float | None


@dataclass(frozen=True)
class Comparison:
    """Recipes on the same images: how good, at what cost, and which differences are real.

    ``standings`` go from the most to the least accurate; a recipe of which no trial finished has
    none. Where a verdict is refused, ``verdicts`` says why, and there are no pairs and no
    recommendation. ``recommended`` is the name of a recipe, or empty. ``folder`` is None for runs
    that were compared without writing anything. ``ending`` is None where the number of seeds was
    fixed, so that differences are looked at once.
    """

    folder: Path | None
    image_set: ImagesUsed
    judged_on: JudgedOn
    test_images: int
    seeds: tuple[int, ...]
    trials: tuple[TrialResult, ...] = ()
    standings: tuple[Standing, ...] = ()
    pairs: tuple[Pair, ...] = ()
    verdicts: tuple[str, ...] = ()
    recommended: str = ""
    recommendation: str = ""
    notes: tuple[str, ...] = ()
    ending: Ending | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold; all but the folder."""
        table = asdict(self)
        del table["folder"]
        return table

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], folder: Path | None) -> Self:
        """Rebuild from what ``to_dict`` returned, also after a way through JSON."""
        check_keys("the comparison", data, dict.fromkeys(data, False) | _ALWAYS_WRITTEN)
        # The first versions did not write what was skipped.
        image_set = data.get("image_set")
        if isinstance(image_set, dict):
            image_set = {"skipped": {}} | image_set
        table = {**data, "image_set": image_set, "folder": None}
        found: Self = as_value(cls, table, "the comparison")
        return replace(found, folder=folder)


def read_comparison(folder: Path | str) -> Comparison:
    """Read what `vgg-transfer compare` wrote.

    Args:
        folder: of the comparison: its --out.

    Raises:
        ComparisonError: the folder holds no comparison, or one that is damaged or unfinished.
    """
    folder = Path(folder)
    found = read_begun(folder)
    if not found.trials:
        raise ComparisonError(
            f'the comparison in "{folder}" has not come to its end: give the same command again, '
            "and it continues"
        )
    return found


def read_begun(folder: Path) -> Comparison:
    """Read a comparison, finished or not; one that was only begun has no trials."""
    file = folder / FILE
    try:
        data = read_json(file)
        if data.pop("format", None) != _FORMAT:
            raise ComparisonError(f'"{printable(file)}" is of another version of vgg-transfer')
        return Comparison.from_dict(data, folder)
    except OSError as error:
        raise ComparisonError(
            f'"{printable(folder)}" holds no comparison ({FILE}: {error.strerror}): give the '
            "folder that `vgg-transfer compare` wrote (its --out)"
        ) from error
    except ValueError as error:
        raise ComparisonError(
            f'"{printable(file)}" is damaged: {error}. Put back a copy; the runs in "trials" '
            "beside it are compared with `vgg-transfer compare --runs`"
        ) from error


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write both files; each appears whole, in place of the one before it."""
    table = {"format": _FORMAT, **comparison.to_dict()}
    _replace(folder / FILE, json.dumps(table, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    rows = io.StringIO(newline="")
    writer = csv.DictWriter(rows, [field.name for field in fields(TrialResult)])
    writer.writeheader()
    for trial in comparison.trials:
        cells = asdict(trial).items()
        writer.writerow({k: inert(cell) if isinstance(cell, str) else cell for k, cell in cells})
    _replace(folder / "trials.csv", rows.getvalue())


def save_comparison(comparison: Comparison, folder: Path) -> Comparison:
    """Write a comparison to a new folder, which appears whole.

    Args:
        comparison: what to write.
        folder: absent or empty.

    Returns:
        The comparison, in its folder.

    Raises:
        ComparisonError: the folder cannot be written.
        RunError: the folder is not empty.
    """
    check_free(folder)
    try:
        with whole_folder(folder) as partial:
            write_comparison(comparison, partial)
    except OSError as error:
        raise ComparisonError(f'cannot write the folder "{folder}": {error}') from error
    return replace(comparison, folder=folder)


def _replace(path: Path, text: str) -> None:
    try:
        with whole_file(path) as partial:
            # File names may hold bytes that are no text: surrogateescape writes them as they were.
            partial.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
    except OSError as error:
        raise ComparisonError(f'cannot write "{path}": {error.strerror or error}') from error
