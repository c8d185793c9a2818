"""``adopt`` and ``train --from``: what they print, and how they end."""

import json

import pytest
from support import foreign
from support.answers import checked

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A model as Keras 2 wrote it, labelled images, and names of its classes beside it."""
    folder = tmp_path_factory.mktemp("foreign")
    foreign.write_keras2(folder / "model.h5", foreign.learnt())
    (folder / "labels.txt").write_text("\n".join(foreign.COLOURS))
    foreign.write_pictures(folder / "data", 60, 7)
    return folder


def test_a_model_is_adopted_and_trained_on(both, place, tmp_path):
    out = tmp_path / "run"
    said = both("adopt", place / "model.h5", place / "data", "--out", out, "--json")
    found = checked("adopt", said.out)
    assert found["input"] == {"order": "RGB", "scaling": "/255", "resize": "squash"}
    assert (found["classes"], found["is_order_repaired"]) == (list(foreign.COLOURS), False)
    assert len(found["tried"]) == 10
    assert "colours  scaling   resize  images  accuracy  95% interval" in said.err
    assert "it was trained" in said.err
    assert f"vgg-transfer evaluate {out}" in said.err

    on = ("train", place / "data", "--from", out, "--set", "stage.1.epochs=1", "--json")
    said = both(*on, "--out", tmp_path / "on")
    assert checked("train", said.out)["status"] == "complete"
    assert f"starting weights: run {out}" in said.err
    record = json.loads((tmp_path / "on" / "run.json").read_text())
    assert record["weights"]["source"] == f"run {out}"

    said = both(*on, "--weights", "none", "--out", tmp_path / "no", code=2)
    assert "the run has weights of its own" in said.err


def test_what_cannot_be_adopted_is_one_message(both, place, tmp_path):
    broken = tmp_path / "model.h5"
    broken.write_bytes((place / "model.h5").read_bytes()[:5000])
    said = both("adopt", broken, "--out", tmp_path / "run", code=1)
    assert said.err.startswith("error: the model ")
    assert "is damaged" in said.err
    assert "Traceback" not in said.err
