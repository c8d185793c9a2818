"""Libraries that report their use are loaded so that they do not."""

import os
import subprocess
import sys

import pytest

from vgg_transfer.silence import nothing_reported

PROGRAM = """
import os, sys
from vgg_transfer.silence import nothing_reported
with nothing_reported():
    import onnxruntime, openvino, openvino.tools.ovc
print(sorted(name for name in sys.modules if name.startswith("openvino_telemetry.")))
print(os.listdir(os.environ["TMPDIR"]), os.environ.get("TF_CPP_MIN_LOG_LEVEL"))
"""


def test_openvino_and_onnxruntime_report_nothing_and_leave_nothing(tmp_path):
    pytest.importorskip("onnxruntime")
    around = {name: one for name, one in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=around | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout.splitlines() == ["[]", "[] None"], found.stderr


def test_a_level_that_was_set_stays(monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "1")
    with nothing_reported():
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "1"
