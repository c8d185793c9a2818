"""One store: a folder with rows of one shape, an index of their names, and locks.

    KEY/
      about.json   what the rows are: shape, dtype, and in words where they come from
      rows.bin     the rows, one after another
      index.bin    for each row its name (64 bytes) and the CRC-32 of its name and bytes (4)
      fill.lock    held by the one process that adds rows
      use-*.lock   held by each process that has the store open; eviction leaves those alone
    cache.lock     held for a moment while a store is opened or removed

A row counts from the moment its index entry is complete, and that is written after the row: a
process killed at any point leaves a store that is shorter, never one that is wrong. Every CRC is
checked when rows are first handed out.
"""

import io
import json
import os
import secrets
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from vgg_transfer.activations.guarding import check_own, open_guarded
from vgg_transfer.reading import read_json
from vgg_transfer.writing import whole_file

FORMAT = 1
_ENTRY = np.dtype([("name", "S64"), ("crc", "<u4")])
_MOST_INDEX_BYTES = 1_000_000_000  # of 14 million rows


class StoreDamaged(Exception):  # noqa: N818 (a fact for the caller, who computes without the store)
    """A store whose files contradict each other; the caller clears it and computes again."""


@dataclass(frozen=True)
class Row:
    """The form of one row: shape and NumPy dtype name (bfloat16 is kept as uint16)."""

    shape: tuple[int, ...]
    dtype: str

    @property
    def bytes(self) -> int:
        """The size of one row on disk."""
        return int(np.prod(self.shape)) * np.dtype(self.dtype).itemsize


