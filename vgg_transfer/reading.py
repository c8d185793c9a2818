"""Files of ours that are read back: text, JSON objects and the rows of tables.

Nobody knows what became of a file since it was written: it may be cut short, edited by hand, or
made by somebody who means harm. What it holds is data until ``checking`` has found it to be what
it should be. Faults raise a ``ValueError`` that says what; the caller knows the name of the file.
"""

import csv
import errno
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vgg_transfer.checking import as_whole_number, kind_of
from vgg_transfer.words import size_in_words

_MOST_BYTES = 1_000_000_000  # of a record or a table; one of a million images has 0.1 GB


def read_bytes(path: Path) -> bytes:
    """Return what a file holds, which fits into memory.

    Raises:
        OSError: it cannot be read, is far too large, or is no file but, say, a pipe, which may
            never end.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):  # of a folder the system says so
        raise OSError(errno.EINVAL, "it is no file", str(path))
    if path.stat().st_size > _MOST_BYTES:
        most = size_in_words(_MOST_BYTES)
        raise OSError(errno.EFBIG, f"it has more than {most}, which no such file has", str(path))
    return path.read_bytes()


def read_text(path: Path) -> str:
    """Return the text of a file; bytes that are no UTF-8 stay as they are, by surrogateescape.

    Raises:
        OSError: as ``read_bytes``.
    """
    return read_bytes(path).decode("utf-8", "surrogateescape")


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file; see ``read_text`` and ``as_value``."""
    return parse_json(read_text(path))


def parse_json(text: str) -> dict[str, Any]:
    """Return the object that a text in JSON stands for."""
    try:
        data = json.loads(text, parse_int=as_whole_number)
    except RecursionError:
        raise ValueError("it is nested too deeply to be a record") from None
    if not isinstance(data, dict):
        raise ValueError(f"a JSON object is expected, received {kind_of(data)}")
    return data


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each row of a CSV file, the header first, with the number of its last line."""
    text = read_text(path)
    before, nul, _ = text.partition("\0")
    if nul:
        raise ValueError(f"line {len(before.splitlines())}: there is a NUL character")
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from error
