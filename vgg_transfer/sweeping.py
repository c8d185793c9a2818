"""What killed programs leave behind, and how it is known that they are dead.

A program that writes something unfinished holds a lock on it (``held``); the system lets go of the
lock when the program ends, however it ends. What has our kind of name, is ours, and is not held by
anybody goes with the next program that writes beside it (``sweep``). Where there are no such locks
(Windows, some network disks) nothing can be known, so nothing goes.
"""

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LEFT_ALONE = 60.0  # seconds in which a program surely gets from making something to holding it
# Nobody gives such a name to a folder of his own, which must never be taken for ours.
_BEGIN, _END = "vgg-transfer-", ".temporary"


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Hold a file or folder of ours, so that nobody sweeps it; renaming does not end it.

    Yields:
        False where another program holds it already; True as well where nobody can.
    """
    try:
        descriptor = _lock(path)
    except BlockingIOError:
        yield False
        return
    try:
        yield True
    finally:
        if descriptor is not None:
            os.close(descriptor)


def is_held(path: Path) -> bool:
    """Return whether a program holds a file or folder, as far as can be known."""
    try:
        descriptor = _lock(path)
    except BlockingIOError:
        return True
    if descriptor is not None:
        os.close(descriptor)
    return False


def sweep(folder: Path, name: re.Pattern[str], age: float = _LEFT_ALONE) -> None:
    """Remove what programs left in a folder that were killed.

    Args:
        folder: where to look; nothing below the folders in it.
        name: what we call what may go.
        age: seconds since it was made or written to, at least. Defaults to more than a program
            takes from making something to holding it.
    """
    with suppress(OSError):
        for path in folder.iterdir():
            if name.fullmatch(path.name) and _is_ours(path, age):
                _remove_if_dead(path)


@contextmanager
def temporary_folder(place: Path | None = None) -> Iterator[Path]:
    """Yield a folder for temporary files that goes afterwards, or with the next one.

    Args:
        place: where it lies. [default: the system's place for them]
    """
    place = place or Path(tempfile.gettempdir())
    sweep(place, re.compile(rf"{_BEGIN}\w{{8}}{re.escape(_END)}"))
    folder = Path(tempfile.mkdtemp(_END, _BEGIN, place))
    try:
        with held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def place_for_temporary_files() -> Path:
    """Return the system's place for them, outside of any temporary folder of ours."""
    place = Path(tempfile.gettempdir())
    ours = place.name.startswith(_BEGIN) and place.name.endswith(_END)
    return place.parent if ours else place


def _is_ours(path: Path, age: float) -> bool:
    """Return whether we made it, and so many seconds ago."""
    with suppress(OSError):
        facts = path.lstat()
        return facts.st_uid == os.geteuid() and time.time() - facts.st_mtime >= age
    return False


def _remove_if_dead(path: Path) -> None:
    try:
        descriptor = _lock(path)
    except BlockingIOError:
        return
    if descriptor is None:
        return
    try:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _lock(path: Path) -> int | None:
    """Return a descriptor that holds the lock; None where nobody can hold one.

    Raises:
        BlockingIOError: somebody else holds it.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError):
            raise
        return None
    return descriptor
