"""Data of unknown origin against the types they should have; then they are values of ours.

A number is finite, a whole one fits into 64 bits, a text can be the name of a file and be written
again as it was. Faults raise a ``ValueError`` that says where and what.
"""

import json
import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
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
        number = as_whole_number(cell) if kind is int else float(cell)
    except ValueError:
        _refuse(where, _NAMES[kind], cell)
    found: _Number = as_value(kind, number, where)
    return found


def as_whole_number(digits: str) -> int:
    """Return the number that digits stand for; refuse more of them than 64 bits hold."""
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits is none of ours")
    return int(digits)


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


def _refuse(where: str, expected: str, data: Any) -> NoReturn:
    raise ValueError(f"{excerpt(where)}: {expected} is expected, received {kind_of(data)}")


def kind_of(data: Any) -> str:
    """Return data in a few words; what it holds within may be deep and large."""
    if isinstance(data, list | dict):
        return f"{'a list' if isinstance(data, list) else 'an object'} of {len(data)}"
    return f'"{excerpt(data)}"' if isinstance(data, str) else json.dumps(data)
