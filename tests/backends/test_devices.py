"""One training on several devices of JAX: the result of one device, whatever the last batch."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from support.uneven import draw_uneven, environment

from vgg_transfer.errors import TrainingError
from vgg_transfer.training import train

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("jax") is None, reason='needs JAX: pip install ".[jax]"'),
]
PROGRAM = Path(__file__).with_name("on_devices.py")
# Statistics of batch norm, dropout and class weights: whatever depends on the whole batch.
RECIPE = """
name = "whole"
size = 16
precision = "fp32"
preprocess = "rescale"
batch_size = 8
base = { weights = "none", blocks = 1, width = 0.05, batch_norm = true }
class_weights = "balanced"
head = { dropout = 0.3 }
[[stage]]
train = ["head", "block1"]
epochs = 2
rate = 0.01
optimizer = "sgd"
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What the process printed."""
    out = tmp_path_factory.mktemp("devices")
    draw_uneven(out / "images")
    (out / "recipe.toml").write_text(RECIPE)
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(out / "images"), str(out)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(out, devices=4),
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("devices", ["2", "4"])
def test_several_devices_end_as_one(found, devices):
    one, several = found["1"], found[devices]
    assert len(one["history"]) == 2
    assert several["history"] == pytest.approx(np.array(one["history"]), rel=1e-5)
    assert several["judged"] == pytest.approx(one["judged"], rel=1e-5)


def test_all_pictures_are_answered_once(found):
    assert found["answers"] == [7, 7, 6]


def test_the_record_says_how_many_devices(found):
    assert not found["1"]["device"].startswith("1")
    assert found["4"]["device"] == f"4 devices, each {found['1']['device']}"


def test_what_cannot_be_shared_is_refused(found):
    absent, odd = found["refused"]
    assert absent == (
        "9 devices are asked for, and JAX sees 4 here (cpu): ask for as many at most, or for all"
    )
    assert odd.startswith("4 devices share every batch, and 6 images do not divide by 4: set a")
    assert "such as 8" in odd


def test_tensorflow_is_refused(tiny_recipe, images, tmp_path):
    with pytest.raises(TrainingError, match="set the environment variable KERAS_BACKEND=jax"):
        train(tiny_recipe, images, tmp_path / "run", devices=2)
    with pytest.raises(TrainingError, match='must be "all" or a number from 1 on; received 0'):
        train(tiny_recipe, images, tmp_path / "run", devices=0)
    assert not (tmp_path / "run").exists()
