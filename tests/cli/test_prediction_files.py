"""Tables of predictions: what stands in them when a spreadsheet opens them."""

import csv
import json
from pathlib import Path

import pytest

from vgg_transfer.cli import main
from vgg_transfer.cli.json import as_text
from vgg_transfer.cli.json.answers import PredictAnswer
from vgg_transfer.cli.prediction_files import (
    Form,
    as_json,
    check_can_be_written,
    form_of,
    told,
    write,
)
from vgg_transfer.errors import RunError
from vgg_transfer.run import Prediction

FORMULA = "=cmd|' /C calc'!A0"
ASKED = [
    Prediction("a.png", "cat", {"cat": 0.75, "dog": 0.25}, None, ("cat", "dog"), False, True),
    Prediction("b.png", "cat", {"cat": 0.9, "dog": 0.1}, None, (), True, False),
    Prediction("c.png", None, {}, "empty file"),
]
ALL = ("possible", "sure", "familiar")


def rows_of(file: Path) -> list[list[str]]:
    with file.open(newline="") as opened:
        return list(csv.reader(opened))[1:]


def written(out, predictions, form, raw=False):
    write(out, Path("/runs/one"), (told(each, form) for each in predictions), form, raw)
    return out


@pytest.mark.parametrize(("raw", "mark"), [(False, "'"), (True, "")])
def test_names_open_no_formula_unless_they_are_wanted_raw(tmp_path, raw, mark):
    predictions = [
        Prediction(f"{FORMULA}.png", "@SUM", {"@SUM": 0.75, "cat": 0.25}),
        Prediction("-a.png", None, {}, "empty file"),
    ]
    assert rows_of(written(tmp_path / "found.csv", predictions, Form(2), raw)) == [
        [f"{mark}{FORMULA}.png", f"{mark}@SUM", "0.75", "cat", "0.25", ""],
        [f"{mark}-a.png", "", "", "", "", "empty file"],
    ]


def test_raw_without_a_table_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as leaving:
        main(["predict", "run", "a.png", "--raw"])
    assert leaving.value.code == 2
    assert "--raw is for tables" in capsys.readouterr().err


def test_columns_of_certainty_are_there_when_it_was_asked_for(tmp_path):
    assert written(tmp_path / "found.csv", ASKED, Form(1, ALL)).read_text().splitlines() == [
        "path,class,probability,possible,sure,familiar,error",
        "a.png,cat,0.75,cat | dog,no,yes,",
        "b.png,cat,0.9,,yes,no,",
        "c.png,,,,,,empty file",
    ]


def test_what_is_told_follows_from_what_is_asked():
    assert form_of(2, 9, None, False) == Form(2)
    assert form_of(2, 1, 0.9, True) == Form(1, ALL)


def test_json_has_what_was_asked_for_and_no_more():
    asked = Prediction("a.png", "red", {"red": 0.75, "blue": 0.25}, None, ("red",), True)
    plain = Prediction("b.png", "red", {"red": 0.75, "blue": 0.25})
    rows = [told(one, Form(1)) for one in (asked, plain)]
    text = "".join(as_json(Path("/runs/one"), rows))
    assert text == as_text(PredictAnswer(Path("/runs/one"), tuple(rows))) + "\n"
    first, second = json.loads(text)["predictions"]
    assert (first["possible"], first["sure"], "familiar" in first) == (["red"], True, False)
    assert set(second) == {"path", "class", "top", "error"}


def test_json_lines_are_its_objects_one_in_a_line(tmp_path):
    whole = json.loads(written(tmp_path / "all.json", ASKED, Form(2, ALL)).read_text())
    lines = written(tmp_path / "all.jsonl", ASKED, Form(2, ALL)).read_text().splitlines()
    assert [json.loads(line) for line in lines] == whole["predictions"]


def test_parquet_has_the_columns_of_the_table_with_their_types(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    odd = Prediction("caf\udce9.png", "=cat", {"=cat": 1.0}, None, ("=cat",), True, True)
    file = written(tmp_path / "found.parquet", [*ASKED, odd], Form(2, ALL))
    table = parquet.read_table(file).to_pylist()
    assert list(table[0]) == rows_head(written(tmp_path / "found.csv", ASKED, Form(2, ALL)))
    assert list(table[0].values()) == [
        *("a.png", "cat", 0.75, "dog", 0.25, ["cat", "dog"], False, True, None)
    ]
    assert list(table[2].values()) == ["c.png", *[None] * 7, "empty file"]
    assert (table[3]["path"], table[3]["class"], table[3]["class_2"]) == (
        "caf\\udce9.png",
        "=cat",
        None,
    )


def rows_head(file: Path) -> list[str]:
    with file.open(newline="") as opened:
        return next(csv.reader(opened))


def test_where_the_package_for_parquet_is_missing_it_is_named(monkeypatch):
    monkeypatch.setattr("vgg_transfer.cli.prediction_files.find_spec", lambda _: None)
    check_can_be_written(Path("a.csv"))
    with pytest.raises(RunError) as caught:
        check_can_be_written(Path("a.parquet"))
    assert str(caught.value) == (
        'cannot write "a.parquet": Parquet needs the package pyarrow: '
        'pip install "vgg-transfer[parquet]"'
    )
