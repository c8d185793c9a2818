"""The run folder is read here, and nowhere else: nothing in it is believed before it is checked.

Every file is checked against the types of ``values``, ``origins`` and ``stages``, and against
run.json: tables that know other classes than the run were changed afterwards.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_type_hints

from vgg_transfer import recipe as recipes
from vgg_transfer.checking import as_number, as_value, check_keys
from vgg_transfer.disk import is_there
from vgg_transfer.errors import RecipeError, RunError
from vgg_transfer.evaluation import Metrics
from vgg_transfer.finding import Finding
from vgg_transfer.reading import read_json, read_rows
from vgg_transfer.run.layout import (
    EPOCH_COLUMNS,
    FORMAT,
    IMAGE_COLUMNS,
    IN_JSON,
    PREDICTION_COLUMNS,
)
from vgg_transfer.run.origins import ManifestRow
from vgg_transfer.run.stages import Epoch
from vgg_transfer.run.values import Judged, Run
from vgg_transfer.words import excerpt, listed, printable

_READABLE_FORMATS = (1, FORMAT)
_SPLITS = ("train", "val", "test")
_RATE = "rate_"
_MOST = 1.001  # of a probability, as far as rounding goes


def read(folder: Path | str) -> Run:
    """Read a run folder.

    Args:
        folder: what ``vgg-transfer train`` or ``vt.train`` wrote; formats 1 and 2.

    Raises:
        RunError: it is no run folder, of an unknown format, cannot be read, or is damaged; the file
            is named.
    """
    folder = Path(folder)
    _check_is_run(folder)
    with _reading(folder, "run.json") as file:
        facts = _facts(read_json(file), folder)
        classes: tuple[str, ...] = facts["class_names"]
        if len(set(classes)) < max(len(classes), 1):
            raise ValueError(f"class_names: they must differ, received {_few(classes)}")
    with _reading(folder, "recipe.toml") as file:
        facts["recipe"] = recipes.read(file)
    if facts["status"] == "running":
        # What is there is half of an end.
        facts |= {"metrics": None, "history": (), "judged": (), "validated": ()}
    else:
        facts |= _results(folder, facts)
    with _reading(folder, "images.csv") as file:
        facts["manifest"] = tuple(_manifest(file, classes))
        _check_same_images(facts["manifest"], facts["judged"], facts["judged_on"])
        _check_same_images(facts["manifest"], facts["validated"], "val", "validation.csv")
    return Run(folder=folder, **facts)


def _results(folder: Path, facts: dict[str, Any]) -> dict[str, Any]:
    """Return what a training came to: its numbers, epochs and predictions."""
    classes: tuple[str, ...] = facts["class_names"]
    with _reading(folder, "metrics.json") as file:
        metrics = _metrics(read_json(file), classes)
    with _reading(folder, "history.csv") as file:
        history = tuple(_epochs(file, [one.stage for one in facts["stages"]]))
    with _reading(folder, "predictions.csv") as file:
        judged = tuple(_judged(file, classes, facts["judged_on"]))
    return {"metrics": metrics, "history": history, "judged": judged} | {
        "validated": _validated(folder, classes)
    }


def _validated(folder: Path, classes: Sequence[str]) -> tuple[Judged, ...]:
    """Return what the model says about validation images; older records know nothing of it."""
    if not is_there(folder / "validation.csv"):
        return ()
    with _reading(folder, "validation.csv") as file:
        return tuple(_judged(file, classes, "val"))


def _check_is_run(folder: Path) -> None:
    try:
        (folder / "run.json").stat()
        return
    except (FileNotFoundError, NotADirectoryError):
        what = "does not exist" if not folder.exists() else "is no folder"
        what = "has no run.json" if folder.is_dir() else what
    except (OSError, ValueError) as error:  # ValueError: what no folder can be called
        what = f"cannot be read ({getattr(error, 'strerror', None) or error})"
    raise RunError(
        f'"{printable(folder)}" {what}, so it is not a run folder: give the folder that '
        "`vgg-transfer train` wrote (its --out)"
    )


@contextmanager
def _reading(folder: Path, name: str) -> Iterator[Path]:
    """Yield a file of the folder; whatever is wrong in it becomes one message that names it."""
    shown = f'the run folder "{printable(folder)}"'
    try:
        yield folder / name
    except FileNotFoundError as error:
        raise RunError(f"{shown} is damaged: {name}: {error.strerror}. {_REMEDY}") from error
    except OSError as error:
        raise RunError(
            f"{shown} cannot be read: {name}: {error.strerror or error}. Give yourself access to "
            "the file, then try again"
        ) from error
    except (ValueError, RecipeError) as error:
        raise RunError(f"{shown} is damaged: {name}: {error}. {_REMEDY}") from error


_REMEDY = (
    "Put back a copy of the file, or train again; the model itself is in model.keras, with the "
    "names of its classes"
)


def _facts(facts: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the values that run.json holds."""
    if "format" not in facts:
        raise ValueError("'format' is missing")
    number = facts.pop("format")
    if number not in _READABLE_FORMATS or number is True:  # True equals 1
        shown = "unknown" if isinstance(number, list | dict) else excerpt(str(number))
        raise RunError(
            f'"{printable(folder)}" was written by another version of vgg-transfer (format '
            f"{shown}, and this version reads {_READABLE_FORMATS[0]} to {FORMAT}): read it with "
            "the version that wrote it, or train again"
        )
    if number == 1:
        facts = _from_format_1(facts)
    check_keys("the run", facts, IN_JSON)
    types_of = get_type_hints(Run)
    return {name: as_value(types_of[name], value, name) for name, value in facts.items()}


