"""Files and folders that appear whole, or not at all, whatever ends the program meanwhile.

What a killed program left unfinished beside them goes with the next one that writes there.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

from vgg_transfer.sweeping import held, sweep

_PARTIAL = re.compile(r"\..+\.[0-9a-f]{8}\.partial", re.DOTALL)
_LONGEST = 200  # bytes of a name, so that what is added fits into the 255 of a file system


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a place to write a file to, which then takes the place of ``path``.

    Where the block raises, nothing is left and ``path`` stays as it was.
    """
    sweep(path.parent, _PARTIAL)
    partial = _beside(path)
    partial.touch(exist_ok=False)
    try:
        with held(partial):
            yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Yield a new folder to write to, which then becomes ``folder``, absent or empty before.

    Where the block raises, nothing is left and ``folder`` stays as it was.
    """
    whole = folder.absolute()
    partial = _beside(whole)
    sweep(whole.parent, _PARTIAL)
    try:
        partial.mkdir(parents=True)
        with held(partial):
            yield partial
        if whole.is_dir():
            whole.rmdir()  # refuses, where it is not empty
        partial.rename(whole)
    finally:
        shutil.rmtree(partial, ignore_errors=True)  # our own; gone already where all went well


@contextmanager
def whole_files(folder: Path, last: str) -> Iterator[Path]:
    """Yield a new folder to write files to, which then take their places in ``folder``.

    Each appears there whole, the one named ``last`` when all others are there. Where the block
    raises, nothing is left and ``folder`` stays as it was.
    """
    sweep(folder, _PARTIAL)
    partial = _beside(folder / "files")
    try:
        partial.mkdir()
        with held(partial):
            yield partial
        for file in sorted(partial.iterdir(), key=lambda file: file.name == last):
            file.replace(folder / file.name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def sweep_partial(folder: Path) -> None:
    """Remove what killed programs left unfinished in a folder that nobody else writes to now."""
    sweep(folder, _PARTIAL, age=0.0)


def free_beside(folder: Path) -> Path:
    """Return the folder where it is absent or empty, else the first numbered one that is."""
    numbered = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
    return next(one for one in chain([folder], numbered) if not _is_taken(one))


def safe_name(name: str, most: int = 100) -> str:
    """Return what a file may be called on any system, after something that has a name.

    What may not stand in the name of a file, or cannot be seen, becomes ``-``; so do dots in front.

    Args:
        name: what it is called, by anybody.
        most: the number of bytes that are kept of it.
    """
    shown = "".join(
        letter if letter.isprintable() and letter not in '/\\:*?"<>|' else "-" for letter in name
    )
    kept = shown.encode()[:most].decode(errors="ignore").strip()
    return re.sub(r"^\.+", "-", kept) or "-"


def _is_taken(folder: Path) -> bool:
    if folder.is_dir() and not folder.is_symlink():
        return any(folder.iterdir())
    return folder.exists() or folder.is_symlink()


def _beside(path: Path) -> Path:
    shortened = os.fsdecode(os.fsencode(path.name)[:_LONGEST])
    return path.with_name(f".{shortened}.{secrets.token_hex(4)}.partial")
