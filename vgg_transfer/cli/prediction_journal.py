"""What is predicted is written down as it comes, so that it can be gone on with after anything.

The journal lies hidden beside the file that is wanted: a line that says what was asked for, then a
line of JSON for each file. When all are there the wanted file is made from it, and it goes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from vgg_transfer.checking import as_value
from vgg_transfer.cli.json import as_text
from vgg_transfer.cli.json.answers import PredictedFile
from vgg_transfer.disk import is_file, is_there
from vgg_transfer.errors import RunError
from vgg_transfer.images.pictures import Given
from vgg_transfer.reading import parse_json
from vgg_transfer.sweeping import held
from vgg_transfer.words import counted, excerpt, printable

_FORMAT = 1
_LONGEST_LINE = 2**22  # bytes: of a path, and of a few thousand classes
_KEPT = 20  # reasons why files cannot be read


@dataclass
class Tally:
    """How many files were answered for: in all, of each class, and not at all."""

    files: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    reasons: list[PredictedFile] = field(default_factory=list)

    def count(self, row: PredictedFile) -> None:
        """Count one more file; the first reasons are kept."""
        self.files += 1
        if row.class_ is not None:
            self.classes[row.class_] += 1
            return
        self.unreadable += 1
        if len(self.reasons) < _KEPT:
            self.reasons.append(row)


class Journal:
    """Answers on the disk; ``tally`` counts them."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path, self.tally = path, Tally()
        self._file = file
        self._done: set[str] = set()

    def left(self, pictures: Iterable[Given]) -> Iterable[Given]:
        """Return the pictures that were not answered for when the journal was opened."""
        if not self._done:
            return pictures  # a list stays one: its length is known
        return (one for one in pictures if str(one.path) not in self._done)

    def add(self, row: PredictedFile) -> None:
        """Write down what is told of one more file, which whoever adds it counts."""
        self._write(row)

    def rows(self) -> Iterator[PredictedFile]:
        """Yield all that is told, as it was written down."""
        with self.path.open("rb") as file:
            file.readline()
            yield from map(_row, file)

    def begin(self, asked: Mapping[str, object]) -> None:
        """Write down what is asked for."""
        self._write({"format": _FORMAT, **asked})

    def go_on(self, asked: Mapping[str, object]) -> None:
        """Read what is there, and drop a last line that was cut short."""
        whole = 0
        for number in count(1):
            line = self._file.readline(_LONGEST_LINE)
            try:
                if not line.endswith(b"\n"):
                    _check_torn(line, b"" if whole else _line({"format": _FORMAT, **asked}))
                    break
                if number == 1:
                    _check_same(self.path, asked, parse_json(line.decode()))
                else:
                    row = _row(line)
                    self._done.add(row.path)
                    self.tally.count(row)
            except (ValueError, KeyError, TypeError) as error:
                raise RunError(
                    f'"{printable(self.path)}" is damaged in line {number}: '
                    f"{excerpt(str(error), 200)}. Move it away and begin again"
                ) from error
            whole += len(line)
        self._file.seek(whole)
        self._file.truncate()
        if whole == 0:
            self.begin(asked)

    def _write(self, value: object) -> None:
        try:
            self._file.write(_line(value))
            self._file.flush()
        except OSError as error:
            raise _cannot_write(self.path, error) from error


@contextmanager
def journal_for(out: Path, asked: Mapping[str, object], go_on: bool | None) -> Iterator[Journal]:
    """Open the journal of a file that is to be written; it goes when the block is left well.

    Where the block raises it stays, unless it has no image's answer, and the error says how to go
    on.

    Args:
        out: the file that is made of it in the block.
        asked: what decides the answers, in plain values: it must be the same when it goes on.
        go_on: whether one that is there is gone on with, or refused; None where it is of use to
            nobody later.

    Raises:
        RunError: it cannot be written, belongs to something else, or is damaged.
    """
    path = out.with_name(f".{out.name}.partial")
    is_new = not is_there(path)
    if not is_new and not go_on:
        raise RunError(
            f'"{printable(path)}" holds what was predicted for "{printable(out)}" before something '
            "ended it: go on with the same command and --continue, or move it away"
        )
    if not is_new and not is_file(path):
        raise RunError(f'"{printable(path)}" is no file: move it away')
    with _opened(path, is_new) as file, held(path) as is_ours:
        if not is_ours:
            raise RunError(f'"{printable(path)}" is being written to by another program')
        journal = Journal(path, file)
        journal.begin(asked) if is_new else journal.go_on(asked)
        try:
            yield journal
        except BaseException as error:
            if not journal.tally.classes:
                path.unlink(missing_ok=True)
            elif go_on is not None:
                files = counted(journal.tally.files, "file", ",")
                error.add_note(
                    f"{files} answered for: the same command with --continue goes on behind them"
                )
            raise
    path.unlink()


@contextmanager
def _opened(path: Path, is_new: bool) -> Iterator[BinaryIO]:
    try:
        file = path.open("xb" if is_new else "r+b")
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        yield file
    finally:
        with suppress(OSError):  # a full disk was told of when it was met
            file.close()


def _line(value: object) -> bytes:
    return as_text(value, indent=None).encode() + b"\n"


def _check_torn(line: bytes, wanted: bytes) -> None:
    """Refuse a last line that is none of ours cut short: nothing of others is dropped."""
    if len(line) == _LONGEST_LINE or (wanted and not wanted.startswith(line)):
        raise ValueError("it is none that predict writes")


def _row(line: bytes) -> PredictedFile:
    """Return what a line tells of a file."""
    data: dict[str, Any] = parse_json(line.decode())
    data["class_"] = data.pop("class")
    for one in data["top"]:
        one["class_"] = one.pop("class")
    row: PredictedFile = as_value(PredictedFile, data, "a file")
    return row


def _check_same(path: Path, asked: Mapping[str, object], found: Mapping[str, object]) -> None:
    """Refuse to go on with what was asked for in another way."""
    wanted = parse_json(as_text({"format": _FORMAT, **asked}))
    for name, value in wanted.items():
        if found[name] != value:
            there, here = (excerpt(as_text(one), 200) for one in (found[name], value))
            raise RunError(
                f'"{printable(path)}" was begun with {name} {there}, and this is {here}: ask as '
                "then, or move it away and begin again"
            )


def _cannot_write(path: Path, error: OSError) -> RunError:
    return RunError(f'cannot write "{printable(path)}": {error.strerror or error}')
