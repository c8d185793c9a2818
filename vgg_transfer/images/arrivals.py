"""Files as they arrive in a folder: each once it is whole, and again when it is another one."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.disk import is_folder
from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.walking import Choice
from vgg_transfer.words import printable

_Stamp = tuple[int, int]


@dataclass
class _Known:
    """A file as it was last looked at; ``told`` where it was returned since."""

    stamp: _Stamp
    told: bool = False


class Arrivals:
    """The files of a folder, with all folders in it, as one looks again and again.

    Args:
        folder: where they arrive.
        left_out: a file that is none of them.
        told: paths of files that were answered for before. [default: none]
    """

    def __init__(self, folder: Path, left_out: Path | None, told: Collection[str] = ()) -> None:
        self._folder, self._left_out = folder, left_out
        self._told_before = set(told)
        self._known: dict[Path, _Known] = {}

    def look(self) -> list[Path]:
        """Return the files that are as they were at the look before, and were not returned so.

        A file that still grows is waited for; one whose size or time has changed comes again.

        Raises:
            ImageSetError: the folder is gone, or cannot be read.
        """
        if not is_folder(self._folder):
            raise ImageSetError(f'there is no folder "{printable(self._folder)}" to watch')
        now: dict[Path, _Known] = {}
        settled = []
        for file in Choice(self._folder).files():
            stamp = _stamp(file)
            if stamp is None or (self._left_out and file.absolute() == self._left_out.absolute()):
                continue
            known = self._known.get(file)
            if known is None or known.stamp != stamp:
                known = _Known(stamp)
            elif not known.told:
                known.told = True
                if str(file) in self._told_before:
                    self._told_before.remove(str(file))
                else:
                    settled.append(file)
            now[file] = known
        self._known = now
        return settled


def _stamp(file: Path) -> _Stamp | None:
    """Return what changes when a file does; None where it cannot be looked at."""
    try:
        facts = file.stat()
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns
