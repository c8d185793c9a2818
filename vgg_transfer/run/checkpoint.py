"""How far a training has come, in its run folder, from after its first epoch until it is done.

    RUN/
      checkpoint-000012.npz   all that the training needs to go on, and what was reached

A file appears whole, and the one before it stays: where the disk spoils the newest, that one is
used.
"""

import json
import os
import re
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.checking import as_value
from vgg_transfer.disk import names_in
from vgg_transfer.errors import ResumeError, RunError
from vgg_transfer.reading import parse_json
from vgg_transfer.run.stages import Advice, Epoch, Filled, StageOutcome
from vgg_transfer.words import printable
from vgg_transfer.writing import whole_file

Arrays = Mapping[str, NDArray[Any]]

_FORMAT = 1
_NAME = re.compile(r"checkpoint-(\d{1,12})\.npz")
_FACTS = "progress.json"
_MOST_BYTES = 50_000_000  # of the facts: a hundred thousand epochs
# What a damaged archive makes zipfile, zlib and NumPy raise.
_DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    NotImplementedError,
    MemoryError,
    zipfile.BadZipFile,
)


@dataclass(frozen=True)
class Within:
    """A stage in the middle: what Keras's loop and its callbacks know.

    Args:
        stage: its number, from 1.
        epoch: how many whole epochs are done.
        step: how many steps of the epoch after them are done.
        ended: patience has ended it.
        stored: it reads stored activations.
        best_epoch: the epoch whose weights are the best so far; 0: those that it began with.
        best: their monitored value; None where nothing was measured.
        epochs: the whole epochs.
        seconds: what it took so far.
        epoch_seconds: what the begun epoch took so far.
        waited: how many of these were spent waiting for input.
        rate: its rate, where a test found one.
        counters: what Keras's callbacks count, by their class and attribute.
        averaged: how many steps are in the running mean of weights.
        filled: what it asked of stores.
    """

    stage: int
    epoch: int
    step: int
    ended: bool
    stored: bool
    best_epoch: int
    best: float | None
    epochs: tuple[Epoch, ...]
    seconds: float
    epoch_seconds: float = 0.0
    waited: float = 0.0
    rate: float | None = None
    counters: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    averaged: int = 0
    filled: tuple[Filled, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far a training has come, without its tensors.

    Args:
        stages: how the stages went that are done.
        history: their epochs.
        filled: what they asked of stores.
        advice: what probes said before them.
        seconds: what the training took so far.
        trained: no stage is left to be run.
        optimizer: the kind of optimizer that has learnt something; empty where none has.
        steps: how many steps each variable has had, by its path.
        within: the stage that is in the middle; None between stages.
    """

    stages: tuple[StageOutcome, ...] = ()
    history: tuple[Epoch, ...] = ()
    filled: tuple[Filled, ...] = ()
    advice: tuple[Advice, ...] = ()
    seconds: float = 0.0
    trained: bool = False
    optimizer: str = ""
    steps: Mapping[str, int] = field(default_factory=dict)
    within: Within | None = None


@dataclass(frozen=True)
class Checkpoint:
    """How far a training has come, and its tensors by name."""

    progress: Progress
    arrays: Arrays = field(default_factory=dict)


def keep_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint into a run folder; of those before it, the last one stays.

    Raises:
        OSError: the disk is full or fails; the last one is there still.
    """
    *older, last = _numbers(folder) or [0]
    for number in older:  # first, so that there are never more than two
        _file(folder, number).unlink(missing_ok=True)
    with whole_file(_file(folder, last + 1)) as partial:
        _write(partial, checkpoint)


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """Return the newest whole checkpoint of a run folder, None where there is none yet.

    Raises:
        ResumeError: there are some, and all are damaged.
    """
    found: Checkpoint | None = _newest(folder, _read)
    return found


def read_progress(folder: Path) -> Progress | None:
    """Return how far the training of a run folder has come, None where nothing is known yet."""
    try:
        found: Progress | None = _newest(folder, _read_progress)
    except RunError:
        return None
    return found


def has_checkpoint(folder: Path) -> bool:
    """Return whether there is one, whole or not."""
    return bool(_numbers(folder))


def drop_checkpoints(folder: Path) -> None:
    """Remove all checkpoints of a run folder."""
    for number in _numbers(folder):
        _file(folder, number).unlink(missing_ok=True)


def _numbers(folder: Path) -> list[int]:
    return sorted(int(name[1]) for one in names_in(folder) if (name := _NAME.fullmatch(one)))


def _file(folder: Path, number: int) -> Path:
    return folder / f"checkpoint-{number:06}.npz"


def _newest(folder: Path, read: Any) -> Any:
    damage = ""
    for number in reversed(_numbers(folder)):
        file = _file(folder, number)
        try:
            return read(file)
        except _DAMAGE as error:
            damage = damage or f'"{printable(file)}" is damaged ({error})'
    if damage:
        raise ResumeError(
            f"{damage}, and there is no older one that is whole: this training cannot go on. "
            "Train again: activations that are stored already are not computed anew"
        )
    return None


def _write(file: Path, checkpoint: Checkpoint) -> None:
    facts = {"format": _FORMAT, "arrays": sorted(checkpoint.arrays)}
    facts["progress"] = asdict(checkpoint.progress)
    text = json.dumps(facts, allow_nan=False)
    with file.open("wb") as opened:
        with zipfile.ZipFile(opened, "w") as archive:
            archive.writestr(_FACTS, text.encode("utf-8", "surrogateescape"))
            for number, (_, array) in enumerate(sorted(checkpoint.arrays.items())):
                with archive.open(f"{number}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
        opened.flush()
        os.fsync(opened.fileno())  # a name must not be there before what it stands for


def _read(file: Path) -> Checkpoint:
    with zipfile.ZipFile(file) as archive:
        facts = _facts(archive)
        arrays = {}
        for number, name in enumerate(as_value(tuple[str, ...], facts["arrays"], "arrays")):
            with archive.open(f"{number}.npy") as member:
                arrays[name] = np.lib.format.read_array(member, allow_pickle=False)
                if member.read(1):
                    raise ValueError(f"{number}.npy is longer than it says")
    return Checkpoint(as_value(Progress, facts["progress"], "progress"), arrays)


def _read_progress(file: Path) -> Progress:
    with zipfile.ZipFile(file) as archive:
        progress: Progress = as_value(Progress, _facts(archive)["progress"], "progress")
    return progress


def _facts(archive: zipfile.ZipFile) -> dict[str, Any]:
    if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
        raise ValueError("it is compressed, which no checkpoint is")  # may be far larger than it
    if archive.getinfo(_FACTS).file_size > _MOST_BYTES:
        raise ValueError(f"{_FACTS} is far too large")
    facts = parse_json(archive.read(_FACTS).decode("utf-8", "surrogateescape"))
    if facts.get("format") != _FORMAT:
        raise ValueError("it is of another version of vgg-transfer")
    return facts
