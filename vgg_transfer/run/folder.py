"""The run folder: the one place where it is written and read."""

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, asdict, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from vgg_transfer import recipe as recipes
from vgg_transfer.errors import RecipeError, RunError
from vgg_transfer.evaluation import Metrics
from vgg_transfer.finding import Finding
from vgg_transfer.run.origins import (
    Channels,
    Environment,
    ImagesUsed,
    ManifestRow,
    StartingWeights,
)
from vgg_transfer.run.stages import Advice, Epoch, Filled, StageOutcome
from vgg_transfer.run.values import Judged, Run
from vgg_transfer.writing import whole_folder

FORMAT = 2
_READABLE_FORMATS = (1, FORMAT)

# What run.json holds of a run; the other files hold the rest.
_VALUES: Mapping[str, type] = {
    "image_set": ImagesUsed,
    "weights": StartingWeights,
    "environment": Environment,
}
_LISTS: Mapping[str, type] = {
    "stages": StageOutcome,
    "filled": Filled,
    "advice": Advice,
    "findings": Finding,
}
_PLAIN = ("status", "seed", "class_names", "seconds", "judged_on")
_IN_JSON = (*_PLAIN, *_VALUES, "channels", *_LISTS)
_EPOCH_COLUMNS = tuple(field.name for field in fields(Epoch) if field.name != "rates")
_IMAGE_COLUMNS = ("path", "split", "class", "digest", "width", "height")

_Value = TypeVar("_Value")


def check_free(folder: Path) -> None:
    """Refuse a place where a run cannot be written, before any work is done for it.

    Args:
        folder: must be absent or empty, below a folder that may be written to.

    Raises:
        RunError: with what is in the way.
    """
    if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        what = "is not empty" if folder.is_dir() else "is a file"
        what = "is a link" if folder.is_symlink() else what
        raise RunError(
            f'the output folder "{folder}" {what}; nothing is overwritten: '
            "choose another with --out, or move it away"
        )
    parent = next(above for above in folder.absolute().parents if above.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise RunError(
            f'cannot write the output folder "{folder}": "{parent}" is not a folder that may be '
            "written to; choose another with --out"
        )


def write(run: Run, save_model: Callable[[Path], None]) -> Run:
    """Write the run's folder.

    Args:
        run: what to write; its ``folder`` is absent or empty.
        save_model: puts the model at the path it is given.

    Returns:
        The run with the absolute path of its folder.

    Raises:
        RunError: the folder cannot be written; nothing is left behind.
    """
    check_free(run.folder)
    folder = run.folder.absolute()
    try:
        with whole_folder(folder) as partial:
            save_model(partial / "model.keras")
            _write_files(run, partial)
    except OSError as error:
        raise RunError(f'cannot write the run folder "{folder}": {error}') from error
    return replace(run, folder=folder)


def read(folder: Path | str) -> Run:
    """Read a run folder.

    Args:
        folder: what ``vgg-transfer train`` or ``vt.train`` wrote; formats 1 and 2.

    Raises:
        RunError: it is no run folder, of an unknown format, or damaged; the file is named.
    """
    folder = Path(folder)
    if not (folder / "run.json").is_file():
        what = "has no run.json" if folder.is_dir() else "is no folder"
        what = what if folder.exists() else "does not exist"
        raise RunError(
            f'"{folder}" {what}, so it is not a run folder: give the folder that '
            "`vgg-transfer train` wrote (its --out)"
        )
    with _reading(folder, "run.json") as file:
        facts = _facts(_json(file), folder)
    with _reading(folder, "recipe.toml") as file:
        facts["recipe"] = recipes.read(file)
    with _reading(folder, "metrics.json") as file:
        metrics = _json(file)
        facts["metrics"] = Metrics.from_dict(metrics) if metrics else None
    for file_name, name, read_row in (
        ("history.csv", "history", _epoch),
        ("predictions.csv", "judged", _judged),
        ("images.csv", "manifest", ManifestRow.from_cells),
    ):
        with _reading(folder, file_name) as file:
            facts[name] = tuple(_rows(file, read_row))
    return Run(folder=folder, **facts)


@contextmanager
def _reading(folder: Path, name: str) -> Iterator[Path]:
    """Yield a file of the folder; whatever is wrong in it becomes one message that names it."""
    try:
        yield folder / name
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecipeError) as error:
        what = (isinstance(error, OSError) and error.strerror) or error
        raise RunError(f'the run folder "{folder}" is damaged: {name}: {what}') from error