@dataclass(frozen=True)
class _Skipped:
    """A file that was left out, as format 1 wrote it."""

    path: str
    reason: str


def _from_format_1(facts: dict[str, Any]) -> dict[str, Any]:
    """Turn what format 1 held into format 2: notes were sentences, skipped files were objects."""
    if not isinstance(facts.get("image_set"), dict):
        return facts  # which is damaged, as will be found
    image_set = dict(facts["image_set"])
    texts = as_value(tuple[str, ...], image_set.pop("notes", []), "image_set.notes")
    skipped = as_value(tuple[_Skipped, ...], image_set.get("skipped", []), "image_set.skipped")
    image_set["skipped"] = {one.path: one.reason for one in skipped}
    notes = [asdict(Finding("images", "note", "images", text)) for text in texts]
    return facts | {"image_set": image_set, "findings": notes}


def _metrics(data: dict[str, Any], classes: Sequence[str]) -> Metrics | None:
    metrics = Metrics.from_dict(data) if data else None
    if metrics is not None and tuple(one.name for one in metrics.per_class) != tuple(classes):
        names = _few([one.name for one in metrics.per_class])
        raise ValueError(f"per_class: the classes are {names}, in run.json {_few(classes)}")
    return metrics


def _epochs(file: Path, stages: Sequence[int]) -> Iterator[Epoch]:
    """Yield the epochs; columns are found by their names, so that later versions may add some."""
    rows = read_rows(file)
    _, header = next(rows, (1, []))
    if missing := [name for name in EPOCH_COLUMNS if name not in header]:
        raise ValueError(f"line 1: there is no column {_few(missing)}")
    types_of = get_type_hints(Epoch)
    for line, cells in rows:
        _check_width(line, cells, header)
        row = dict(zip(header, cells, strict=True))
        numbers = {
            name: as_number(types_of[name], row[name], f"line {line}: {name}")
            for name in EPOCH_COLUMNS
        }
        if numbers["stage"] not in stages:
            raise ValueError(f"line {line}: run.json has no stage {numbers['stage']}")
        rates = {
            name.removeprefix(_RATE): as_number(float, cell, f"line {line}: {name}")
            for name, cell in row.items()
            if name.startswith(_RATE) and cell
        }
        yield Epoch(**numbers, rates=rates)


def _judged(file: Path, classes: Sequence[str], split: str) -> Iterator[Judged]:
    rows = read_rows(file)
    header = _header(rows, [*PREDICTION_COLUMNS, *classes])
    for line, cells in rows:
        _check_width(line, cells, header)
        path, judged_on, label, predicted, *shares = cells
        _check_known(line, judged_on, [split], "split")
        _check_known(line, label, classes, "class")
        _check_known(line, predicted, classes, "class")
        yield Judged(path, judged_on, label, predicted, _probabilities(line, shares))


def _probabilities(line: int, cells: Sequence[str]) -> tuple[float, ...]:
    try:
        shares = tuple(map(float, cells))
    except ValueError as error:
        raise ValueError(f"line {line}: {error}") from error
    if not all(0 <= share <= _MOST for share in shares):  # false for NaN as well
        raise ValueError(f"line {line}: a probability is not between 0 and 1")
    return shares


def _manifest(file: Path, classes: Sequence[str]) -> Iterator[ManifestRow]:
    rows = read_rows(file)
    header = _header(rows, IMAGE_COLUMNS)
    for line, cells in rows:
        _check_width(line, cells, header)
        path, split, class_name, digest, *size = cells
        _check_known(line, split, _SPLITS, "split")
        _check_known(line, class_name, classes, "class")
        width, height = (as_number(int, cell, f"line {line}: size") for cell in size)
        yield ManifestRow(path, split, class_name, digest, width, height)


def _check_same_images(
    manifest: Sequence[ManifestRow],
    judged: Sequence[Judged],
    split: str,
    table: str = "predictions.csv",
) -> None:
    """Refuse predictions that are not of the images of their split, one by one."""
    labels = [row.class_name for row in manifest if row.split == split]
    if judged and labels != [one.label for one in judged]:
        raise ValueError(f"its {len(labels)} {split} images are not the {len(judged)} of {table}")


def _header(rows: Iterator[tuple[int, list[str]]], expected: Sequence[str]) -> list[str]:
    _, header = next(rows, (1, []))
    if header != list(expected):
        raise ValueError(
            f"line 1: the columns are {_few(header)}, not {_few(expected)}, as run.json has it"
        )
    return header


def _few(names: Sequence[str]) -> str:
    return listed(map(excerpt, names))


def _check_width(line: int, cells: Sequence[str], header: Sequence[str]) -> None:
    if len(cells) != len(header):
        raise ValueError(f"line {line}: {len(cells)} cells, {len(header)} are expected")


def _check_known(line: int, name: str, known: Sequence[str], what: str) -> None:
    if name not in known:
        raise ValueError(f'line {line}: "{excerpt(name)}" is no {what} in run.json')
