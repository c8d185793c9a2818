"""Tables of predictions: what stands in them when a spreadsheet opens them."""

import csv
import json
from pathlib import Path

import pytest

from vgg_transfer.cli import main
from vgg_transfer.cli.json import as_text
from vgg_transfer.cli.prediction_files import answer, write
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


def test_columns_of_certainty_are_there_when_it_was_asked_for(tmp_path):
    predictions = [
        Prediction("a.png", "cat", {"cat": 0.75, "dog": 0.25}, None, ("cat", "dog"), False, True),
        Prediction("b.png", "cat", {"cat": 0.9, "dog": 0.1}, None, (), True, False),
        Prediction("c.png", None, {}, "empty file"),
    ]
    write(tmp_path / "found.csv", None, predictions, 1)
    assert (tmp_path / "found.csv").read_text().splitlines() == [
        "path,class,probability,possible,sure,familiar,error",
        "a.png,cat,0.75,cat | dog,no,yes,",
        "b.png,cat,0.9,,yes,no,",
        "c.png,,,,,,empty file",
    ]


def test_json_has_what_was_asked_for_and_no_more(tiny_run):
    asked = Prediction("a.png", "red", {"red": 0.75, "blue": 0.25}, None, ("red",), True)
    plain = Prediction("b.png", "red", {"red": 0.75, "blue": 0.25})
    first, second = json.loads(as_text(answer(tiny_run, [asked, plain], 1)))["predictions"]
    assert (first["possible"], first["sure"], "familiar" in first) == (["red"], True, False)
    assert set(second) == {"path", "class", "top", "error"}
