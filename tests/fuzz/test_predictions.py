"""What predict left on the disk and went wrong since: gone on with, or one message."""

import contextlib
from pathlib import Path

import pytest
from support.mutated import changes, tried

from vgg_transfer.cli.json.answers import Likely, PredictedFile
from vgg_transfer.cli.prediction_files import Form
from vgg_transfer.cli.prediction_journal import journal_for
from vgg_transfer.cli.watching import growing
from vgg_transfer.errors import RunError

ROWS = [
    PredictedFile("a.png", "cat", (Likely("cat", 0.75),), None),
    PredictedFile("b.png", None, (), "empty file"),
]
ASKED = {"model": "abc", "top": 1}


def gone_on_with(file: Path) -> None:
    out = file.with_name("found.csv")
    with journal_for(out, ASKED, True) as journal:
        assert all(isinstance(row, PredictedFile) for row in journal.rows())


def added_to(file: Path) -> None:
    with growing(file, Form(1), False) as table:
        table.add(ROWS[0])


def journal_of(folder: Path) -> Path:
    file = folder / ".found.csv.partial"
    with journal_for(folder / "found.csv", ASKED, False) as journal:
        for row in ROWS:
            journal.add(row)
        data = file.read_bytes()
    file.write_bytes(data)
    return file


def table_of(folder: Path, ending: str) -> Path:
    file = folder / f"table.{ending}"
    with growing(file, Form(1), False) as table:
        for row in ROWS:
            table.add(row)
    return file


@pytest.mark.parametrize("inputs", [30, pytest.param(300, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", ["journal", "csv", "jsonl"])
def test_what_predict_goes_on_with(inputs, kind, tmp_path):
    file = journal_of(tmp_path) if kind == "journal" else table_of(tmp_path, kind)
    read, data = gone_on_with if kind == "journal" else added_to, file.read_bytes()

    def door(change) -> None:
        change(file)
        try:
            with contextlib.suppress(RunError):
                read(file)
        finally:
            if file.is_dir() and not file.is_symlink():
                file.rmdir()
            file.unlink(missing_ok=True)
            file.write_bytes(data)

    tried(inputs, changes(data), door, tmp_path)
