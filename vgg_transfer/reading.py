"""Files of ours that are read back: what they hold is checked against the types it came from.

Nobody knows what became of a file since it was written: it may be cut short, edited by hand, or
made by somebody who means harm. So nothing of it is used before it is known to be what it should
be: of the right type, numbers finite, texts such as can be a path and be written again. Whatever is
not raises a ``ValueError`` that says where and what; the caller knows the name of the file.
"""

import csv
import errno
import io
import json
import math
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import (
    Any,
    Literal,
    NoReturn,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from vgg_transfer.words import excerpt, listed

_Number = TypeVar("_Number", int, float)

_MOST_DIGITS = 18  # of a whole number: what 64 bits hold, and far more than any of ours has
_NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def read_text(path: Path) -> str:
    """Return the text of a file; bytes that are no UTF-8 stay as they are, by surrogateescape.

    Raises:
        OSError: it cannot be read, or is no file but, say, a pipe, which may never end.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no file", str(path))
    return path.read_bytes().decode("utf-8", "surrogateescape")


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file; see ``read_text`` and ``as_value``."""
    try:
        data = json.loads(read_text(path), parse_int=_whole)
    except RecursionError:
        raise ValueError("it is nested too deeply to be a record") from None
    if not isinstance(data, dict):
        raise ValueError(f"a JSON object is expected, received {_kind_of(data)}")
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


def as_value(kind: Any, data: Any, where: str) -> Any:
    """Return the value that JSON data, or a cell of a table, stands for.

    Args:
        kind: its type: a dataclass, text, a number, true or false, one of several words, a tuple
            or a mapping of these, or such a type or None.
        data: what the file holds; see ``as_number`` for numbers in tables.
        where: its place in the file, for messages: ``stages.1.seconds``; lists count from 1.
    """
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (some,) = (part for part in parts if part is not type(None))
        return None if data is None else as_value(some, data, where)
    if origin is Literal:
        known = ", ".join(f'"{part}"' for part in parts)
        return data if data in parts else _refuse(where, f"one of {known}", data)
    if origin is tuple:
        return _as_tuple(parts, data, where)
    if is_dataclass(kind):
        return _as_dataclass(kind, data, where)
    if origin is Mapping:
        each = data.items() if isinstance(data, dict) else _refuse(where, "an object", data)
        return {
            as_value(str, name, where): as_value(parts[1], one, f"{where}.{name}")
            for name, one in each
        }
    return _as_plain(kind, data, where)


def as_number(kind: type[_Number], cell: str, where: str) -> _Number:
    """Return the number in a cell of a table."""
    try:
        number = _whole(cell) if kind is int else float(cell)
    except ValueError:
        _refuse(where, _NAMES[kind], cell)
    found: _Number = as_value(kind, number, where)
    return found


def check_keys(where: str, data: Mapping[str, Any], known: Mapping[str, bool]) -> None:
    """Refuse an object that lacks keys or has others; ``known`` says of each if it is required."""
    faults = [f"'{key}' is missing" for key, required in known.items() if required > (key in data)]
    faults += [f"'{excerpt(key)}' is unknown" for key in data if key not in known]
    if faults:
        raise ValueError(f"{excerpt(where)}: {listed(faults, quoted=False)}")


def _as_dataclass(kind: Any, data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        _refuse(where, "an object", data)
    check_keys(where, data, {field.name: _is_required(field) for field in fields(kind)})
    types_of = get_type_hints(kind)
    return kind(**{name: as_value(types_of[name], data[name], f"{where}.{name}") for name in data})


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _as_tuple(parts: tuple[Any, ...], data: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        _refuse(where, "a list", data)
    kinds = parts[:1] * len(data) if parts[-1] is Ellipsis else parts
    if len(kinds) != len(data):
        raise ValueError(
            f"{excerpt(where)}: {len(kinds)} values are expected, received {len(data)}"
        )
    pairs = enumerate(zip(kinds, data, strict=True), start=1)
    return tuple(as_value(each, one, f"{where}.{number}") for number, (each, one) in pairs)


def _as_plain(kind: type, data: Any, where: str) -> Any:
    allowed = (int, float) if kind is float else kind
    if not isinstance(data, allowed) or isinstance(data, bool) is not (kind is bool):
        _refuse(where, _NAMES[kind], data)
    if isinstance(data, float) and not math.isfinite(data):
        _refuse(where, "a finite number", data)
    if isinstance(data, str) and not _is_writable(data):
        _refuse(where, "a text without NUL and broken characters", data)
    return data


def _is_writable(text: str) -> bool:
    """Return whether a text can be the name of a file, and be written to a file as it is."""
    try:
        return b"\0" not in text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a character, which JSON can hold
        return False


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits is none of ours")
    return int(digits)


def _refuse(where: str, expected: str, data: Any) -> NoReturn:
    raise ValueError(f"{excerpt(where)}: {expected} is expected, received {_kind_of(data)}")


def _kind_of(data: Any) -> str:
    """Return data in a few words; what it holds within may be deep and large."""
    if isinstance(data, list | dict):
        return f"{'a list' if isinstance(data, list) else 'an object'} of {len(data)}"
    return f'"{excerpt(data)}"' if isinstance(data, str) else json.dumps(data)
