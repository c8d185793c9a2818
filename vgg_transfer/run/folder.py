"""The run folder is written here, and nowhere else; ``reader`` reads it."""

import csv
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from vgg_transfer import recipe as recipes
from vgg_transfer.disk import is_folder, is_there, why_impossible
from vgg_transfer.errors import RunError
from vgg_transfer.run.layout import (
    EPOCH_COLUMNS,
    FORMAT,
    IMAGE_COLUMNS,
    IN_JSON,
    PREDICTION_COLUMNS,
)
from vgg_transfer.run.stages import Epoch
from vgg_transfer.run.values import Run
from vgg_transfer.words import printable
from vgg_transfer.writing import whole_folder


def check_free(folder: Path) -> None:
    """Refuse a place where a run cannot be written, before any work is done for it.

    Args:
        folder: must be absent or empty, below a folder that may be written to.

    Raises:
        RunError: with what is in the way.
    """
    shown = f'the output folder "{printable(folder)}"'
    if reason := why_impossible(folder):
        raise RunError(f"cannot write {shown}: {reason}; choose another with --out")
    if is_there(folder) and (what := _what_is_in_the_way(folder)):
        raise RunError(
            f"{shown} {what}; nothing is overwritten: choose another with --out, or move it away"
        )
    parent = next(above for above in folder.absolute().parents if is_there(above))
    if not is_folder(parent) or not os.access(parent, os.W_OK):
        raise RunError(
            f'cannot write {shown}: "{printable(parent)}" is not a folder that may be written to; '
            "choose another with --out"
        )


def _what_is_in_the_way(folder: Path) -> str:
    """Return what is wrong with what is there; empty for an empty folder."""
    if folder.is_symlink():
        return "is a link"
    if not is_folder(folder):
        return "is a file"
    try:
        return "is not empty" if any(folder.iterdir()) else ""
    except OSError as error:
        return f"cannot be looked into ({error.strerror})"


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
        raise RunError(f'cannot write the run folder "{printable(folder)}": {error}') from error
    return replace(run, folder=folder)


def _write_files(run: Run, folder: Path) -> None:
    # Values and tuples of values become objects and lists; a dataclass's own fields, all the way.
    everything = {name: getattr(run, name) for name in IN_JSON}
    facts = {name: _plain(value) for name, value in everything.items()}
    _write_json(folder / "run.json", {"format": FORMAT} | facts)
    (folder / "recipe.toml").write_text(recipes.to_toml(run.recipe), encoding="utf-8")
    _write_json(folder / "metrics.json", run.metrics.to_dict() if run.metrics else {})
    blocks = [*run.recipe.base.block_names, "head"]
    rates = [f"rate_{block}" for block in blocks]
    _write_rows(
        folder / "history.csv",
        [*EPOCH_COLUMNS, *rates],
        (_epoch_row(epoch, blocks) for epoch in run.history),
    )
    _write_rows(
        folder / "predictions.csv",
        [*PREDICTION_COLUMNS, *run.class_names],
        ([j.path, j.split, j.label, j.predicted, *j.probabilities] for j in run.judged),
    )
    _write_rows(
        folder / "images.csv", IMAGE_COLUMNS, (list(vars(row).values()) for row in run.manifest)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value


def _epoch_row(epoch: Epoch, blocks: Sequence[str]) -> list[Any]:
    rates = [epoch.rates.get(block, "") for block in blocks]
    return [*(getattr(epoch, name) for name in EPOCH_COLUMNS), *rates]


def _write_json(path: Path, value: Any) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", errors="surrogateescape")


def _write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        csv.writer(file).writerows([header, *rows])
