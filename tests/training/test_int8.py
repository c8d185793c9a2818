"""A training on activations in int8: what is stored, recorded and kept."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from support.heard import Heard

from vgg_transfer import run as record
from vgg_transfer.activations import listing
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.tfdata.batches import plain_batches
from vgg_transfer.recipe import Base, Recipe, Stage
from vgg_transfer.training import preflight, train

pytest.importorskip("openvino", reason="int8 needs OpenVINO (extra fast)")

RECIPE = Recipe(
    size=32,
    precision="fp32",
    frozen_precision="int8",
    preprocess="rescale",
    views=2,
    base=Base(weights="none", blocks=3, width=0.1),
    augmentation="light",
    stage=(
        Stage(train=("head",), epochs=1, rate=0.01),
        Stage(train=("head", "block3"), epochs=2, rate=0.01),
    ),
)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(folder))
    monkeypatch.setattr(preflight, "lacks_int8", lambda: None)  # any processor gives these numbers
    return folder


def test_a_training_in_int8_is_recorded_repeats_and_keeps_a_model_in_full(images, cache, tmp_path):
    untested = tuple(one for one in images.records if one.split != "test")
    images = replace(images, records=untested)
    heard, again = Heard(), Heard()
    first = train(RECIPE, images, tmp_path / "first", listen=heard)
    (said,) = [line for line in heard.lines if "int8" in line]
    number = len(images.split("train"))
    assert said == f"frozen blocks compute in int8 (ranges from {number} training images)"
    assert heard.passes.count(f"{number} training images give int8 its ranges") == 1
    stores = [entry.what for entry in listing(cache) if "int8" in entry.what]
    assert len(stores) == len(listing(cache)) == 5  # two cuts, plain and augmented; the ranges

    run = record.read(first.folder)
    assert all(filled.int8 for filled in run.filled)
    assert "openvino" in run.environment.packages
    assert run.environment.precision == "fp32"

    second = train(RECIPE, images, tmp_path / "second", listen=again)
    assert [one.val_loss for one in second.history] == [one.val_loss for one in first.history]
    assert not any("frozen blocks below" in line or "ranges" in line for line in again.passes)

    # Judged is the model that is kept, on validation images as on others.
    assert run.judged_on == "val"
    model = keras.models.load_model(first.model_file)
    records = images.split("val")
    (pixels,) = plain_batches(records, BatchForm(32, "squash", len(records)))
    found = [[one.probabilities[1]] for one in run.judged]
    assert np.allclose(found, model.predict_on_batch(pixels), atol=1e-5)
