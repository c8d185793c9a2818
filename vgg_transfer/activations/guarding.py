"""Files of a store, opened so that nobody can lead a write elsewhere.

A cache may lie where other users write too. A link planted there under the name of one of our files
would have us write to, or read from, any file of ours: links are refused, soft and hard ones, and
so are stores that belong to somebody else. Locks do the same by themselves (filelock).
"""

import errno
import io
import os
import stat
from pathlib import Path
from typing import Literal

# Windows has neither; a pipe is not waited for.
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def open_guarded(path: Path, mode: Literal["rb", "r+b", "ab"]) -> io.FileIO:
    """Open a file without a buffer; raise OSError where it is a link, or no file."""
    return io.FileIO(path, mode, opener=_opened)


def check_own(folder: Path, made_by_us: Path) -> None:
    """Raise OSError where a store is a link or somebody else's, unless we are root.

    Args:
        folder: of the store.
        made_by_us: a file that this process has just made there: whose it is, we are.
    """
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode):
        raise OSError(errno.ELOOP, "it is a link, which is not followed", str(folder))
    ours = made_by_us.lstat().st_uid
    if facts.st_uid != ours != 0:
        raise OSError(errno.EPERM, "it belongs to another user", str(folder))


def _opened(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | _FLAGS, 0o666)
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode) or facts.st_nlink > 1:
        os.close(descriptor)
        raise OSError(errno.ELOOP, "it is a link, or no file", path)
    return descriptor
