"""``export`` and ``check``: what they print, and how they end."""

import json
import shutil

import pytest
from support.answers import checked

pytestmark = pytest.mark.slow


def test_what_is_exported_can_be_checked_anywhere(both, tiny_run, tmp_path):
    out = tmp_path / "my exports"
    said = both("export", tiny_run.folder, "--format", "onnx", "--out", out, "--json")
    (made,) = checked("export", said.out)["made"]
    assert (made["folder"], made["checked"]["passed"]) == (str(out / "onnx"), True)
    assert "saved in" in said.err

    moved = tmp_path / "elsewhere"
    shutil.move(out / "onnx", moved)
    said = both("check", moved)
    assert "16 of 16" in said.out
    artefact = moved / "artefact.json"
    known = json.loads(artefact.read_text())
    for one in known["references"]:
        one["probabilities"].reverse()
    artefact.write_text(json.dumps(known))
    said = both("check", moved, "--json", code=1)
    assert checked("check", said.out)["checked"][0]["passed"] is False
    assert "wrong" in said.err


def test_what_cannot_be_is_said(both, tiny_run, tmp_path):
    said = both("export", tiny_run.folder, "--format", "tflite", "--out", tmp_path / "x", code=1)
    assert said.err.splitlines()[-1] == (
        'error: there is no format "tflite": there are keras, saved_model, onnx, litert, '
        'litert-int8, openvino, openvino-int8. Did you mean "litert"?'
    )
    said = both("check", tiny_run.folder, code=1)
    assert said.err.startswith(f'error: "{tiny_run.folder}" holds no exported model')
    assert not (tmp_path / "x").exists()
