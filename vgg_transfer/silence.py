"""Libraries that say more than they are asked: kept back, unless it is needed.

What those in C tell the error stream goes past Python; OpenVINO and
onnxruntime tell the internet.
"""

import ctypes
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"


@contextmanager
def kept_back() -> Iterator[None]:
    """Keep what is written to the error stream; let it out only where something goes wrong."""
    error_stream = 2
    sys.stderr.flush()
    with tempfile.TemporaryFile() as kept:
        try:
            shown = os.dup(error_stream)
        except OSError:  # there is no error stream to keep clean
            yield
            return
        os.dup2(kept.fileno(), error_stream)
        try:
            yield
        except Exception:
            kept.seek(0)
            os.write(shown, kept.read())
            raise
        finally:
            os.dup2(shown, error_stream)
            os.close(shown)


@contextmanager
def stdout_kept_clean() -> Iterator[None]:
    """Let what libraries in C say on stdout go nowhere: an answer in JSON stands there alone."""
    stdout = 1
    sys.stdout.flush()
    with Path(os.devnull).open("wb") as nowhere:
        shown = os.dup(stdout)
        os.dup2(nowhere.fileno(), stdout)
        try:
            yield
        finally:
            ctypes.CDLL(None).fflush(None)
            os.dup2(shown, stdout)
            os.close(shown)


@contextmanager
def nothing_reported() -> Iterator[None]:
    """Import OpenVINO or onnxruntime so that they report nothing over the network.

    Neither asks before it does. OpenVINO does without where its package for that cannot be
    imported, and onnxruntime has a variable. OpenVINO also sets the level of what TensorFlow
    writes, which stays as it was.
    """
    level = os.environ.get(_LEVEL)
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        yield
    finally:
        if level is None:
            os.environ.pop(_LEVEL, None)
        else:
            os.environ[_LEVEL] = level
