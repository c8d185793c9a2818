"""An exported model is opened without Keras, or refused with a sentence."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.exported import darkness, write_darkness

from vgg_transfer.artefacts import check, is_artefact, open_artefact, read_artefact, runtimes
from vgg_transfer.artefacts.artefact import digest_of_model
from vgg_transfer.errors import ArtefactError


@pytest.fixture
def exported(tmp_path, monkeypatch):
    """A folder as ``export`` writes it, whose runtime is ours."""
    monkeypatch.setattr(runtimes, "_onnxruntime", lambda *_: darkness)
    return write_darkness(tmp_path / "my exports")


def test_it_loads_neither_keras_nor_tensorflow():
    program = (
        "import sys, vgg_transfer.artefacts; "
        "print(sorted({'keras', 'tensorflow', 'sklearn', 'scipy'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (found.stdout.strip(), found.stderr) == ("[]", "")


def test_what_is_as_it_was_passes(exported):
    assert is_artefact(exported)
    found = check(exported)
    assert (found.passed, found.pictures, found.same_class, found.bytes) == (True, 2, 2, 7)
    assert found.sentence.startswith("2 reference pictures by onnxruntime")


def test_what_answers_otherwise_does_not(exported, monkeypatch):
    monkeypatch.setattr(runtimes, "_onnxruntime", lambda *_: lambda p: darkness(p)[:, ::-1])
    found = check(exported)
    assert (found.passed, found.same_class) == (False, 0)
    assert found.largest_difference == pytest.approx(0.6, abs=1e-4)
    monkeypatch.setattr(runtimes, "_onnxruntime", lambda *_: lambda p: darkness(p) * np.nan)
    assert (check(exported).passed, check(exported).largest_difference) == (False, 1.0)


def test_an_answer_of_another_shape_is_another_model(exported, monkeypatch):
    monkeypatch.setattr(runtimes, "_onnxruntime", lambda *_: lambda p: darkness(p)[:, :1])
    with pytest.raises(ArtefactError, match=r"answers with the shape \(1, 1\) to 1 pictures of 2"):
        check(exported)


def damage(exported, **changes):
    file = exported / "artefact.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def test_damage_is_named(exported, tmp_path):
    (exported / "golden" / "1.png").write_bytes(b"")
    with pytest.raises(ArtefactError, match=r'1.png" cannot be read: empty file'):
        check(exported)
    damage(exported, references=[{"file": "../x.png", "probabilities": [1.0]}])
    with pytest.raises(ArtefactError, match="its numbers do not fit together"):
        read_artefact(exported)
    damage(exported, references=[])
    with pytest.raises(ArtefactError, match="has no references to be checked by"):
        check(exported)
    (exported / "model.onnx").write_bytes(b"other")
    with pytest.raises(ArtefactError, match=r"model\.onnx is missing, or is not what was written"):
        open_artefact(exported)
    damage(exported, format="pickle")
    with pytest.raises(ArtefactError, match='format: one of "keras"'):
        read_artefact(exported)
    with pytest.raises(ArtefactError, match="holds no exported model"):
        read_artefact(tmp_path)
    assert not is_artefact(tmp_path)


def test_a_reference_is_looked_for_in_golden_alone(exported):
    damage(exported, references=[{"file": "../../0.png", "probabilities": [0.8, 0.2]}])
    assert check(exported).pictures == 1


def test_a_runtime_that_is_missing_is_named(exported, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ArtefactError, match="run by the package onnxruntime, which is not install"):
        open_artefact(exported)


def test_a_model_that_its_runtime_refuses(exported, monkeypatch):
    def refuses(*_):
        raise RuntimeError("bad magic\nand more")

    monkeypatch.setattr(runtimes, "_onnxruntime", refuses)
    with pytest.raises(ArtefactError, match=r"cannot be opened by onnxruntime: bad magic$"):
        open_artefact(exported)


def test_the_digest_is_of_names_and_contents(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.bin").write_bytes(b"1")
    shutil.copytree(tmp_path / "one", tmp_path / "copy" / "one")
    assert digest_of_model(tmp_path / "one") == digest_of_model(tmp_path / "copy" / "one")
    before = digest_of_model(tmp_path / "one")
    (tmp_path / "one" / "a.bin").rename(tmp_path / "one" / "b.bin")
    assert digest_of_model(tmp_path / "one") != before
    for name in ("m.xml", "m.bin"):
        Path(tmp_path / name).write_text(name)
    both = digest_of_model(tmp_path / "m.xml")
    (tmp_path / "m.bin").write_text("changed")
    assert digest_of_model(tmp_path / "m.xml") != both
