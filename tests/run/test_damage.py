"""Whatever is changed in a run folder, it is read as a run or refused in one message."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.drawn import images_of, recipe_of, write_run

from vgg_transfer.errors import RunError
from vgg_transfer.run import read

WRONG = (None, True, -1, 0.5, float("nan"), "", "a\0b", "\x1b[31m", "\ud800", [], {}, ["x"], 10**17)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("damage") / "run"
    return write_run(recipe_of("tiny"), 0, images_of(test=4), place, wrong=1).folder


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every key and of every element."""
    each = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in each:
        yield (*path, name)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, name))


def changed(text: str, path: tuple[Any, ...], value: Any) -> str:
    whole = place = json.loads(text)
    for name in path[:-1]:
        place = place[name]
    if value is Ellipsis:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(whole)


def message_of(folder: Path) -> str:
    """Return why a folder is refused, empty where it is not."""
    try:
        repr(read(folder))
    except RunError as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("name", ["run.json", "metrics.json"])
def test_every_value_of_every_wrong_kind(folder: Path, name: str) -> None:
    file = folder / name
    before = file.read_text()
    tried, refused = 0, 0
    try:
        for path in places(json.loads(before)):
            for value in (*WRONG, ...):
                file.write_text(changed(before, path, value))
                message = message_of(folder)
                tried, refused = tried + 1, refused + bool(message)
                if message:
                    assert f'"{folder}"' in message
                    assert name in message or "another version" in message
                    assert len(message) < 1000
                    assert message.isprintable()
    finally:
        file.write_text(before)
    assert tried > 300
    assert refused > 0.8 * tried
    assert message_of(folder) == ""


@pytest.mark.parametrize("name", ["history.csv", "predictions.csv", "images.csv"])
def test_every_cell_of_a_row(folder: Path, name: str) -> None:
    file = folder / name
    before = file.read_bytes()
    with file.open(newline="") as opened:
        header, row, *_ = csv.reader(opened)
    try:
        for rows in (
            *(
                [header, [*row[:at], value, *row[at + 1 :]]]
                for at in range(len(row))
                for value in ("", "nan", "x\x1b", "9" * 5000, "-1", "a\0")
            ),
            [header, row[:-1]],
            [header, [*row, "1"]],
            [header, []],
            [header[::-1], row],
            [header[:-1], row[:-1]],
        ):
            with file.open("w", newline="") as opened:
                csv.writer(opened).writerows(rows)
            message = message_of(folder)
            said = (f"is damaged: {name}: line ", "test images are not the")
            assert message == "" or any(text in message for text in said)
            assert len(message) < 1000
            assert message.isprintable()
    finally:
        file.write_bytes(before)
    assert message_of(folder) == ""


@pytest.mark.parametrize(
    ("name", "before", "after", "fault"),
    [
        ("run.json", '"blue",\n    "red"', '"blue",\n    "blue"', "class_names: they must differ"),
        ("run.json", '"blue",\n    "red"', '"blue"', "metrics.json: per_class: the classes are"),
        ("run.json", '"judged_on": "test"', '"judged_on": "val"', '"test" is no split in run.json'),
        ("predictions.csv", "test,blue", "test,green", 'line 2: "green" is no class in run.json'),
        ("images.csv", "train,blue", "train,green", 'line 2: "green" is no class in run.json'),
        ("images.csv", "train,blue", "learn,blue", 'line 2: "learn" is no split in run.json'),
        ("history.csv", "1,1,0.5", "7,1,0.5", "line 2: run.json has no stage 7"),
        ("predictions.csv", ",0.75", ",1.75", "line 2: a probability is not between 0 and 1"),
    ],
)
def test_files_that_contradict_each_other(
    folder: Path, name: str, before: str, after: str, fault: str
) -> None:
    file = folder / name
    content = file.read_bytes()
    assert before.encode() in content
    try:
        file.write_bytes(content.replace(before.encode(), after.encode()))
        assert fault in message_of(folder)
    finally:
        file.write_bytes(content)


def test_what_can_still_be_done_is_said(folder: Path) -> None:
    file = folder / "run.json"
    content = file.read_text()
    try:
        file.write_text("[" * 50_000)
        assert message_of(folder) == (
            f'the run folder "{folder}" is damaged: run.json: it is nested too deeply to be a '
            "record. Put back a copy of the file, or train again; the model itself is in "
            "model.keras, with the names of its classes"
        )
    finally:
        file.write_text(content)


def test_predictions_of_other_images(folder: Path) -> None:
    file = folder / "predictions.csv"
    content = file.read_bytes()
    try:
        file.write_bytes(b"".join(content.splitlines(keepends=True)[:-1]))
        assert "images.csv: its 4 test images are not the 3 of predictions.csv" in message_of(
            folder
        )
    finally:
        file.write_bytes(content)
