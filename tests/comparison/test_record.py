"""The files of a comparison: written, read again, damaged."""

import csv
import json
from dataclasses import replace

import pytest

from vgg_transfer.comparison.record import (
    Comparison,
    Ending,
    Standing,
    TrialResult,
    read_comparison,
    save_comparison,
    write_comparison,
)
from vgg_transfer.errors import ComparisonError, RunError
from vgg_transfer.evaluation import Interval, Pair
from vgg_transfer.run import ImagesUsed

SHARE = Interval(0.1, 0.2)
IMAGES = ImagesUsed("folder", "", "abc", {"test": {"b\udcffd": 3}}, {"x.txt": "is no image"})
COMPARISON = Comparison(
    folder=None,
    image_set=IMAGES,
    judged_on="test",
    test_images=40,
    seeds=(0, 1),
    trials=(
        TrialResult("frozen", 0, "trials/frozen-seed0", "complete", "", 0.75, 10.0, 500.0),
        TrialResult("staged", 0, "", "failed", 'crashed, "badly"', None, 0.0, 0.0),
    ),
    standings=(Standing("frozen", 0.75, SHARE, (0.75,), None, 10.0, 500.0),),
    pairs=(Pair("a", "b", 0.1, SHARE, 0.5, 0.5, 0.5, 400, False),),
    verdicts=("a and b are not distinguishable",),
    recommended="frozen",
    recommendation="recommended: frozen",
    notes=("a note",),
)


def test_what_is_written_is_read_again(tmp_path):
    saved = save_comparison(COMPARISON, tmp_path / "new" / "out")
    assert saved.folder == tmp_path / "new" / "out"
    assert read_comparison(saved.folder) == saved
    with (saved.folder / "trials.csv").open(newline="") as file:
        frozen, staged = csv.DictReader(file)
    assert (frozen["recipe"], frozen["accuracy"]) == ("frozen", "0.75")
    assert (staged["accuracy"], staged["reason"]) == ("", 'crashed, "badly"')
    assert sorted(path.name for path in saved.folder.iterdir()) == ["comparison.json", "trials.csv"]


def test_how_it_ended_is_read_again(tmp_path):
    ended = Ending("time", "ended after 3 rounds", 3, 1, 4, 0.9875, 30.0, 0.01)
    saved = save_comparison(replace(COMPARISON, ending=ended), tmp_path / "out")
    assert read_comparison(saved.folder).ending == ended


def test_files_are_replaced_whole(tmp_path):
    write_comparison(COMPARISON, tmp_path)
    write_comparison(Comparison(None, IMAGES, "test", 40, (0,)), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["comparison.json", "trials.csv"]
    assert len((tmp_path / "trials.csv").read_text().splitlines()) == 1


def test_what_the_first_versions_wrote_is_read(tmp_path):
    write_comparison(COMPARISON, tmp_path)
    file = tmp_path / "comparison.json"
    table = json.loads(file.read_text("utf-8", "surrogateescape"))
    del table["image_set"]["skipped"]
    del table["ending"], table["pairs"][0]["equal_within"], table["pairs"][0]["out_of_reach"]
    file.write_text(json.dumps(table))
    assert read_comparison(tmp_path).image_set == replace(IMAGES, skipped={})


def test_a_new_folder_takes_no_one_elses_place(tmp_path):
    (tmp_path / "precious.txt").write_text("here before")
    with pytest.raises(RunError, match="is not empty; nothing is overwritten"):
        save_comparison(COMPARISON, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def refused(folder):
    with pytest.raises(ComparisonError) as caught:
        read_comparison(folder)
    return str(caught.value)


def test_a_folder_that_is_no_comparison(tmp_path):
    assert refused(tmp_path) == (
        f'"{tmp_path}" holds no comparison (comparison.json: No such file or directory): give the '
        "folder that `vgg-transfer compare` wrote (its --out)"
    )


def test_a_comparison_that_was_only_begun(tmp_path):
    write_comparison(Comparison(None, IMAGES, "test", 40, (0,)), tmp_path)
    assert refused(tmp_path) == (
        f'the comparison in "{tmp_path}" has not come to its end: give the same command again, '
        "and it continues"
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.pop("pairs"),
        lambda table: table.update(unknown=1),
        lambda table: table["standings"][0].pop("interval"),
        lambda table: table.update(trials=3),
    ],
)
def test_a_damaged_file(change, tmp_path):
    write_comparison(COMPARISON, tmp_path)
    file = tmp_path / "comparison.json"
    table = json.loads(file.read_text("utf-8", "surrogateescape"))
    change(table)
    file.write_text(json.dumps(table))
    assert refused(tmp_path).startswith(f'"{file}" is damaged: ')


def test_a_file_that_is_no_json_or_of_another_version(tmp_path):
    file = tmp_path / "comparison.json"
    file.write_text("{")
    assert refused(tmp_path).startswith(f'"{file}" is damaged: ')
    file.write_text("[]")
    assert refused(tmp_path).startswith(f'"{file}" is damaged: ')
    file.write_text('{"format": 99}')
    assert refused(tmp_path) == f'"{file}" is of another version of vgg-transfer'
