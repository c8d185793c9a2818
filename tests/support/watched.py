"""What Python does to the disk while a test looks on; inputs may neither hang nor swell."""

import contextlib
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_LONGEST = 20.0  # seconds of one input; all take milliseconds
_MOST_MEMORY = 2**30  # bytes of addresses, beyond what the process had before
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_ONE_PATH = ("os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.chown", "os.utime")
_STARTED = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.connect")


class Hung(BaseException):
    """An input took too long; no ``except Exception`` holds it up."""


@dataclass
class Seen:
    """What was done: files opened for writing, paths made or changed, names given, programs run."""

    opened: list[Path] = field(default_factory=list)
    touched: list[Path] = field(default_factory=list)
    renamed: list[tuple[Path, Path]] = field(default_factory=list)
    started: list[str] = field(default_factory=list)

    def outside(self, *folders: Path) -> list[Path]:
        """Return what was written, made or removed and lies in none of these folders."""
        ends = [end for pair in self.renamed for end in pair]
        return [
            path
            for path in (*self.opened, *self.touched, *ends)
            if not any(path.is_relative_to(folder) for folder in folders)
            and path != Path(os.devnull)
        ]


_listening: list[Seen] = []


@contextlib.contextmanager
def seen() -> Iterator[Seen]:
    """Collect what all threads do meanwhile; what C libraries do by themselves is not heard."""
    _install()
    found = Seen()
    _listening.append(found)
    try:
        yield found
    finally:
        _listening.remove(found)


def _install(done: list[bool] = []) -> None:  # noqa: B006 (Python cannot take a hook away again)
    if not done:
        sys.addaudithook(_hear)
        done.append(True)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _listening:
        return
    if event == "open":
        path, mode, flags = arguments
        changes = any(letter in mode for letter in "wax+") if mode else flags & _WRITES
        # A folder is opened for writing where a file without a name is wanted, as by filelock.
        if changes and not flags & os.O_DIRECTORY:
            _note("opened", _path(path))
    elif event in _ONE_PATH:
        _note("touched", _path(arguments[0], arguments[-1]))
    elif event == "os.rename":
        _note("renamed", (_path(arguments[0], arguments[2]), _path(arguments[1], arguments[3])))
    elif event in ("os.link", "os.symlink"):
        _note("touched", _path(arguments[1], arguments[-1]))
    elif event in _STARTED:
        _note("started", f"{event} {arguments!r:.200}")


def _note(what: str, fact: Any) -> None:
    for one in _listening:
        if fact is not None:
            getattr(one, what).append(fact)


def _path(path: Any, folder: Any = -1) -> Path | None:
    """Return where a path leads, from an open folder or from here.

    None for a descriptor, whose opening was heard.
    """
    if isinstance(path, int):
        return None
    is_open = isinstance(folder, int) and folder >= 0
    here = Path(f"/proc/self/fd/{folder}").readlink() if is_open else Path()
    return Path(os.path.abspath(here / os.fsdecode(path)))  # noqa: PTH100 (links stay links)


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """Let nothing take much more memory than is taken now."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + _MOST_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@contextlib.contextmanager
def in_time(seconds: float = _LONGEST) -> Iterator[None]:
    """Raise ``Hung`` where the block takes too long; the clock of pytest-timeout runs on."""

    def stop(*_: object) -> None:
        raise Hung

    began, handler = time.monotonic(), signal.signal(signal.SIGALRM, stop)
    left, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        rest = max(left - (time.monotonic() - began), 0.1) if left else 0
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, rest)
