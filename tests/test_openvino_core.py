"""OpenVINO is begun once: what it leaves for signals must never point to memory that is freed."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

# Two models are let go in the order in which they were opened; then Ctrl-C is pressed.
PROGRAM = """
import gc, os, signal, sys
from pathlib import Path
import numpy as np
import openvino
from openvino import opset13
from vgg_transfer.artefacts.runtimes import open_model
file = Path(sys.argv[1]) / "model.xml"
pixels = opset13.parameter([-1, -1, -1, 3], np.float32)
means = opset13.reduce_mean(pixels, np.array([1, 2]))
openvino.save_model(openvino.Model([opset13.softmax(means, 1)], [pixels]), file)
models = [open_model("openvino", file, 4) for _ in range(2)]
while models:
    del models[0]
    gc.collect()
signal.signal(signal.SIGINT, lambda *_: print("heard"))
os.kill(os.getpid(), signal.SIGINT)
"""


@pytest.mark.skipif(find_spec("openvino") is None, reason='needs OpenVINO: pip install ".[fast]"')
def test_ctrl_c_is_heard_when_models_were_let_go(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "heard\n"), done.stderr
