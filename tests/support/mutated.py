"""Files that went wrong: what disks, people and enemies make of what was valid."""

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.watched import bounded, in_time, seen

# Raw pieces that readers stumble over: ends, quotes, nesting, digits, escapes, paths, formulas.
PIECES = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", b"\n", b"\r\n", b"\x1b[2J"),
    *(b'"', b"'", b'"""', b",", b";", b"\t", b"=", b"#", b"{", b"}", b"]", b"[", b"[" * 20_000),
    *(b'{"a":' * 20_000, b"9" * 5_000, b"-0", b"1e999", b"nan", b"NaN", b"Infinity", b"null"),
    *(b"true", b"\\", b"\\u0000", b"\\ud800", b"../" * 40, b"/etc/passwd", b"~", b"a" * 150_000),
    *(b"=cmd|' /C calc'!A0", b"@SUM(1)", b"{{}}", b"%s%n", b"$(true)", b"[[stage]]\n"),
)
TEXTS = st.sampled_from(
    (
        *(
            "",
            "\0",
            "\x1b[31m",
            "\u202e",
            "\ud800",
            "\udcff",
            "a\nb",
            "nan",
            "-1",
            "1e999",
            "..",
            "/",
        ),
        *("../../x", "/dev/zero", "~", "x" * 300, "=1+1", "test", "train", "blue", "red", "none"),
        *("imagenet", "block5", "head", "\U0001f408", "9" * 400, "0x10", "1_0", " ", "true", "{}"),
    )
)
NUMBERS = st.sampled_from(
    (0, 1, -1, 2, 7, 10**9, 2**31, 2**63, 2**64, 10**17, -(10**17), 10**400)
) | st.sampled_from((0.0, -0.0, 0.5, 1.0, -1.5, 1e-300, 1e300, float("nan"), float("inf")))
VALUES = st.recursive(
    TEXTS | NUMBERS | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def raw(draw: Any, data: bytes) -> bytes:
    """Return bytes with one to three places flipped, cut out, put in, doubled, or cut off."""
    for _ in range(draw(st.integers(1, 3))):
        first, second = sorted(draw(st.tuples(*2 * (st.integers(0, len(data)),))))
        kind = draw(st.integers(0, 5))
        if kind == 0 and first < len(data):
            data = (
                data[:first]
                + bytes([data[first] ^ 1 << draw(st.integers(0, 7))])
                + data[first + 1 :]
            )
        elif kind == 1:
            data = data[:first] + data[second:]
        elif kind == 2:
            data = data[:first] + draw(st.sampled_from(PIECES)) + data[first:]
        elif kind == 3:
            data = data[:second] + data[first:second] + data[second:]
        elif kind == 4:
            data = data[:first]
        else:
            data = data[:first] + draw(st.binary(max_size=8)) + data[second:]
    return data


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every key and of every element."""
    each = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in each:
        yield (*path, name)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, name))


@st.composite
def structure(draw: Any, document: Any, values: Any = VALUES) -> Any:
    """Return nested data of which one to three values are others, elsewhere, or gone."""
    document = deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        every = list(places(document))
        if not every:
            break
        *above, last = every[draw(st.integers(0, len(every) - 1))]
        place = document
        for name in above:
            place = place[name]
        kind = draw(st.integers(0, 4))
        if kind == 0:
            del place[last]
        elif kind == 1 and isinstance(place, dict):
            place[draw(TEXTS)] = place.pop(last)
        elif kind == 2 and isinstance(place, list):
            place.insert(draw(st.integers(0, len(place))), deepcopy(place[last]))
        elif kind == 3:
            other = document
            for name in every[draw(st.integers(0, len(every) - 1))]:
                other = other[name]
            place[last] = deepcopy(other)
        else:
            place[last] = draw(values)
    return document


def as_json(document: Any) -> Any:
    """Return a strategy for the bytes of a JSON file that was changed by value."""
    return structure(document).map(lambda changed: json.dumps(changed).encode("ascii"))


@st.composite
def table(draw: Any, data: bytes) -> bytes:
    """Return a CSV file of which cells, rows and columns are others, double, or gone."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8", "surrogateescape"), newline="")))
    for _ in range(draw(st.integers(1, 3))):
        if not any(rows):
            break
        number = draw(st.sampled_from([n for n, row in enumerate(rows) if row]))
        row = rows[number]
        cell = draw(st.integers(0, len(row) - 1))
        kind = draw(st.integers(0, 5))
        if kind == 0:
            del row[cell]
        elif kind == 1:
            row.insert(cell, draw(TEXTS))
        elif kind == 2:
            rows.insert(draw(st.integers(0, len(rows))), list(row))
        elif kind == 3:
            del rows[number]
        elif kind == 4:
            row[cell] = draw(st.sampled_from(draw(st.sampled_from([one for one in rows if one]))))
        else:
            row[cell] = draw(TEXTS | NUMBERS.map(str))
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=draw(st.sampled_from(("\r\n", "\n", "\r")))).writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


Change = Callable[[Path], None]
"""Does something to a file, or puts something else in its place."""


def _written(data: bytes) -> Change:
    return lambda path: path.write_bytes(data) and None


def _grown(path: Path) -> None:
    os.truncate(path, 2**42)  # 4 TB, which take no room


def _replaced(by: Callable[[Path], object]) -> Change:
    def change(path: Path) -> None:
        path.unlink()
        by(path)

    return change


ODD: tuple[Change, ...] = (
    Path.unlink,
    _grown,
    _replaced(Path.mkdir),
    _replaced(os.mkfifo),
    _replaced(lambda path: path.symlink_to(path)),
    _replaced(lambda path: path.symlink_to("/dev/zero")),
    _replaced(lambda path: path.symlink_to("nowhere")),
)
"""What may stand in the place of a file: nothing, 4 TB, a folder, a pipe, links."""


def changes(data: bytes, *more: Any) -> Any:
    """Return a strategy for ``Change``: bytes that are wrong, other data, or something odd."""
    written = st.one_of(raw(data), *more).map(_written)
    # Odd things are few: one in thirty is enough to meet them all.
    return st.integers(0, 29).flatmap(lambda number: written if number else st.sampled_from(ODD))


def changes_of(data: bytes, name: str) -> Any:
    """Return a strategy for ``Change`` by the ending of a file of ours."""
    if name.endswith(".json"):
        return changes(data, as_json(json.loads(data.decode("utf-8", "surrogateescape"))))
    return changes(data, table(data)) if name.endswith(".csv") else changes(data)


def tried(inputs: int, strategy: Any, door: Callable[[Any], None], *folders: Path) -> None:
    """Give so many inputs to a door, the same ones each time.

    Each has seconds and a bounded memory, may write into these folders alone, and starts nothing.

    Args:
        inputs: how many.
        strategy: draws them.
        door: takes one; it returns, or raises what makes it a fault.
        folders: what may be written to.
    """
    count = 0

    @settings(
        max_examples=inputs,
        derandomize=True,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def each(value: Any) -> None:
        nonlocal count
        count += 1
        with in_time(), seen() as found:
            door(value)
        assert found.outside(*folders) == [], found.outside(*folders)
        assert found.started == [], found.started

    with bounded():
        each()
    assert count >= inputs