def _facts(facts: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the values that run.json holds."""
    if "format" not in facts:
        raise ValueError("'format' is missing")
    number = facts.pop("format")
    if number not in _READABLE_FORMATS or number is True:  # True equals 1
        raise RunError(
            f'"{folder}" was written by another version of vgg-transfer (format {number}, and '
            f"this version reads {_READABLE_FORMATS[0]} to {FORMAT}): read it with the version "
            "that wrote it, or train again"
        )
    if number == 1:
        facts = _from_format_1(facts)
    _check_keys("the run", facts, _IN_JSON, required=(*_PLAIN, *_VALUES, "stages"))
    facts["class_names"] = tuple(facts["class_names"])
    for name, kind in _VALUES.items():
        facts[name] = _made(kind, name, facts[name])
    for name, kind in _LISTS.items():
        facts[name] = tuple(_made(kind, name, one) for one in facts.get(name, ()))
    if (channels := facts.get("channels")) is not None:
        facts["channels"] = Channels(tuple(channels["mean"]), tuple(channels["deviation"]))
    return facts


def _from_format_1(facts: dict[str, Any]) -> dict[str, Any]:
    """Turn what format 1 held into format 2: notes were sentences, skipped files were objects."""
    image_set = dict(facts["image_set"])
    notes = [Finding("images", "note", "images", note) for note in image_set.pop("notes", ())]
    image_set["skipped"] = {one["path"]: one["reason"] for one in image_set.get("skipped", ())}
    return facts | {"image_set": image_set, "findings": [asdict(note) for note in notes]}


def _made(kind: type[_Value], name: str, facts: Mapping[str, Any]) -> _Value:
    known = {field.name: field.default is MISSING for field in fields(kind)}  # type: ignore[arg-type]
    _check_keys(name, facts, known, [key for key, required in known.items() if required])
    return kind(**facts)


def _check_keys(
    name: str, facts: Mapping[str, Any], known: Iterable[str], required: Iterable[str]
) -> None:
    faults = [f"'{key}' is missing" for key in required if key not in facts]
    faults += [f"'{key}' is unknown" for key in facts if key not in known]
    if faults:
        raise ValueError(f"{name}: {', '.join(faults)}")


def _write_files(run: Run, folder: Path) -> None:
    # Values and tuples of values become objects and lists; a dataclass's own fields, all the way.
    everything = {name: getattr(run, name) for name in _IN_JSON}
    facts = {name: _plain(value) for name, value in everything.items()}
    _write_json(folder / "run.json", {"format": FORMAT} | facts)
    (folder / "recipe.toml").write_text(recipes.to_toml(run.recipe), encoding="utf-8")
    _write_json(folder / "metrics.json", run.metrics.to_dict() if run.metrics else {})
    blocks = [*run.recipe.base.block_names, "head"]
    rates = [f"rate_{block}" for block in blocks]
    _write_rows(
        folder / "history.csv",
        [*_EPOCH_COLUMNS, *rates],
        (_epoch_row(epoch, blocks) for epoch in run.history),
    )
    _write_rows(
        folder / "predictions.csv",
        ["path", "split", "class", "predicted", *run.class_names],
        ([j.path, j.split, j.label, j.predicted, *j.probabilities] for j in run.judged),
    )
    _write_rows(
        folder / "images.csv", _IMAGE_COLUMNS, (list(vars(row).values()) for row in run.manifest)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value


def _epoch_row(epoch: Epoch, blocks: Sequence[str]) -> list[Any]:
    rates = [epoch.rates.get(block, "") for block in blocks]
    return [*(getattr(epoch, name) for name in _EPOCH_COLUMNS), *rates]


def _epoch(row: Sequence[str]) -> Epoch:
    values = dict(zip(_EPOCH_COLUMNS, row, strict=False))
    blocks = [*recipes.Base().block_names[: len(row) - len(_EPOCH_COLUMNS) - 1], "head"]
    rates = dict(zip(blocks, row[len(_EPOCH_COLUMNS) :], strict=True))
    numbers = {name: float(text) for name, text in values.items()}
    return Epoch(
        **numbers | {"stage": int(values["stage"]), "epoch": int(values["epoch"])},  # type: ignore[arg-type]
        rates={block: float(text) for block, text in rates.items() if text},
    )


def _judged(row: Sequence[str]) -> Judged:
    path, split, label, predicted, *probabilities = row
    return Judged(path, split, label, predicted, tuple(float(text) for text in probabilities))


# File names may hold bytes that are no text: surrogateescape keeps them as they are.
def _json(path: Path) -> dict[str, Any]:
    value = json.loads(path.read_text("utf-8", "surrogateescape"))
    if not isinstance(value, dict):
        raise ValueError(f"a JSON object is expected, received {str(value)[:40]}")
    return value


def _write_json(path: Path, value: Any) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", errors="surrogateescape")


def _rows(path: Path, read_row: Callable[[Sequence[str]], _Value]) -> Iterator[_Value]:
    """Yield what ``read_row`` makes of each line below the header."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        rows = csv.reader(file)
        try:
            next(rows, None)
            for row in rows:
                yield read_row(row)
        except (ValueError, csv.Error) as error:
            raise ValueError(f"line {rows.line_num}: {error}") from error


def _write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        csv.writer(file).writerows([header, *rows])
