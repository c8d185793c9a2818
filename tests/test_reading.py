"""What is read back is checked against the type it was written from."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from vgg_transfer.reading import as_value, read_json, read_rows, read_text


@dataclass(frozen=True)
class Inner:
    """Two fields, one of which may be left out."""

    share: float
    name: str = "unnamed"


@dataclass(frozen=True)
class Outer:
    """One field of each kind."""

    count: int
    kind: Literal["big", "small"]
    inner: Inner | None
    many: tuple[Inner, ...]
    two: tuple[int, str]
    named: Mapping[str, bool]


GOOD: dict[str, Any] = {
    "count": 3,
    "kind": "big",
    "inner": None,
    "many": [{"share": 1}, {"share": 0.5, "name": "half"}],
    "two": [1, "one"],
    "named": {"a": True},
}


def test_data_become_the_value_they_were() -> None:
    assert as_value(Outer, GOOD, "it") == Outer(
        3, "big", None, (Inner(1), Inner(0.5, "half")), (1, "one"), {"a": True}
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"count": True}, "it.count: a whole number is expected, received true"),
        ({"count": 3.0}, "it.count: a whole number is expected, received 3.0"),
        ({"count": "3"}, 'it.count: a whole number is expected, received "3"'),
        ({"kind": "huge"}, 'it.kind: one of "big", "small" is expected, received "huge"'),
        ({"kind": []}, 'it.kind: one of "big", "small" is expected, received a list of 0'),
        ({"inner": 1}, "it.inner: an object is expected, received 1"),
        ({"inner": {}}, "it.inner: 'share' is missing"),
        ({"inner": {"share": 1, "sh\x1bre": 2}}, "it.inner: 'sh\\x1bre' is unknown"),
        ({"many": {}}, "it.many: a list is expected, received an object of 0"),
        ({"many": [{"share": 1}, None]}, "it.many.2: an object is expected, received null"),
        (
            {"many": [{"share": 1e999}]},
            "it.many.1.share: a finite number is expected, received Inf",
        ),
        ({"two": [1]}, "it.two: 2 values are expected, received 1"),
        ({"two": [1, 1]}, "it.two.2: a text is expected, received 1"),
        ({"two": [1, "a\0"]}, "it.two.2: a text without NUL and broken characters is expected"),
        ({"two": [1, "\ud800"]}, "it.two.2: a text without NUL and broken characters is expected"),
        ({"named": {"a": 1}}, "it.named.a: true or false is expected, received 1"),
        ({"named": {"a\0": True}}, "it.named: a text without NUL"),
    ],
)
def test_what_is_no_such_value_is_named_with_its_place(change: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        as_value(Outer, GOOD | change, "it")
    assert str(caught.value).startswith(message)


def test_a_message_is_short_whatever_the_file_holds() -> None:
    hostile = {f"{'key' * 1000}{number}": "x" for number in range(1000)}
    for data in ({"count": "x" * 10_000}, {"named": hostile}, hostile):
        with pytest.raises(ValueError) as caught:  # noqa: PT011
            as_value(Outer, GOOD | data, "it")
        assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "it is nested too deeply to be a record"),
        ('{"a":' * 100_000, "it is nested too deeply to be a record"),
        (f'{{"a": {"9" * 5000}}}', "a number of 5000 digits is none of ours"),
        ("", "Expecting value"),
        ("[1, 2]", "a JSON object is expected, received a list of 2"),
    ],
)
def test_hostile_json(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(ValueError, match=message):
        read_json(tmp_path / "a.json")


def test_not_a_number_is_read_and_then_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"share": NaN}')
    with pytest.raises(ValueError, match=r"it\.share: a finite number is expected, received NaN"):
        as_value(Inner, read_json(tmp_path / "a.json"), "it")


def test_bytes_that_are_no_text_come_back(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"share": 1, "name": "caf\xe9"}')
    value = as_value(Inner, read_json(tmp_path / "a.json"), "it")
    assert os.fsencode(value.name) == b"caf\xe9"


def test_rows_have_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b'a,b\r\n1,"two\r\nlines"\r\n3,4\r\n')
    assert list(read_rows(file)) == [(1, ["a", "b"]), (3, ["1", "two\r\nlines"]), (4, ["3", "4"])]
    file.write_bytes(b"a,b\n1,\0\n")
    with pytest.raises(ValueError, match="line 2: there is a NUL character"):
        list(read_rows(file))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    with pytest.raises(OSError, match="it is no file"):
        read_text(tmp_path / "a.json")


def test_json_keeps_what_python_writes(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(GOOD))
    assert read_json(tmp_path / "a.json") == GOOD
