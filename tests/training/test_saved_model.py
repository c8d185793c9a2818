"""The saved model is what was measured, for somebody who has Keras and not this package."""

import json
import subprocess
import sys
import zipfile

import numpy as np

from vgg_transfer.images import load_images
from vgg_transfer.images.decode import decode

# Runs in a process of its own, which never imports vgg_transfer.
ELSEWHERE = """
import sys
import numpy as np
import keras

model = keras.saving.load_model(sys.argv[1])
pixels = np.load(sys.argv[2])
assert pixels.dtype == np.uint8
np.save(sys.argv[3], np.stack([model.predict(image[None], verbose=0)[0] for image in pixels]))
assert "vgg_transfer" not in sys.modules
"""


def test_plain_keras_gives_the_same_probabilities_from_raw_pixels(tiny_run, tiny_folder, tmp_path):
    test = load_images(tiny_folder).split("test")
    pixels = np.stack([decode(record.path) for record in test])
    assert pixels.shape[1:3] != (tiny_run.recipe.size, tiny_run.recipe.size)
    np.save(tmp_path / "pixels.npy", pixels)
    script = tmp_path / "elsewhere.py"
    script.write_text(ELSEWHERE)
    files = [tiny_run.model_file, tmp_path / "pixels.npy", tmp_path / "found.npy"]
    subprocess.run([sys.executable, script, *files], check=True, cwd=tmp_path)

    found = np.load(tmp_path / "found.npy")[:, 0]
    judged = [one.probabilities[1] for one in tiny_run.judged]
    assert len(judged) > 1
    assert np.abs(found - judged).max() < 1e-5


def test_class_names_lie_inside_the_model(tiny_run):
    with zipfile.ZipFile(tiny_run.model_file) as archive:
        assert json.loads(archive.read("class_names.json")) == ["blue", "red"]
