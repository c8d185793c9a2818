"""One training in several processes of JAX: the result of one, whichever of them is lost."""

import json
import os
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.errors import ClusterError
from vgg_transfer.recipe import from_toml
from vgg_transfer.training import train

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("jax") is None, reason='needs JAX: pip install ".[jax]"'),
]
TESTS = Path(__file__).parents[1]
RECIPE = """
name = "three"
size = 16
precision = "fp32"
preprocess = "rescale"
batch_size = 8
class_weights = "balanced"
base = { weights = "none", blocks = 1, width = 0.05 }
[[stage]]
train = ["head"]
optimizer = "exact"
[[stage]]
train = ["head"]
epochs = 1
rate = 0.001
optimizer = "sgd"
[[stage]]
train = ["head", "block1"]
epochs = 3
rate = 0.001
optimizer = "sgd"
"""


class Together:
    """A folder of images and runs, and the processes that are started on it."""

    def __init__(self, folder):
        self.folder = folder
        rng = np.random.default_rng(0)
        for split, counts in (("train", (9, 8)), ("val", (3, 3)), ("test", (4, 3))):
            for number, name in zip(counts, ("blue", "red"), strict=True):
                (folder / "images" / split / name).mkdir(parents=True)
                colour = (110, 100, 140) if name == "blue" else (140, 100, 110)
                for one in range(number):
                    pixels = np.clip(rng.normal(colour, 60, (16, 16, 3)), 0, 255).astype(np.uint8)
                    file = folder / "images" / split / name / f"{one}.png"
                    Image.fromarray(pixels).save(file)
        (folder / "recipe.toml").write_text(RECIPE)

    def train(self, count, devices=1, epoch="9", victim="0"):
        """Return what each process left: status, output, errors; and the seconds after the loss."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        path = os.pathsep.join([str(TESTS), str(TESTS.parent), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {
            "PYTHONPATH": path,
            "VGG_TRANSFER_CACHE": str(self.folder / "cache"),
            "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices} "
            "--xla_backend_optimization_level=0",
        }
        processes = [
            subprocess.Popen(
                [
                    *(sys.executable, str(TESTS / "backends" / "on_hosts.py")),
                    *(str(self.folder / "images"), str(self.folder)),
                    *(f"127.0.0.1:{port},{count},{index}", epoch, victim),
                ],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
            )
            for index in range(count)
        ]
        lost = 0.0
        if epoch != "9":
            processes[int(victim)].wait()
            lost = time.perf_counter()
        ended = [(*process.communicate(), process.returncode) for process in processes]
        return ended, time.perf_counter() - lost


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Four processes lose the last one; two, with two devices each, come to the end."""
    together = Together(tmp_path_factory.mktemp("hosts"))
    lost, seconds = together.train(4, epoch="1", victim="3")
    ended, _ = together.train(2, devices=2)
    return {"lost": lost, "seconds": seconds, "ended": ended, "folder": together.folder}


def test_several_processes_end_as_one(found, tmp_path):
    """TensorFlow is the one: it agrees with JAX."""
    one = train(from_toml(RECIPE), found["folder"] / "images", tmp_path / "alone")
    history = [[one.loss, one.val_loss, one.accuracy, one.val_accuracy] for one in one.history]
    assert len(history) == 5
    for output, errors, status in found["ended"]:
        assert status == 0, errors
        ended = json.loads(output)
        assert ended["history"] == pytest.approx(np.array(history), rel=1e-5)
        judged = [one.probabilities[0] for one in one.judged]
        assert ended["judged"] == pytest.approx(judged, rel=1e-5)
        assert ended["device"].startswith("4 devices of 4 processes, each ")


def test_a_lost_process_ends_the_others(found):
    assert found["seconds"] < 60
    for _, errors, status in found["lost"]:
        assert status != 0
        assert "lost" in errors
        assert "go on by `vgg-transfer resume RUN --hosts ...`" in errors
    assert "What was trained is kept. Once nothing is in the way" in found["lost"][0][1]


def test_what_is_no_address_is_refused(tiny_recipe, images, tmp_path):
    for hosts in ("10.0.0.1", "10.0.0.1:1234,2,2", "10.0.0.1:1234,x,0"):
        with pytest.raises(ClusterError, match='must be "auto", or ADDRESS:PORT,N,I such as'):
            train(tiny_recipe, images, tmp_path / "run", hosts=hosts)
    with pytest.raises(ClusterError, match="KERAS_BACKEND=jax on every host"):
        train(tiny_recipe, images, tmp_path / "run", hosts="127.0.0.1:1234,2,0")
    assert not (tmp_path / "run").exists()
