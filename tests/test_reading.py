"""Files of ours are read back, whatever became of them."""

import os
from pathlib import Path

import pytest

from vgg_transfer.reading import read_json, read_rows, read_text


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


def test_bytes_that_are_no_text_come_back(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"name": "caf\xe9"}')
    assert os.fsencode(read_json(tmp_path / "a.json")["name"]) == b"caf\xe9"


def test_rows_have_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b'a,b\r\n1,"two\r\nlines"\r\n3,4\r\n')
    assert list(read_rows(file)) == [(1, ["a", "b"]), (3, ["1", "two\r\nlines"]), (4, ["3", "4"])]
    file.write_bytes(b"a,b\n1,\0\n")
    with pytest.raises(ValueError, match="line 2: there is a NUL character"):
        list(read_rows(file))


def test_a_file_of_terabytes_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    os.truncate(tmp_path / "a.json", 2**40)
    with pytest.raises(OSError, match="it has more than 1 GB, which no such file has"):
        read_text(tmp_path / "a.json")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    with pytest.raises(OSError, match="it is no file"):
        read_text(tmp_path / "a.json")
