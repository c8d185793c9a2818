"""One training in several processes of JAX: the result of one, whichever of them is lost."""

import json
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from support.uneven import draw_uneven, environment

from vgg_transfer.errors import ClusterError
from vgg_transfer.recipe import from_toml
from vgg_transfer.training import train

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("jax") is None, reason='needs JAX: pip install ".[jax]"'),
]
PROGRAM = Path(__file__).with_name("on_hosts.py")
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


def train_together(folder, count, devices=1, kill=("9", "0"), slurm=False):
    """Return what each process left (output, errors, status), and the seconds after a loss.

    Args:
        folder: has the images and recipe.toml; the run is written there, or goes on.
        count: of processes.
        devices: of each.
        kill: after which epoch of the third stage which process is killed.
        slurm: whether the environment says who they are, and not the command.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    processes = [
        subprocess.Popen(
            [
                *(sys.executable, str(PROGRAM), str(folder / "images"), str(folder)),
                *("auto" if slurm else f"127.0.0.1:{port},{count},{index}", *kill),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(folder, devices) | (_slurm(port, count, index) if slurm else {}),
        )
        for index in range(count)
    ]
    processes[int(kill[1])].wait()
    lost = time.perf_counter()
    left = [(*process.communicate(timeout=90), process.returncode) for process in processes]
    return left, time.perf_counter() - lost


def _slurm(port, count, index):
    return {
        "JAX_COORDINATOR_PORT": str(port),
        "SLURM_JOB_ID": "1",
        "SLURM_STEP_NODELIST": "127.0.0.1",
        "SLURM_NTASKS": str(count),
        "SLURM_PROCID": str(index),
        "SLURM_LOCALID": "0",
    }


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Four processes lose the last one; two, with two devices each, come to the end."""
    folder = tmp_path_factory.mktemp("hosts")
    draw_uneven(folder / "images")
    (folder / "recipe.toml").write_text(RECIPE)
    lost, seconds = train_together(folder, 4, kill=("1", "3"))
    ended, _ = train_together(folder, 2, devices=2, slurm=True)
    return {"lost": lost, "seconds": seconds, "ended": ended, "folder": folder}


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
