"""What a comparison found, as one value and two files: comparison.json and trials.csv."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, Self

from vgg_transfer.errors import ComparisonError
from vgg_transfer.evaluation import Interval, Pair
from vgg_transfer.run import ImagesUsed, check_free
from vgg_transfer.writing import whole_file, whole_folder

FILE = "comparison.json"
_FORMAT = 1

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
    judged_on: str
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
        rebuilt = {
            # The first versions did not write what was skipped.
            "image_set": ImagesUsed(**{"skipped": {}} | data["image_set"]),
            "trials": tuple(TrialResult(**one) for one in data["trials"]),
            "standings": tuple(
                Standing(**_with_interval(one) | {"by_seed": tuple(one["by_seed"])})
                for one in data["standings"]
            ),
            "pairs": tuple(Pair(**_with_interval(one)) for one in data["pairs"]),
        }
        # What was written before there was an ending has none.
        ending = Ending(**data["ending"]) if data.get("ending") else None
        texts = {name: tuple(data[name]) for name in ("seeds", "verdicts", "notes")}
        return cls(folder=folder, **{**data, **rebuilt, **texts, "ending": ending})


def read_comparison(folder: Path | str) -> Comparison:
    """Read what `vgg-transfer compare` wrote.

    Args:
        folder: of the comparison: its --out.

    Raises:
        ComparisonError: the folder holds no comparison, or one that was not finished.
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
    try:
        data = json.loads((folder / FILE).read_text("utf-8", "surrogateescape"))
    except OSError as error:
        raise ComparisonError(
            f'"{folder}" holds no comparison ({FILE}: {error.strerror}): give the folder that '
            "`vgg-transfer compare` wrote (its --out)"
        ) from error
    except ValueError as error:
        raise ComparisonError(f'"{folder / FILE}" is damaged: {error}') from error
    try:
        if data.pop("format") != _FORMAT:
            raise ComparisonError(f'"{folder / FILE}" is of another version of vgg-transfer')
        return Comparison.from_dict(data, folder)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ComparisonError(f'"{folder / FILE}" is damaged: {error}') from error


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write both files; each appears whole, in place of the one before it."""
    table = {"format": _FORMAT, **comparison.to_dict()}
    _replace(folder / FILE, json.dumps(table, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    rows = io.StringIO(newline="")
    writer = csv.DictWriter(rows, [field.name for field in fields(TrialResult)])
    writer.writeheader()
    writer.writerows(asdict(trial) for trial in comparison.trials)
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


def _with_interval(table: Mapping[str, Any]) -> dict[str, Any]:
    return {**table, "interval": Interval(**table["interval"])}