class Store:
    """An open store. Close it, or use it in a ``with`` statement: until then it is kept."""

    def __init__(self, folder: Path, row: Row, in_use: FileLock) -> None:
        self.folder, self.row = folder, row
        self._in_use = in_use
        self._places: dict[str, int] = {}
        self._checked = 0

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the store be evicted again when room is needed."""
        self._in_use.release(force=True)
        Path(self._in_use.lock_file).unlink(missing_ok=True)

    def missing(self, names: Sequence[str]) -> list[str]:
        """Return the names that have no row yet, in their order, each once."""
        self._refresh()
        return [name for name in dict.fromkeys(names) if name not in self._places]

    def places(self, names: Sequence[str]) -> NDArray[np.int64]:
        """Return where the rows of these names lie; all must be there."""
        return np.array([self._places[name] for name in names], np.int64)

    def read(self, places: NDArray[np.int64]) -> NDArray[Any]:
        """Return the rows at these places.

        Read, not memory-mapped: mapped pages count as memory of the process, and a file that
        another program cuts short would end it without a word.
        """
        found = np.empty((len(places), *self.row.shape), self.row.dtype)
        try:
            with open_guarded(self.folder / "rows.bin", "rb") as file:
                for place, row in zip(places, found, strict=True):
                    file.seek(int(place) * self.row.bytes)
                    if file.readinto(row.reshape(-1).view(np.uint8).data) != self.row.bytes:
                        raise StoreDamaged(f"row {place} is cut short")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise StoreDamaged(f'"{self.folder / "rows.bin"}": {reason}') from error
        return found

    @contextmanager
    def filling(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Hold the right to add rows; ``waiting`` is called once where another process has it."""
        lock = FileLock(self.folder / "fill.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting()
            _acquire_patiently(lock)
        try:
            self._cut_torn_end()
            self._refresh()
            yield
        finally:
            lock.release()

    def append(self, names: Sequence[str], rows: NDArray[Any]) -> None:
        """Add rows; only while ``filling``.

        Raises OSError where the disk is full, StoreDamaged where the files are not as they were
        left: the rows would be taken for others.
        """
        rows = np.ascontiguousarray(rows)
        if rows.shape[1:] != self.row.shape or rows.dtype != np.dtype(self.row.dtype):
            raise ValueError(f"rows of {rows.shape[1:]} {rows.dtype} do not fit {self.row}")
        entries = np.array(
            [(name, _checksum(name.encode(), row)) for name, row in zip(names, rows, strict=True)],
            _ENTRY,
        )
        for file_name, size, data in (
            ("rows.bin", self.row.bytes, rows.data.cast("B")),
            ("index.bin", _ENTRY.itemsize, entries.tobytes()),
        ):
            with io.BufferedWriter(open_guarded(self.folder / file_name, "ab")) as file:
                if file.tell() != self._checked * size:
                    raise StoreDamaged(f"{file_name} was changed while rows were added")
                file.write(data)
        self._places |= {name: place for place, name in enumerate(names, start=self._checked)}
        self._checked += len(names)

    def _refresh(self) -> None:
        """Read the index again, and check what it names that was not checked before."""
        entries = _read_index(self.folder)
        if len(entries) > self._checked:
            self._check(entries)
        names = entries["name"].tolist()
        self._places = {name.decode("latin-1"): place for place, name in enumerate(names)}
        self._checked = len(entries)
        os.utime(self.folder)  # the time of last use, for eviction

    def _check(self, entries: NDArray[Any]) -> None:
        available = _size(self.folder / "rows.bin") // self.row.bytes
        if available < len(entries):
            raise StoreDamaged(f"{len(entries)} rows are listed, {available} are there")

        def wrong(place: int) -> bool:
            row = self.read(np.array([place]))
            return bool(_checksum(entries["name"][place], row) != entries["crc"][place])

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = sum(pool.map(wrong, range(self._checked, len(entries))))
        if found:
            raise StoreDamaged(f"{found} of {len(entries)} rows are not what was written")

    def _cut_torn_end(self) -> None:
        """Drop what a killed process left behind the last complete entry."""
        count = len(_read_index(self.folder))
        for name, size in (
            ("index.bin", count * _ENTRY.itemsize),
            ("rows.bin", count * self.row.bytes),
        ):
            path = self.folder / name
            if _size(path) > size:
                with open_guarded(path, "r+b") as file:
                    file.truncate(size)


def open_store(cache: Path, key: str, row: Row, about: Mapping[str, Any]) -> Store:
    """Open the store of that key (32 hexadecimal digits), made where it is not there yet.

    Raises StoreDamaged where its files contradict each other, OSError where the folder, or a file
    in it, is a link, or the store is another user's.
    """
    folder = cache / key
    in_use = FileLock(folder / f"use-{os.getpid()}-{secrets.token_hex(4)}.lock")
    with alone(cache):
        folder.mkdir(exist_ok=True)
        in_use.acquire()
    store = Store(folder, row, in_use)
    try:
        check_own(folder, Path(in_use.lock_file))
        _describe(folder, {"format": FORMAT, "shape": list(row.shape), "dtype": row.dtype, **about})
        store.missing([])
    except BaseException:
        store.close()
        raise
    return store


def names_stored(folder: Path) -> frozenset[str]:
    """Return the names of the rows that a store lists, without opening it; none where it cannot."""
    try:
        names = _read_index(folder)["name"].tolist()
    except (OSError, StoreDamaged):  # which is said when it is opened
        return frozenset()
    return frozenset(name.decode("latin-1") for name in names)


@contextmanager
def alone(cache: Path) -> Iterator[None]:
    """Keep other processes from opening or removing a store for this moment."""
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "cache.lock"):
        yield


def _describe(folder: Path, description: Mapping[str, Any]) -> None:
    """Write what the rows are, or check that what is written there says the same."""
    written = folder / "about.json"
    if not written.exists():
        with whole_file(written) as partial:
            partial.write_text(json.dumps(description, indent=2), encoding="utf-8")
    try:
        known = read_json(written)
    except ValueError:
        raise StoreDamaged("about.json is not what was written") from None
    if any(known.get(part) != description[part] for part in ("format", "shape", "dtype")):
        raise StoreDamaged("about.json describes other rows")


def _checksum(name: bytes, row: NDArray[Any]) -> int:
    return zlib.crc32(row.data, zlib.crc32(name))


def _read_index(folder: Path) -> NDArray[Any]:
    """Return the complete entries of the index."""
    try:
        with open_guarded(folder / "index.bin", "rb") as file:
            if os.fstat(file.fileno()).st_size > _MOST_INDEX_BYTES:
                raise StoreDamaged("index.bin is larger than any store of ours")
            data = file.read()
    except FileNotFoundError:
        data = b""
    return np.frombuffer(data[: len(data) // _ENTRY.itemsize * _ENTRY.itemsize], _ENTRY)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _acquire_patiently(lock: FileLock) -> None:
    """Wait in short sleeps, so that Ctrl-C is heard."""
    while True:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            time.sleep(0.2)
        else:
            return
