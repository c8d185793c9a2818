"""Data are checked against the type they should have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from vgg_transfer.checking import as_value


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
