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
NEVER = ("9", "0")


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

    def train(self, count, epoch="9", victim="0"):
        """Return what each process left: status, output, errors; and the seconds after the loss."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        path = os.pathsep.join([str(TESTS), str(TESTS.parent), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {
            "PYTHONPATH": path,
            "VGG_TRANSFER_CACHE": str(self.folder / "cache"),
            "XLA_FLAGS": "--xla_backend_optimization_level=0",
        }
        processes = [
            subprocess.Popen(
                [sys.executable, str(TESTS / "backends" / "on_hosts.py")]
                + [str(self.folder / "images"), str(self.folder)]
                + [f"127.0.0.1:{port},{count},{index}" if count > 1 else "", epoch, victim],
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
        for e in ended: print("-----",e[2],e[0][-300:],"\n",e[1][-2500:],file=open("/tmp/m/dev/log","a"))
        return ended, time.perf_counter() - lost


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Four processes lose the last, two that go on lose the first, two more come to the end."""
    together = Together(tmp_path_factory.mktemp("hosts"))
    alone, _ = together.train(1)
    return {
        "alone": json.loads(alone[0][0]),
        "last lost": together.train(4, "1", "3"),
        "first lost": together.train(2, "2", "0"),
        "end": together.train(2)[0],
        "folder": together.folder,
    }


def test_several_processes_end_as_one(found):
    for output, errors, status in found["end"]:
        assert status == 0, errors
        ended = json.loads(output.splitlines()[-1])
        assert len(ended["history"]) == 5
        assert ended["history"] == pytest.approx(np.array(found["alone"]["history"]), rel=1e-5)
        assert ended["judged"] == pytest.approx(found["alone"]["judged"], rel=1e-5)
    assert found["alone"]["device"] in (found["folder"] / "together" / "run.json").read_text()


@pytest.mark.parametrize("who", ["last lost", "first lost"])
def test_a_lost_process_ends_the_others(found, who):
    ended, seconds = found[who]
    assert seconds < 60
    for _, errors, status in ended:
        assert status != 0
        assert "lost" in errors
        assert "resume" in errors


def test_what_is_no_address_is_refused(tiny_recipe, images, tmp_path):
    for hosts in ("10.0.0.1", "10.0.0.1:1234,2,2", "10.0.0.1:1234,x,0"):
        with pytest.raises(ClusterError, match='must be "auto", or ADDRESS:PORT,N,I such as'):
            train(tiny_recipe, images, tmp_path / "run", hosts=hosts)
    with pytest.raises(ClusterError, match="KERAS_BACKEND=jax on every host"):
        train(tiny_recipe, images, tmp_path / "run", hosts="127.0.0.1:1234,2,0")
    assert not (tmp_path / "run").exists()
