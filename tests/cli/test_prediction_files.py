"""Tables of predictions: what stands in them when a spreadsheet opens them."""

import csv
from pathlib import Path

import pytest

from vgg_transfer.cli import main
from vgg_transfer.cli.prediction_files import write
from vgg_transfer.run import Prediction

FORMULA = "=cmd|' /C calc'!A0"


def rows_of(file: Path) -> list[list[str]]:
    with file.open(newline="") as opened:
        return list(csv.reader(opened))[1:]


@pytest.mark.parametrize(("raw", "mark"), [(False, "'"), (True, "")])
def test_names_open_no_formula_unless_they_are_wanted_raw(tmp_path, raw, mark):
    predictions = [
        Prediction(f"{FORMULA}.png", "@SUM", {"@SUM": 0.75, "cat": 0.25}),
        Prediction("-a.png", None, {}, "empty file"),
    ]
    write(tmp_path / "found.csv", None, predictions, 2, raw)
    assert rows_of(tmp_path / "found.csv") == [
        [f"{mark}{FORMULA}.png", f"{mark}@SUM", "0.75", "cat", "0.25", ""],
        [f"{mark}-a.png", "", "", "", "", "empty file"],
    ]


def test_raw_without_a_table_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as leaving:
        main(["predict", "run", "a.png", "--raw"])
    assert leaving.value.code == 2
    assert "--raw is for tables" in capsys.readouterr().err
