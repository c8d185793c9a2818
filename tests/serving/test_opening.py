"""A run that is served: what it says of itself, its heat, its examples."""

import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from support.exported import darkness, write_darkness
from support.faithful import FOUND

from vgg_transfer.artefacts import runtimes
from vgg_transfer.evaluation.intervals import Interval
from vgg_transfer.explanations.kept import measured_once
from vgg_transfer.serving.opening import open_exported, open_run


@pytest.fixture(scope="module")
def served(tiny_run):
    return open_run(tiny_run)


def test_a_run_is_served_as_it_is(tiny_run, served):
    assert (served.name, served.class_names) == ("tiny", ("blue", "red"))
    assert (served.size, served.resize, served.no_heat) == (16, "squash", "")


def test_how_sure_it_is_is_said_where_that_costs_nothing(tiny_run, served):
    assert tiny_run.validated
    found = served.said("one", np.array([0.3, 0.7], np.float32))
    assert (found.label, isinstance(found.sure, bool)) == ("red", True)
    assert found.familiar is None  # nobody has looked at its images
    plain = open_run(tiny_run, "flip")  # with which nothing was measured
    assert plain.said("one", np.array([0.3, 0.7], np.float32)).sure is None


def test_heat_has_the_proportions_of_the_picture(served):
    square = np.random.default_rng(0).uniform(0, 255, (16, 16, 3)).astype(np.float32)
    heat = served.heat(square, (100, 200))
    assert heat.shape == (8, 16)
    assert 0 <= heat.min() <= heat.max() <= 1


def test_heat_that_was_tried_and_failed_is_not_shown(tiny_run, tmp_path):
    run = replace(tiny_run, folder=tmp_path / "tried")
    shutil.copytree(tiny_run.folder, run.folder)
    measured_once(run, None, lambda: FOUND)
    assert open_run(run).tried == FOUND.sentence
    (run.folder / "faithfulness.json").unlink()
    measured_once(run, None, lambda: replace(FOUND, deleting=Interval(-0.1, 0.2)))
    served = open_run(run)
    assert (served.heat, served.tried) == (None, "")
    assert served.no_heat.endswith("not shown to be better than chance, so nothing is shown of it")


def test_examples_are_held_out_of_one_class_after_another_and_as_they_were(tiny_run, tmp_path):
    root = tmp_path / "images"
    shutil.copytree(tiny_run.image_set.root, root)
    first, *_ = [row for row in tiny_run.split("test") if row.class_name == "blue"]
    Image.new("RGB", (9, 9)).save(root / first.path)
    moved = replace(tiny_run, image_set=replace(tiny_run.image_set, root=str(root)))
    found = open_run(moved).examples
    known = {(root / row.path).read_bytes(): row for row in tiny_run.split("test")}
    rows = [known[one.data] for one in found]
    assert [row.class_name for row in rows[:2]] == ["red", "blue"]  # the first blue one is another
    assert first not in rows
    assert {one.kind for one in found} == {"image/png"}


def test_an_exported_model_is_served_by_its_own_runtime(tmp_path, monkeypatch):
    monkeypatch.setattr(runtimes, "_onnxruntime", lambda *_: darkness)
    served = open_exported(write_darkness(tmp_path / "model"))
    assert (served.name, served.class_names, served.size) == ("run (onnx)", ("dark", "bright"), 4)
    assert [one.name for one in served.examples] == ["0.png", "1.png"]
    (row,) = served.rows(np.full((1, 4, 4, 3), 51, np.float32))
    found = served.said("one", row)
    assert found.probabilities == pytest.approx({"dark": 0.8, "bright": 0.2})
    assert (found.sure, served.heat) == (None, None)
    assert served.no_heat.startswith("an exported model gives answers alone")


def test_nothing_that_trains_is_needed_to_serve_an_exported_model():
    """What the Dockerfile does not install is not there to be imported."""
    program = """if True:
        import sys
        for name in ("keras", "tensorflow", "scipy", "sklearn", "matplotlib", "jinja2", "tomli_w"):
            sys.modules[name] = None
        import vgg_transfer.cli
        import vgg_transfer.serving.opening
        import vgg_transfer.serving.server
    """
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")
