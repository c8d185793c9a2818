"""``export`` and ``check``: what they print, and how they end."""

import json
import shutil

import pytest
from support.answers import checked

from vgg_transfer.cli import main

pytestmark = pytest.mark.slow


@pytest.fixture
def ran(capsys):
    """Run a command, and return its output and its errors."""

    def run(*arguments, code=0):
        with pytest.raises(SystemExit) as leaving:
            main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        assert leaving.value.code == code, written.err
        return written

    return run


def test_what_is_exported_can_be_checked_anywhere(ran, tiny_run, tmp_path):
    out = tmp_path / "my exports"
    said = ran("export", tiny_run.folder, "--format", "onnx", "--out", out, "--json")
    (made,) = checked("export", said.out)["made"]
    assert (made["folder"], made["checked"]["passed"]) == (str(out / "onnx"), True)
    assert "saved in" in said.err

    moved = tmp_path / "elsewhere"
    shutil.move(out / "onnx", moved)
    said = ran("check", moved)
    assert "16 of 16" in said.out
    artefact = moved / "artefact.json"
    known = json.loads(artefact.read_text())
    for one in known["references"]:
        one["probabilities"].reverse()
    artefact.write_text(json.dumps(known))
    said = ran("check", moved, "--json", code=1)
    assert checked("check", said.out)["checked"][0]["passed"] is False
    assert "wrong" in said.err


def test_what_cannot_be_is_said(ran, tiny_run, tmp_path):
    said = ran("export", tiny_run.folder, "--format", "tflite", "--out", tmp_path / "x", code=1)
    assert said.err.splitlines()[-1] == (
        'error: there is no format "tflite": there are keras, saved_model, onnx, litert, '
        'litert-int8, openvino, openvino-int8. Did you mean "litert"?'
    )
    said = ran("check", tiny_run.folder, code=1)
    assert said.err.startswith(f'error: "{tiny_run.folder}" holds no exported model')
    assert not (tmp_path / "x").exists()
