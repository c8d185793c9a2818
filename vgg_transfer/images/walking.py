"""Which files are meant: one, those of a folder, or of a pattern; they are found as they are used.

Of a folder no more is held than the names in it, so that memory does not grow with what is below.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from vgg_transfer.disk import is_folder, is_there
from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.sources.layout import is_left_out, names_in_order
from vgg_transfer.words import printable

_WILD = set("*?[")


@dataclass(frozen=True)
class Choice:
    """Files below a folder, those of a folder by name, before those of each folder in it.

    Args:
        top: the folder; or a file, which alone is meant then.
        pattern: what names below it look like, from folder to file, as in a shell; ``**`` stands
            for any number of folders. Of a folder that matches, all is meant. [default: anything]
    """

    top: Path
    pattern: tuple[str, ...] = ()

    @property
    def is_one_file(self) -> bool:
        """Whether a file was named, there or not."""
        return not self.pattern and not is_folder(self.top)

    def files(self) -> Iterator[Path]:
        """Yield the files, as they lie there now; hidden ones are left out.

        Raises:
            ImageSetError: a folder cannot be read.
        """
        if self.is_one_file:
            yield self.top
            return
        waiting = [(self.top, self._begin(), frozenset[str]())]
        while waiting:
            folder, places, above = waiting.pop()
            real = os.path.realpath(folder)
            if real in above:  # a link back to where we came from
                continue
            folders, files = _names(folder)
            yield from (folder / name for name in files if self._are_at_end(places, name))
            inner = [(name, self._after(places, name)) for name in reversed(folders)]
            waiting += [(folder / name, then, above | {real}) for name, then in inner if then]

    def __contains__(self, file: Path) -> bool:
        """Return whether ``files`` yields a file that is there."""
        if not file.is_relative_to(self.top):
            return False
        names = file.relative_to(self.top).parts
        places = self._begin()
        for name in names:
            places = frozenset() if is_left_out(name) else self._after(places, name)
        if len(self.pattern) not in places:
            return False
        folders = [self.top.joinpath(*names[:depth]) for depth in range(len(names))]
        return len({os.path.realpath(folder) for folder in folders}) == len(folders)

    def _begin(self) -> frozenset[int]:
        """Return the places in the pattern that a name below the top may stand at."""
        return self._with_none({0})

    def _after(self, places: frozenset[int], name: str) -> frozenset[int]:
        """Return the places at which what is below this name may stand."""
        then = set()
        for place in places:
            if place == len(self.pattern) or self.pattern[place] == "**":
                then.add(place)
            elif fnmatchcase(name, self.pattern[place]):
                then.add(place + 1)
        return self._with_none(then)

    def _are_at_end(self, places: frozenset[int], name: str) -> bool:
        return len(self.pattern) in self._after(places, name)

    def _with_none(self, places: set[int]) -> frozenset[int]:
        """Return the places, and those behind ``**``, which may stand for no folder."""
        for place, name in enumerate(self.pattern):
            if place in places and name == "**":
                places.add(place + 1)
        return frozenset(places)


def choice_of(path: Path) -> Choice:
    """Return what a path means: what lies there, else what it matches where it is a pattern."""
    wild = [place for place, name in enumerate(path.parts) if _WILD & set(name)]
    if not wild or is_there(path):
        return Choice(path)
    return Choice(Path(*path.parts[: wild[0]]), path.parts[wild[0] :])


def _names(folder: Path) -> tuple[list[str], list[str]]:
    try:
        return names_in_order(folder)
    except OSError as error:
        raise ImageSetError(
            f'the folder "{printable(folder)}" cannot be read: {error.strerror}'
        ) from error
