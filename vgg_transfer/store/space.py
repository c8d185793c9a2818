"""Where stores lie, how much room they may take, and which go first."""

import contextlib
import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from vgg_transfer.errors import VggTransferError

PLACE, LIMIT = "VGG_TRANSFER_CACHE", "VGG_TRANSFER_CACHE_GB"
_DEFAULT_LIMIT_GB = 50.0
# Room that is always left on the disk for everything else.
_SPARE_BYTES = 500_000_000


@dataclass(frozen=True)
class Entry:
    """One store as ``vgg-transfer cache`` lists it."""

    folder: Path
    what: str
    bytes: int
    last_used: float
    in_use: bool


def cache_folder() -> Path:
    """Return the folder of all stores: $VGG_TRANSFER_CACHE, or one in the user's cache folder."""
    chosen = os.environ.get(PLACE)
    if chosen:
        return Path(chosen).expanduser()
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "vgg-transfer" / "activations"


def size_limit() -> int:
    """Return the bytes that all stores together may take: $VGG_TRANSFER_CACHE_GB, or 50 GB."""
    text = os.environ.get(LIMIT, "")
    try:
        return int(float(text or _DEFAULT_LIMIT_GB) * 1e9)
    except ValueError:
        raise VggTransferError(
            f'{LIMIT} must be a number of gigabytes, received "{text}"'
        ) from None


def listing(cache: Path) -> list[Entry]:
    """Return all stores, the most recently used first."""
    folders = [folder for folder in cache.glob("*") if (folder / "about.json").exists()]
    return sorted((_entry(folder) for folder in folders), key=lambda entry: -entry.last_used)


def clear(cache: Path, older_than: float = 0.0) -> tuple[list[Entry], list[Entry]]:
    """Remove the stores not used for that many seconds; return what went and what is in use."""
    old = [entry for entry in listing(cache) if time.time() - entry.last_used >= older_than]
    gone = [entry for entry in old if discard(entry.folder)]
    return gone, [entry for entry in old if entry not in gone]


def make_room(cache: Path, needed: int) -> str | None:
    """Evict the least recently used stores until ``needed`` more bytes fit.

    Return None, or a sentence that says what would be needed.
    """
    cache.mkdir(parents=True, exist_ok=True)
    limit = size_limit()
    for entry in [None, *reversed(listing(cache))]:
        if entry is not None and not entry.in_use:
            discard(entry.folder)
        used = sum(one.bytes for one in listing(cache))
        free = shutil.disk_usage(cache).free
        if used + needed <= limit and needed + _SPARE_BYTES <= free:
            return None
    return (
        f"{needed / 1e9:.1f} GB would be needed in {cache}; {free / 1e9:.1f} GB are free there and "
        f"stores may take {limit / 1e9:g} GB together ({LIMIT})"
    )


def _entry(folder: Path) -> Entry:
    try:
        what = str(json.loads((folder / "about.json").read_text("utf-8")).get("what", ""))
    except (OSError, ValueError):
        what = "damaged"
    files = [path for path in folder.glob("*.bin") if path.exists()]
    return Entry(
        folder=folder,
        what=what,
        bytes=sum(path.stat().st_size for path in files),
        last_used=folder.stat().st_mtime,
        in_use=_in_use(folder),
    )


def _in_use(folder: Path) -> bool:
    """True where a living process reads or fills the store; locks of dead ones are taken away."""
    for path in [*folder.glob("use-*.lock"), *folder.glob("fill.lock")]:
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        if path.name != "fill.lock":
            path.unlink(missing_ok=True)
    return False


def discard(folder: Path) -> bool:
    """Remove one store; return False where a living process uses it."""
    if _in_use(folder):
        return False
    # Under another name first: nobody opens a store that is half gone.
    doomed = folder.with_name(f".{folder.name}.removed")
    with contextlib.suppress(OSError):
        folder.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)
    return not folder.exists()
