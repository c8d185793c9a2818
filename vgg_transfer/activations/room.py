"""Where stores lie, how much room they may take, and which go first."""

import contextlib
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from vgg_transfer.activations.files import Row, Store, StoreDamaged, alone, open_store
from vgg_transfer.events import Listener, Said
from vgg_transfer.places import LIMIT, size_limit
from vgg_transfer.reading import read_json
from vgg_transfer.words import size_in_words

# Room that is always left on the disk for everything else.
_SPARE_BYTES = 500_000_000
_KEY = re.compile(r"[0-9a-f]{32}")
_DOOMED = re.compile(r"\.[0-9a-f]{32}\.[0-9a-f]{8}\.removed")


class NoRoom(Exception):  # noqa: N818 (a fact for the caller, who trains without the store)
    """There is no room for what is wanted; the text says how much would be needed."""


@dataclass(frozen=True)
class Entry:
    """One store as ``vgg-transfer cache`` lists it."""

    folder: Path
    what: str
    bytes: int
    last_used: float
    in_use: bool


def listing(cache: Path) -> list[Entry]:
    """Return all stores, the most recently used first.

    Args:
        cache: the folder of all stores.
    """
    # Another program's folder is never taken for a store, wherever the cache was put.
    entries = [_entry(folder) for folder in cache.glob("*") if _is_store(folder)]
    return sorted((one for one in entries if one), key=lambda entry: -entry.last_used)


def clear(cache: Path, older_than: float = 0.0) -> tuple[list[Entry], list[Entry]]:
    """Remove stores; return what went, and what stays because it is in use.

    Args:
        cache: the folder of all stores.
        older_than: only what was not used for so many seconds. [default: 0, all of them]
    """
    _sweep(cache)
    old = [entry for entry in listing(cache) if time.time() - entry.last_used >= older_than]
    gone = [entry for entry in old if discard(entry.folder)]
    return gone, [entry for entry in old if entry not in gone]


def make_room(cache: Path, needed: int) -> str | None:
    """Evict the least recently used stores until ``needed`` more bytes fit.

    Return None, or a sentence that says what would be needed; nothing is evicted in vain.
    """
    cache.mkdir(parents=True, exist_ok=True)
    _sweep(cache)
    limit, free = size_limit(), shutil.disk_usage(cache).free
    entries = listing(cache)
    idle = [entry for entry in reversed(entries) if not entry.in_use]
    lacking = needed - _unused(entries, limit, free)
    if lacking > sum(entry.bytes for entry in idle):
        return (
            f"{size_in_words(needed)} would be needed in {cache}; {size_in_words(free)} are free "
            f"there, of which {size_in_words(_SPARE_BYTES)} stay free for everything else, and "
            f"stores may take {limit / 1e9:g} GB together ({LIMIT})"
        )
    for entry in idle:
        if lacking <= 0:
            break
        if discard(entry.folder):
            lacking -= entry.bytes
    return None


def room_at_most(cache: Path) -> int:
    """Return how many more bytes stores may take, once all that are idle have gone.

    Args:
        cache: the folder of all stores; made where it is not there yet.
    """
    cache.mkdir(parents=True, exist_ok=True)
    entries = listing(cache)
    idle = sum(entry.bytes for entry in entries if not entry.in_use)
    return _unused(entries, size_limit(), shutil.disk_usage(cache).free) + idle


def discard(folder: Path) -> bool:
    """Remove one store; return False where a living process uses it."""
    # Under another name first: nobody opens a store that is half gone.
    doomed = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.removed")
    with alone(folder.parent):
        if _in_use(folder):
            return False
        with contextlib.suppress(OSError):
            folder.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)
    return not folder.exists()


def open_anew(cache: Path, key: str, row: Row, what: str, listen: Listener) -> Store:
    """Open a store; a damaged one is thrown away and begun again.

    Args:
        cache: the folder of all stores.
        key: the store's name.
        row: the form of its rows.
        what: what they are, in words.
        listen: hears of a damage.

    Raises:
        NoRoom: it is damaged and in use.
    """
    try:
        return open_store(cache, key, row, {"what": what})
    except StoreDamaged as damage:
        if not discard(cache / key):
            raise NoRoom(
                f"the store {cache / key} was altered ({damage}), and another training uses it"
            ) from None
        listen(Said(f"a store was altered ({damage}); it is computed again"))
    return open_store(cache, key, row, {"what": what})


def _unused(entries: list[Entry], limit: int, free: int) -> int:
    """Return how many bytes are left by the limit on stores and by the disk, maybe below zero."""
    return min(limit - sum(entry.bytes for entry in entries), free - _SPARE_BYTES)


def _sweep(cache: Path) -> None:
    """Take away what processes left that were killed while they removed a store."""
    for folder in cache.glob("*"):
        if _DOOMED.fullmatch(folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def _is_store(folder: Path) -> bool:
    if folder.is_symlink():
        return False
    files = (folder / name for name in ("about.json", "index.bin"))
    return bool(_KEY.fullmatch(folder.name)) and any(file.exists() for file in files)


def _entry(folder: Path) -> Entry | None:
    """Return what there is to know of a store; None where it has just been removed."""
    try:
        what = str(read_json(folder / "about.json")["what"])
    except (OSError, ValueError, KeyError):
        what = "damaged"
    try:
        return Entry(
            folder=folder,
            what=what,
            bytes=sum(path.stat().st_size for path in folder.glob("*.bin")),
            last_used=folder.stat().st_mtime,
            in_use=_in_use(folder),
        )
    except OSError:
        return None


def _in_use(folder: Path) -> bool:
    """True where a living process has the store open; the locks of dead ones are free."""
    for path in folder.glob("use-*.lock"):
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
    return False
