"""What was measured is what is shipped: in every format, or nothing is."""

import re
import runpy
import sys
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops
from PIL import Image

from vgg_transfer.artefacts import check, open_artefact, read_artefact
from vgg_transfer.artefacts.artefact import digest_of_model
from vgg_transfer.artefacts.runtimes import MODELS
from vgg_transfer.errors import ArtefactError, RunError
from vgg_transfer.exports import Kept
from vgg_transfer.exports import formats as writing
from vgg_transfer.exports.export import export
from vgg_transfer.exports.shipped import shipped
from vgg_transfer.images.squares import square

pytestmark = pytest.mark.slow
EXPORT = sys.modules["vgg_transfer.exports.export"]


def exchanged(model, pixels):
    return model(ops.flip(pixels, axis=-1))


def divided(model, pixels):
    return model(pixels / 255)


def permuted(model, pixels):
    return ops.flip(model(pixels), axis=-1)


def test_every_format_says_what_the_run_says(made, sure_run, red_and_blue):
    assert list(made) == list(MODELS)
    files = sorted(red_and_blue.rglob("*.png"))[::25]
    expected = [
        [one.probabilities[name] for name in sure_run.class_names]
        for one in sure_run.predict(files)
    ]
    for kind, one in made.items():
        assert (one.checked.pictures, one.checked.same_class) == (16, 16)
        found = open_artefact(one.folder)
        pixels = [np.asarray(Image.open(file), np.float32) for file in files]
        rows = np.concatenate([found.probabilities(each[np.newaxis]) for each in pixels])
        near = 0.1 if "int8" in kind else 1e-4
        assert np.abs(rows - expected).max() < near, kind
        squares = np.stack([square(each, 16, "squash") for each in pixels])
        assert np.abs(found.probabilities(squares) - rows).max() < (
            0.05 if "int8" in kind else 1e-4
        )


@pytest.mark.parametrize(
    ("kind", "faults"),
    [
        ("keras", (permuted,)),
        ("saved_model", (exchanged,)),
        ("onnx", (exchanged, divided, permuted)),
        ("litert", (divided,)),
        ("litert-int8", (exchanged, divided)),
        ("openvino", (exchanged,)),
        ("openvino-int8", (divided, permuted)),
    ],
)
def test_a_wrong_model_fails_its_check(kind, faults, sure_run, tmp_path, monkeypatch):
    """Red and blue exchanged, pixels divided by 255, classes permuted: what happens elsewhere.

    All three fail in all seven formats; each is converted at least once here.
    """
    monkeypatch.setattr(EXPORT, "check_in_new_process", check)
    write = writing.write_model
    for wrong in faults:

        def write_wrong(kind, source, folder, wrong=wrong):
            def model(plain):
                pixels = keras.Input((None, None, 3), name="pixels")
                return keras.Model(pixels, wrong(source.model(plain), pixels))

            write(kind, replace(source, model=model), folder)

        monkeypatch.setattr(EXPORT, "write_model", write_wrong)
        with pytest.raises(ArtefactError, match=f"exported to {kind} is wrong, so that nothing"):
            export(sure_run, [kind], tmp_path)
        assert list(tmp_path.iterdir()) == []


def test_int8_is_a_quarter_and_loses_no_more_than_it_may(made, sure_run, tmp_path, monkeypatch):
    for kind in ("litert-int8", "openvino-int8"):
        kept = made[kind].kept
        assert (kept.images, kept.recorded) == (len(sure_run.split("val")), 1.0)
    monkeypatch.setattr(EXPORT, "check_in_new_process", check)
    monkeypatch.setattr(EXPORT, "accuracy_kept", lambda *_: Kept(50, 0.98, 0.94))
    with pytest.raises(ArtefactError) as caught:
        export(sure_run, ["openvino-int8"], tmp_path)
    assert str(caught.value) == (
        "openvino-int8 loses 4.0 points of accuracy on 50 validation images (98.0% to 94.0%), and "
        "1 may be: nothing was kept of it. Export another format, or allow more with --margin"
    )
    assert list(tmp_path.iterdir()) == []
    assert export(sure_run, ["openvino-int8"], tmp_path, margin=4.5)[0].kept.lost > 3.9


@pytest.mark.parametrize("kind", ["keras", "saved_model", "onnx", "litert", "openvino"])
def test_the_example_runs(kind, made, sure_run, red_and_blue, monkeypatch, capsys):
    file = sorted(red_and_blue.rglob("*.png"))[0]
    monkeypatch.setattr(sys, "argv", ["example.py", str(file)])
    example = made[kind].folder / "example.py"
    assert len(example.read_text().splitlines()) <= 13
    runpy.run_path(str(example), run_name="__main__")
    lines = dict(line.split(" ")[::-1] for line in capsys.readouterr().out.splitlines())
    (right,) = sure_run.predict(file)
    assert {name: float(share) for name, share in lines.items()} == pytest.approx(
        right.probabilities, abs=2e-4
    )


def test_the_card_says_what_it_is(made, sure_run):
    text = (made["litert-int8"].folder / "README.md").read_text()
    head, body = re.fullmatch(r"---\n(.*?)\n---\n(.*)", text, re.DOTALL).groups()
    assert "library_name: litert" in head
    assert f"value: {sure_run.metrics.accuracy:.4f}" in head
    assert "1. blue\n2. red\n" in body
    assert 'name = "sure"' in body
    assert "In int8 it has 100.0% on" in body
    root = Path(sure_run.image_set.root)
    assert str(root.parent) not in text  # what is given away names no folder of this machine
    assert root.name.replace("&", r"\&") in body


def test_the_temperature_travels_with_the_model(sure_run, tmp_path, monkeypatch):
    monkeypatch.setattr(EXPORT, "check_in_new_process", check)
    (one,) = export(sure_run, ["onnx"], tmp_path, calibrated=True, photographs=False)
    artefact = read_artefact(one.folder)
    assert artefact.temperature == pytest.approx(sure_run.calibration.temperature)
    pixels = np.random.default_rng(0).integers(0, 256, (1, 20, 30, 3)).astype(np.float32)
    found = open_artefact(one.folder).probabilities(pixels)[0]
    cold = np.asarray(shipped(sure_run)(pixels))[0]
    odds = np.log(cold[1] / cold[0]) / artefact.temperature
    assert found[1] == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-5)


def test_no_photograph_travels_where_none_should(sure_run, tmp_path, monkeypatch):
    monkeypatch.setattr(EXPORT, "check_in_new_process", check)
    (one,) = export(sure_run, ["onnx"], tmp_path, photographs=False)
    sizes = {Image.open(file).size for file in (one.folder / "golden").iterdir()}
    assert sizes == {(24, 20)}  # a quarter larger than the network's 16, and broader


def test_what_cannot_be_exported_is_refused_before_anything_is_done(sure_run, made, tmp_path):
    with pytest.raises(ArtefactError, match=r'no format "onxx".*Did you mean "onnx"'):
        export(sure_run, ["keras", "onxx"], tmp_path)
    with pytest.raises(RunError, match="onnx"):
        export(sure_run, ["onnx"], made["onnx"].folder.parent)


def test_the_digest_is_of_all_files(made):
    for one in made.values():
        artefact = read_artefact(one.folder)
        assert digest_of_model(artefact.model) == artefact.digest
