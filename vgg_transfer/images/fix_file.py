"""A file of fixes: a CSV that says which pictures are left out, and which get another label.

    path,digest,action,label,why
    train/cats/7.jpg,3f5a…,leave out,,the same as 6.jpg
    train/cats/9.jpg,77c0…,relabel,dogs,"97% dogs, 1% cats"

Needed are `action`, one of `digest` and `path`, and a `label` to relabel. A row with a digest finds
the picture by its content, under whatever name; of copies the one at its path, or else all of them.
One without a digest finds it by its path. No picture is touched: it is left out when images are
read, or read with another label.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Literal, get_args

from vgg_transfer.errors import did_you_mean
from vgg_transfer.images.names import refuse_faulty
from vgg_transfer.images.picture_tables import PictureTable
from vgg_transfer.reading import read_bytes
from vgg_transfer.words import listed, printable

Action = Literal["leave out", "relabel"]
_ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True)
class Fix:
    """What is to be done with a picture; its fields are the columns of the file.

    Args:
        path: of the picture, as in a run's images.csv; empty: the digest finds it.
        digest: the SHA-256 of its file; empty: the path finds it.
        action: ``leave out`` or ``relabel``.
        label: the class that it gets; empty where it is left out.
        why: for the reader.
    """

    path: str
    digest: str
    action: Action
    label: str = ""
    why: str = ""

    @property
    def in_words(self) -> str:
        """What is done: ``leave out``, or ``relabel "dogs"``."""
        return f"{self.action} {listed([self.label])}" if self.label else self.action


@dataclass(frozen=True)
class FixFile:
    """What a file of fixes says.

    Args:
        file: where it lies.
        digest: SHA-256 of the file.
        fixes: by line.
    """

    file: Path
    digest: str
    fixes: Mapping[int, Fix]

    @property
    def shown(self) -> str:
        """What messages begin with."""
        return _table(self.file).shown


def read_fix_file(file: Path | str) -> FixFile:
    """Read a file of fixes, or raise `ImageSetError` with all of its faults, each with its line.

    A table without rows fixes nothing.
    """
    table = _table(file)
    fixes, faults, lines = dict[int, Fix](), list[str](), dict[tuple[str, str], int]()
    for line, row in table.rows():
        cells = [row.get(field.name, "") for field in fields(Fix)]
        fix = Fix(*cells)  # type: ignore[arg-type]  # the action is looked at below
        found = list(_faults(fix))
        first = lines.setdefault((fix.digest, fix.path), line)
        if not found and first in fixes and fixes[first].in_words != fix.in_words:
            found = [f"{fix.in_words}, and line {first} says {fixes[first].in_words}."]
        faults += [f"line {line}: {fault}" for fault in found]
        fixes[line] = fix
    refuse_faulty(table.shown, faults)
    return FixFile(Path(file), sha256(read_bytes(Path(file))).hexdigest(), fixes)


def save_fix_file(fixes: Sequence[Fix], file: Path | str) -> bool:
    """Write fixes to a new file; return False where the file says the same already.

    Raises `ImageSetError` where a different file is there, which is never overwritten, or where
    nothing can be written.
    """
    header = [field.name for field in fields(Fix)]
    return _table(file).save([header, *map(astuple, fixes)])


def _faults(fix: Fix) -> list[str]:
    """Return what is wrong with a row by itself."""
    faults = []
    if fix.action not in _ACTIONS:
        near = did_you_mean(fix.action, _ACTIONS)
        faults.append(f'"{printable(fix.action)}" is no action: {", ".join(_ACTIONS)}.{near}')
    elif (fix.action == "relabel") != bool(fix.label):
        lacks = f"{fix.action} with the label {listed([fix.label])}: only relabel gives one."
        faults.append(lacks if fix.label else "relabel without a label.")
    if not fix.digest and not fix.path:
        faults.append("no digest and no path.")
    return faults


def _table(file: Path | str) -> PictureTable:
    return PictureTable(Path(file), "file of fixes", "action")
