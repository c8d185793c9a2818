"""The model that is exported: nothing of training in it, and the same answers."""

import keras
import numpy as np

from vgg_transfer.exports.shipped import shipped
from vgg_transfer.images import load_images
from vgg_transfer.recipe import from_toml
from vgg_transfer.training import train

NORMED = """
name = "normed"
size = 16
precision = "fp32"
base = { weights = "none", blocks = 2, width = 0.05, batch_norm = true }
head = { dense = [4], batch_norm = true, dropout = 0.5, output = "softmax", pooling = "both" }
resize = "crop"
[[stage]]
train = ["head", "block2"]
epochs = 1
"""


def test_batch_norm_is_merged_and_resizing_made_plain(tiny_folder, tmp_path):
    run = train(from_toml(NORMED), load_images(tiny_folder), tmp_path / "run")
    pixels = np.random.default_rng(0).integers(0, 256, (2, 30, 20, 3)).astype(np.float32)
    right = keras.saving.load_model(run.model_file, compile=False).predict_on_batch(pixels)
    models = {
        (fold, plain): shipped(run, 1.0, fold, plain)
        for fold in (False, True)
        for plain in (False, True)
    }
    for model in models.values():
        assert np.abs(model.predict_on_batch(pixels) - right).max() < 1e-5
        assert not any(isinstance(layer, keras.layers.Dropout) for layer in model.layers)
    kinds = [type(layer).__name__ for layer in models[True, False].layers]
    assert "BatchNormalization" not in kinds
    assert "BatchNormalization" in [type(layer).__name__ for layer in models[False, False].layers]
