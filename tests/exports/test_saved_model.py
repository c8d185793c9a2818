"""A SavedModel is given files, by a program that has none of this package."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.exports.export import export

PROGRAM = """
import json, pathlib, sys
import tensorflow as tf
assert "vgg_transfer" not in sys.modules
model = tf.saved_model.load(sys.argv[1])
data = [pathlib.Path(file).read_bytes() for file in sys.argv[2:]]
answer = model.signatures["serve_bytes"](image_bytes=tf.constant(data))
names = [name.decode() for name in answer["classes"][0].numpy()]
print(json.dumps([dict(zip(names, map(float, row))) for row in answer["probabilities"].numpy()]))
"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Files of every kind that TensorFlow decodes."""
    folder = tmp_path_factory.mktemp("some files")
    rng = np.random.default_rng(0)
    spots = Image.fromarray(rng.integers(0, 256, (6, 9, 3)).astype(np.uint8))
    large = spots.resize((400, 260), Image.Resampling.BICUBIC)
    large.save(folder / "plain.jpg", quality=90)
    large.resize((70, 50)).save(folder / "small.jpg", quality=90)
    large.convert("L").save(folder / "grey.jpg", quality=90)
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        large.save(folder / f"turned{orientation}.jpg", quality=90, exif=exif)
    large.save(folder / "plain.png")
    alpha = Image.fromarray(np.tile(np.arange(256, dtype=np.uint8), (260, 2))[:, :400])
    clear = large.copy()
    clear.putalpha(alpha)
    clear.save(folder / "clear.png")
    large.quantize(64).save(folder / "few.gif")
    large.save(folder / "plain.bmp")
    return sorted(folder.iterdir())


@pytest.mark.slow
def test_files_get_the_answers_that_predict_gives(sure_run, pictures, tmp_path):
    (exported,) = export(sure_run, ["saved_model"], tmp_path / "exports")
    folder = exported.folder / "saved_model"
    ended = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM, str(folder), *map(str, pictures)],
        cwd=tmp_path,
        env={"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(ended.stdout or ended.stderr)
    expected = [one.probabilities for one in sure_run.predict(pictures)]
    wrong = {
        file.name: (one, right)
        for file, one, right in zip(pictures, found, expected, strict=True)
        if max(abs(one[name] - right[name]) for name in right) > 1e-4
    }
    assert wrong == {}
    # They are told apart at all: the pictures lie in all four directions.
    assert len({round(one["red"], 3) for one in found}) > 3
