"""A disk that is full from the first write of a kind on, until it is freed.

What makes a file, a folder or a name, and what puts bytes into a file, is seen below the folders
that are watched: files of ``open``, Path and ``io.FileIO``, ``os.open``, ``mkdir``, ``rename``,
``replace`` and ``fsync``. The write that fails has put half of its bytes there, as a disk does.
"""

import builtins
import errno
import io
import os
import re
from pathlib import Path

_CHANGES = re.compile(r"[0-9a-f]{6,}|\d+")
_OPEN, _OS_OPEN = io.open, os.open


class FullDisk:
    """Notes the kinds of writes below some folders: what is done, and to a file of which name."""

    def __init__(self, monkeypatch, *watched):
        self.watched = [str(one.absolute()) + os.sep for one in watched]
        self.last_straw, self.is_full, self.kinds = None, False, []
        for name in ("mkdir", "rename", "replace"):
            monkeypatch.setattr(os, name, self._counted(name, getattr(os, name)))
        monkeypatch.setattr(os, "fsync", self._fsync)
        monkeypatch.setattr(os, "open", self._os_open)
        monkeypatch.setattr(io, "FileIO", self._file_class())
        for module in (builtins, io):
            monkeypatch.setattr(module, "open", self._open)

    def fill_up(self, last_straw):
        """Fail from the first write of this kind on; None: never."""
        self.last_straw, self.is_full, self.kinds = last_straw, False, []

    def free(self):
        """Make room: from now on all writes pass."""
        self.fill_up(None)

    def watches(self, path):
        return isinstance(path, str | Path) and str(Path(path).absolute()).startswith(
            tuple(self.watched)
        )

    def refuses(self, what, path):
        """Note a write; return whether it fails."""
        kind = (what, _CHANGES.sub("#", Path(path).name))
        if kind not in self.kinds:
            self.kinds.append(kind)
        self.is_full = self.is_full or kind == self.last_straw
        return self.is_full

    def check(self, what, path):
        if self.watches(path) and self.refuses(what, path):
            raise self.error(path)

    @staticmethod
    def error(path):
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def _counted(self, name, function):
        def checked(path, *rest, **options):
            if name != "mkdir" or not os.path.lexists(path):
                self.check(name, path)
            return function(path, *rest, **options)

        return checked

    def _fsync(self, descriptor):
        self.check("fsync", Path(f"/proc/self/fd/{descriptor}").readlink())

    def _os_open(self, path, flags, *rest, **options):
        if flags & os.O_CREAT and not os.path.lexists(path):
            self.check("create", path)
        return _OS_OPEN(path, flags, *rest, **options)

    def _open(self, file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, **rest):
        if not (set(mode) & set("wxa+") and self.watches(file)):
            return _OPEN(file, mode, buffering, encoding, errors, newline, **rest)
        raw = io.FileIO(file, mode.replace("b", "").replace("t", ""), **rest)
        binary = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return binary if "b" in mode else io.TextIOWrapper(binary, encoding, errors, newline)

    def _file_class(disk):  # noqa: N805 (the file's own self is needed inside)
        class File(io.FileIO):
            def __init__(self, file, mode="r", *rest, **options):
                if set(mode) & set("wxa+") and not os.path.lexists(file):
                    disk.check("create", file)
                super().__init__(file, mode, *rest, **options)

            def write(self, data):
                if disk.watches(self.name) and disk.refuses("write", self.name):
                    data = memoryview(data).cast("B")
                    super().write(data[: len(data) // 2])
                    raise disk.error(self.name)
                return super().write(data)

        return File
