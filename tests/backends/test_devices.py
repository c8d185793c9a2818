"""One training on several devices of JAX: the result of one device, whatever the last batch."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.errors import TrainingError
from vgg_transfer.training import train

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("jax") is None, reason='needs JAX: pip install ".[jax]"'),
]
TESTS = Path(__file__).parents[1]
NETWORK = """
size = 16
precision = "fp32"
preprocess = "rescale"
batch_size = 8
"""
# Statistics of batch norm, dropout and class weights: whatever depends on the whole batch.
PIXELS = f"""
name = "pixels"
{NETWORK}
base = {{ weights = "none", blocks = 1, width = 0.05, batch_norm = true }}
class_weights = "balanced"
head = {{ dropout = 0.3 }}
[[stage]]
train = ["head", "block1"]
epochs = 2
rate = 0.01
optimizer = "sgd"
"""
STORED = f"""
name = "stored"
{NETWORK}
base = {{ weights = "none", blocks = 2, width = 0.05 }}
augmentation = {{ mixup = 0.2 }}
[[stage]]
train = ["head"]
optimizer = "exact"
[[stage]]
train = ["head", "block2"]
epochs = 1
rate = 0.0001
optimizer = "sgd"
keep = "ema"
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What the process printed; batches of 8 end with one of 1 in training, of 6 in validation."""
    out = tmp_path_factory.mktemp("devices")
    rng = np.random.default_rng(0)
    for split, count in (("train", (9, 8)), ("val", (3, 3)), ("test", (4, 3))):
        for number, name in zip(count, ("blue", "red"), strict=True):
            (out / "images" / split / name).mkdir(parents=True)
            for one in range(number):
                pixels = rng.normal(
                    (90, 80, 160) if name == "blue" else (160, 80, 90), 60, (16, 16, 3)
                )
                file = out / "images" / split / name / f"{one}.png"
                Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(file)
    for name, text in (("pixels", PIXELS), ("stored", STORED)):
        (out / f"{name}.toml").write_text(text)
    path = os.pathsep.join([str(TESTS), str(TESTS.parent), os.environ.get("PYTHONPATH", "")])
    flags = "--xla_force_host_platform_device_count=4 --xla_backend_optimization_level=0"
    done = subprocess.run(
        [sys.executable, str(TESTS / "backends" / "on_devices.py"), str(out / "images"), str(out)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ
        | {"PYTHONPATH": path, "VGG_TRANSFER_CACHE": str(out / "cache"), "XLA_FLAGS": flags}
        | {"JAX_COMPILATION_CACHE_DIR": str(out / "compiled")}
        | {"JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(("recipe", "devices"), [("pixels", 2), ("pixels", 4), ("stored", 4)])
def test_several_devices_end_as_one(found, recipe, devices):
    one, several = found[f"{recipe}1"], found[f"{recipe}{devices}"]
    assert len(one["history"]) == 2
    assert several["history"] == pytest.approx(np.array(one["history"]), rel=1e-5)
    assert several["judged"] == pytest.approx(one["judged"], rel=1e-5)


def test_all_pictures_are_answered_once(found):
    assert found["answers"] == [7, 7, 6]


def test_the_record_says_how_many_devices(found):
    assert not found["pixels1"]["device"].startswith("1")
    assert found["pixels4"]["device"] == f"4 devices, each {found['pixels1']['device']}"


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
