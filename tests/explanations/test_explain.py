"""Explanations as a folder: heat where it is true, neighbours, numbers, and what is said of it."""

import csv
import dataclasses
import json
import shutil
import sys

import pytest
from PIL import Image

from vgg_transfer.cli import main
from vgg_transfer.errors import RunError
from vgg_transfer.evaluation import Interval
from vgg_transfer.explanations import Faithfulness
from vgg_transfer.explanations.explain import explain
from vgg_transfer.explanations.nearest import nearest
from vgg_transfer.run import read


@pytest.fixture(scope="module")
def run(tiny_run, tmp_path_factory):
    """A copy of the tiny run, whose folder may be changed."""
    folder = tmp_path_factory.mktemp("explained") / "run"
    shutil.copytree(tiny_run.folder, folder)
    return read(folder)


@pytest.fixture(params=[True, False], ids=["true heat", "heat like chance"])
def is_true(request, run, monkeypatch):
    """Say what was found of the heat of the tiny run: a network of a few filters may have none."""
    (run.folder / "faithfulness.json").unlink(missing_ok=True)
    ends = (0.2, 0.4) if request.param else (-0.1, 0.1)
    curve = (0.9, 0.5, 0.1)
    found = Faithfulness(24, (0, 0.5, 1), *[curve] * 4, Interval(*ends), Interval(*ends), 1.0)
    module = sys.modules["vgg_transfer.explanations.explain"]
    monkeypatch.setattr(module, "faithfulness", lambda *_, **__: found)
    return request.param


def test_a_training_image_looks_most_like_itself(run, tiny_folder, tmp_path):
    (tmp_path / "0.png").write_bytes(b"")
    row = run.split("train")[3]
    found = nearest(run, [tiny_folder / row.path, tmp_path / "0.png"], count=3)
    own, broken = found
    assert own.near[0].path == tiny_folder / row.path
    assert own.near[0].class_name == row.class_name
    assert own.near[0].likeness == pytest.approx(1.0, abs=1e-2)
    likeness = [one.likeness for one in own.near]
    assert (len(likeness), likeness) == (3, sorted(likeness, reverse=True))
    assert (broken.near, broken.error) == ((), "empty file")


def test_pictures_are_explained_in_a_folder(run, tiny_folder, tmp_path, is_true):
    files = [tiny_folder / "red" / "00.png", tiny_folder / "blue" / "00.png"]
    (tmp_path / "bad.png").write_bytes(b"")
    found = explain(run, [*files, tmp_path / "bad.png"], tmp_path / "out", count=2)
    assert found.folder == tmp_path / "out"
    assert [one.path for one in found.pictures] == [*files, tmp_path / "bad.png"]
    assert found.pictures[2].error == "empty file"
    drawn = [one.overlay for one in found.pictures if one.overlay]
    there = {path.name for path in found.folder.iterdir()}
    assert there == {"nearest.png", "explanations.csv", *(path.name for path in drawn)}
    told = "No heatmap is drawn: they could not be told from chance." in found.notes
    assert told is not is_true
    assert bool(drawn) is is_true
    for path in drawn:
        assert Image.open(path).size == (24, 24)
    with (found.folder / "explanations.csv").open(newline="") as text:
        rows = list(csv.DictReader(text))
    assert [row["class"] for row in rows] == [one.class_name for one in found.pictures]
    assert rows[0]["near_1"] == str(found.pictures[0].near[0].path)


def test_nothing_is_overwritten(run, tiny_folder, tmp_path):
    (tmp_path / "mine.txt").touch()
    with pytest.raises(RunError, match="is there already, and nothing is overwritten"):
        explain(run, tiny_folder / "red" / "00.png", tmp_path)


def test_without_training_images_the_rest_is_explained(run, tiny_folder, tmp_path):
    shutil.copytree(run.folder, tmp_path / "run")
    (tmp_path / "run" / "features.npz").unlink(missing_ok=True)
    moved = read(tmp_path / "run")
    moved = dataclasses.replace(moved, image_set=dataclasses.replace(moved.image_set, root="/gone"))
    found = explain(moved, tiny_folder / "red" / "00.png", tmp_path / "out")
    assert any(one.startswith("No training images to compare with: most") for one in found.notes)
    assert found.pictures[0].near == ()
    assert found.faithfulness.images == 1  # the picture itself, since nothing else is there


def test_the_verb_says_what_it_found(run, tiny_folder, tmp_path, capsys, is_true):
    out = tmp_path / "out"
    command = ["explain", str(run.folder), str(tiny_folder / "red" / "00.png"), "--out", str(out)]
    with pytest.raises(SystemExit) as leaving:
        main([*command, "--json", "--nearest", "1"])
    assert leaving.value.code == 0
    written = capsys.readouterr()
    told = json.loads(written.out)
    assert (told["folder"], told["explains"]) == (str(out), is_true)
    assert told["faithfulness"]["images"] == 24
    assert len(told["pictures"][0]["near"]) == 1
    assert "on 24 pictures, blurring the hottest places first takes" in written.err
    assert ("No heatmap is drawn" in written.err) is not is_true
