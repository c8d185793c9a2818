"""Keras's JAX backend: a process without TensorFlow does all there is to do; TensorFlow agrees."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from support.double import double_precision

from vgg_transfer.images import load_images
from vgg_transfer.recipe import from_toml
from vgg_transfer.sample.folder import draw_sample
from vgg_transfer.sample.plan import SampleOptions
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
base = { weights = "none", blocks = 2, width = 0.05 }
"""
# Gradients alone decide these steps: Adam would make full steps of rounding errors near zero.
THREE = f"""
name = "three"
{NETWORK}
batch_size = 8
[[stage]]
train = ["head"]
epochs = 2
rate = 0.01
optimizer = "sgd"
[[stage]]
train = ["head", "block2"]
epochs = 1
rate = 0.001
optimizer = "sgd"
[[stage]]
train = ["head", "block2", "block1"]
epochs = 1
rate = 0.001
optimizer = "sgd"
"""
# Pictures as they are, no mean over space and whole batches of eight: resizing, and means of Keras
# on JAX, are float32 in any case. At this rate fp32 differs by some 1e-6 to 1e-5.
DOUBLE = """
name = "double"
size = 24
precision = "fp32"
batch_size = 8
base = { weights = "none", blocks = 2, width = 0.05 }
head = { pooling = "max" }
[[stage]]
train = ["head"]
epochs = 2
rate = 0.01
[[stage]]
train = ["head", "block2"]
epochs = 1
rate = 0.01
[[stage]]
train = ["head", "block2", "block1"]
epochs = 1
rate = 0.01
"""
VARIED = f"""
name = "varied"
until = "worth it"
{NETWORK}
augmentation = {{ flip = "horizontal", rotation = 10.0, mixup = 0.2 }}
[[stage]]
train = ["head"]
optimizer = "exact"
[[stage]]
train = ["head"]
epochs = 1
find_rate = true
views = 2
[[stage]]
train = ["head", "block2"]
epochs = 1
keep = "ema"
"""
PROBE = f"""
name = "probe"
{NETWORK}
[[stage]]
train = ["head"]
optimizer = "exact"
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Cats and dogs as the package draws them, few and small."""
    folder = tmp_path_factory.mktemp("drawn") / "sample"
    draw_sample(folder, SampleOptions(train=8, val=4, test=4, size=32))
    return folder


@pytest.fixture(scope="module")
def found(sample, tiny_folder, tmp_path_factory):
    """What the process printed."""
    out = tmp_path_factory.mktemp("jax")
    for name, text in (
        ("three", THREE),
        ("double", DOUBLE),
        ("varied", VARIED),
        ("probe", PROBE),
    ):
        (out / f"{name}.toml").write_text(text)
    program = TESTS / "backends" / "on_jax.py"
    path = os.pathsep.join([str(TESTS), str(TESTS.parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, str(program), str(sample), str(tiny_folder), str(out)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ
        | {"PYTHONPATH": path, "VGG_TRANSFER_CACHE": str(out / "cache")}
        # What was compiled for one training serves the next.
        | {"JAX_COMPILATION_CACHE_DIR": str(out / "compiled")}
        | {"JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0"}
        # Compiled in haste: what it computes here takes no time.
        | {"XLA_FLAGS": "--xla_backend_optimization_level=0"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_no_tensorflow_is_loaded(found):
    assert not found["tensorflow"]
    assert found["backend"] == ["jax", True]


def held_against_jax(run, on_jax, relative):
    """Hold losses against those of JAX."""
    assert len(run.history) == 4
    for epoch, known in zip(run.history, on_jax, strict=True):
        assert known == pytest.approx([epoch.loss, epoch.val_loss], rel=relative)


def test_three_stages_agree_with_tensorflow(found, sample, tmp_path):
    run = train(from_toml(THREE), load_images(sample, remember=False), tmp_path / "run")
    held_against_jax(run, found["three"], 1e-5)


def test_with_adam_nothing_but_rounding_differs(found, tiny_folder, tmp_path, monkeypatch):
    """Losses are told in float32 still, to 6e-8."""
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "cache"))
    with double_precision():
        run = train(from_toml(DOUBLE), load_images(tiny_folder, remember=False), tmp_path / "run")
    held_against_jax(run, found["double"], 5e-7)


def test_an_interrupted_training_ends_as_one_that_was_not(found):
    assert found["resumed"] == found["three"]


def test_rows_that_the_device_keeps_change_nothing(found):
    assert found["held"] == found["three"]


def test_exact_head_found_rate_stored_views_average_and_second_opinion(found):
    assert found["varied"] == ["complete", True]
    assert any("expected" in line for line in found["said"])
    assert any("rate" in line for line in found["said"])


def test_the_run_predicts_judges_and_is_compared(found):
    assert found["predicted"] == [[8, 8], 8]
    assert 0 <= found["evaluated"] <= 1
    assert found["compared"] == 2


def test_what_tensorflow_alone_does_is_refused_with_what_to_do(found):
    heat, export = found["heat refused"], found["export refused"]
    assert heat.startswith("what decides an answer is seen with TensorFlow, and Keras computes")
    assert export.startswith("models are exported with TensorFlow, and Keras computes with jax")
    assert "KERAS_BACKEND=tensorflow" in heat
    assert "KERAS_BACKEND=tensorflow" in export


def test_the_run_is_served_and_says_why_there_is_no_heat(found):
    assert found["served"] == [found["heat refused"], 2]


def test_augmentations_follow_from_the_seed_and_keep_the_range(found):
    changed = found["changed"]
    assert changed["range"][0] >= 0
    assert changed["range"][1] <= 255
    assert changed["moved"] > 1
    assert changed["same seed"] == 0
    assert changed["other seed"] > 1
