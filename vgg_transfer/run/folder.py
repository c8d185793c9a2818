"""The run folder is written here, and nowhere else; ``reader`` reads it.

It is there from the beginning of a training, in the state ``running``, and is held by the program
that trains. What the training came to is put in file by file, each whole, run.json last.
"""

import csv
import json
import os
import shlex
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from vgg_transfer import recipe as recipes
from vgg_transfer.disk import is_folder, is_there, why_impossible
from vgg_transfer.errors import RunError
from vgg_transfer.reading import read_json
from vgg_transfer.run.checkpoint import drop_checkpoints, has_checkpoint
from vgg_transfer.run.layout import (
    EPOCH_COLUMNS,
    FORMAT,
    IMAGE_COLUMNS,
    IN_JSON,
    PREDICTION_COLUMNS,
)
from vgg_transfer.run.stages import Epoch
from vgg_transfer.run.values import Judged, Run
from vgg_transfer.sweeping import held, place_for_temporary_files
from vgg_transfer.words import printable, size_in_words
from vgg_transfer.writing import free_beside, sweep_partial, whole_files, whole_folder


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
    if is_unfinished(folder):
        raise RunError(
            f"{shown} holds a training that is not finished: go on with it by "
            f"`{resume_command(folder)}`, choose another folder with --out, or move it away"
        )
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


def is_unfinished(folder: Path) -> bool:
    """Return whether a training was begun in a folder and has not come to its end."""
    return _status(folder) in ("running", "interrupted")


def resume_command(folder: Path) -> str:
    """Return the command that goes on with the training in a run folder."""
    return f"vgg-transfer resume {shlex.quote(printable(folder))}"


@contextmanager
def begun(run: Run) -> Iterator[Run]:
    """Make the folder of a training that begins, or take it up again; hold it meanwhile.

    Where the block raises before a checkpoint is there, a folder that was made here is removed;
    later, a note on the error says that what was trained is kept, and how to go on.

    Args:
        run: what is known of it; its ``folder`` is absent or empty, or holds this very training.

    Yields:
        The run with the absolute path of its folder, in the state ``running``.

    Raises:
        RunError: the folder cannot be written, or another program is training in it.
    """
    run = replace(run, folder=run.folder.absolute(), status="running")
    goes_on = is_unfinished(run.folder)
    with _errors_named(run.folder):
        if not goes_on:
            check_free(run.folder)
            with whole_folder(run.folder) as partial:
                _write_files(run, partial)
    with held(run.folder) as is_ours:
        if not is_ours:
            raise RunError(
                f'the run folder "{printable(run.folder)}" is in use: another program is training '
                "in it right now. Wait for it"
            )
        try:
            if goes_on:
                sweep_partial(run.folder)
                with _errors_named(run.folder), whole_files(run.folder, "run.json") as partial:
                    _write_files(run, partial)
            yield run
        except BaseException as error:
            if is_unfinished(run.folder) and has_checkpoint(run.folder):
                error.add_note(
                    "What was trained is kept. Once nothing is in the way any more, go on: "
                    f"`{resume_command(run.folder)}`"
                )
            elif not goes_on and _status(run.folder) == "running":
                shutil.rmtree(run.folder, ignore_errors=True)  # there is nothing to go on with
            raise


def check_room(folder: Path, needed: int) -> None:
    """Refuse to begin where the disk has no room for what a training writes.

    Args:
        folder: where the run will be.
        needed: bytes of its model and checkpoints.

    Raises:
        RunError: with the numbers.
    """
    parent = next(above for above in folder.absolute().parents if is_there(above))
    free = shutil.disk_usage(parent).free
    if free < needed:
        raise RunError(
            f'the run folder "{printable(folder)}" needs {size_in_words(needed)} for its model and '
            f"checkpoints, and {size_in_words(free)} are free on its disk: make room, or choose "
            "another place with --out"
        )


def write(run: Run, save_model: Callable[[Path], None] | None) -> Run:
    """Write what a training came to into its run folder.

    Args:
        run: what to write; its ``folder`` is absent or empty, or was made by ``begun``.
        save_model: puts the model at the path it is given; None: there is none.

    Returns:
        The run with the absolute path of its folder.

    Raises:
        RunError: the folder cannot be written; what was there before is there still. Where there is
            a model, the message says in which folder for temporary files the run lies instead.
    """
    folder = run.folder.absolute()
    with _errors_named(folder):
        if not is_unfinished(folder):
            check_free(run.folder)
        try:
            _write_whole(run, folder, save_model)
        except OSError as error:
            if save_model is not None and (place := _kept_elsewhere(run, save_model)):
                raise RunError(
                    f'cannot write the run folder "{printable(folder)}": {error}\nThe run with its '
                    f'model is in "{printable(place)}": move it to where there is room'
                ) from error
            raise
        if run.status in ("complete", "failed"):
            drop_checkpoints(folder)
    return replace(run, folder=folder)


def _write_whole(run: Run, folder: Path, save_model: Callable[[Path], None] | None) -> None:
    # run.json says that all is there, so it comes last where the folder is there already.
    is_new = not is_there(folder / "run.json")
    with whole_folder(folder) if is_new else whole_files(folder, "run.json") as partial:
        if save_model is not None:
            save_model(partial / "model.keras")
        _write_files(run, partial)


def _kept_elsewhere(run: Run, save_model: Callable[[Path], None]) -> Path | None:
    """Write what cannot be written into its folder to where there may be room; None: there neither.

    A training may have taken hours, and have filled or lost its disk with the first checkpoint.
    """
    place = free_beside(place_for_temporary_files() / run.folder.name)
    try:
        _write_whole(run, place, save_model)
    except OSError:
        return None
    return place


def _status(folder: Path) -> Any:
    """Return what the record in a folder says of its training; None where there is none."""
    try:
        return read_json(folder / "run.json").get("status")
    except (OSError, ValueError):
        return None


@contextmanager
def _errors_named(folder: Path) -> Iterator[None]:
    """Turn an error of the disk into a message that names the run folder."""
    try:
        yield
    except OSError as error:
        raise RunError(f'cannot write the run folder "{printable(folder)}": {error}') from error


def _write_files(run: Run, folder: Path) -> None:
    # Values and tuples of values become objects and lists; a dataclass's own fields, all the way.
    facts = {name: _plain(getattr(run, name)) for name in IN_JSON}
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
    _write_judged(folder / "predictions.csv", run.judged, run.class_names)
    if run.validated:
        _write_judged(folder / "validation.csv", run.validated, run.class_names)
    _write_rows(
        folder / "images.csv", IMAGE_COLUMNS, (list(vars(row).values()) for row in run.manifest)
    )


def _write_judged(path: Path, judged: Iterable[Judged], class_names: Sequence[str]) -> None:
    header = [*PREDICTION_COLUMNS, *class_names]
    rows = ([j.path, j.split, j.label, j.predicted, *j.probabilities] for j in judged)
    _write_rows(path, header, rows)


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
