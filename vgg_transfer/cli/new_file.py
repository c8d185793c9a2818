"""A file that a verb writes: where it may be, and that it appears whole and over no other one."""

import os
from collections.abc import Callable, Collection
from pathlib import Path

from vgg_transfer.disk import is_folder, is_there, why_impossible
from vgg_transfer.errors import RunError
from vgg_transfer.words import printable
from vgg_transfer.writing import whole_file


def check_new(out: Path, endings: Collection[str]) -> None:
    """Refuse a place that cannot be written to, before any work is done for it."""
    shown = f'"{printable(out)}"'
    if out.suffix.lower() not in endings:
        raise RunError(
            f"cannot write {shown}: the ending says what is written, and known endings are "
            f"{', '.join(endings)}"
        )
    if reason := why_impossible(out):
        raise RunError(f"cannot write {shown}: {reason}")
    if is_there(out):
        raise RunError(
            f"{shown} exists already, and nothing is overwritten: choose another name, or move "
            "it away"
        )
    parent = out.absolute().parent
    if not is_folder(parent):
        raise RunError(f'cannot write {shown}: there is no folder "{printable(parent)}"')
    if not os.access(parent, os.W_OK):
        raise RunError(
            f'cannot write {shown}: the folder "{printable(parent)}" may not be written to'
        )


def write_new(out: Path, endings: Collection[str], write: Callable[[Path], None]) -> None:
    """Write a file beside its place and rename it, so that it is whole or absent."""
    try:
        with whole_file(out) as partial:
            write(partial)
            check_new(out, endings)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError(f'cannot write "{printable(out)}": {reason}') from error
