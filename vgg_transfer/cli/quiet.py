"""TensorFlow is loaded without the lines it writes about itself, and without what nobody uses."""

import atexit
import gc
import importlib
import logging
import os
import sys
import tempfile
from contextlib import ExitStack, suppress
from functools import cache
from importlib.util import find_spec

from vgg_transfer.errors import VggTransferError
from vgg_transfer.silence import kept_back
from vgg_transfer.sweeping import temporary_folder

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
# Keras imports them where they are installed, for wrappers and pictures that nothing here uses.
# They take a third of the time; who needs one of them later imports it then.
_LEFT_OUT = ("sklearn", "matplotlib")


def load_tensorflow() -> None:
    """Import Keras and what it computes with, silent unless the user has set another level.

    Where KERAS_BACKEND names another backend, TensorFlow need not be there.

    Raises:
        VggTransferError: TensorFlow is meant, and is not installed.
    """
    if _engine() in sys.modules:
        return
    if find_spec(_engine()) is None:
        raise VggTransferError(
            f"Keras is to compute with {_engine()}, which is not installed. On a machine with JAX "
            "alone set the environment variable KERAS_BACKEND=jax"
        )
    _keep_temporary_files_together()
    if os.environ.setdefault(_LEVEL, "3") != "3":
        _import()
        return
    # The level does not reach what is logged while the libraries load: that goes past it, and past
    # Python, to the error stream's descriptor.
    with kept_back():
        _import()
    # Its advice, and that of its datasets, is for those who write programs, not for those who wait.
    for name in ("tensorflow", "absl"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _engine() -> str:
    """Return the package that Keras computes with."""
    return os.environ.get("KERAS_BACKEND", "tensorflow")


@cache
def _keep_temporary_files_together() -> None:
    """Give this process a temporary folder of its own, which goes with it, even if it is killed.

    TensorFlow writes its generated code to such files and removes them only where it ends itself.
    """
    folder = ExitStack()
    atexit.register(folder.close)  # after TensorFlow's own, which are registered later
    with suppress(OSError):
        tempfile.tempdir = str(folder.enter_context(temporary_folder()))


def _import() -> None:
    left_out = [name for name in _LEFT_OUT if name not in sys.modules]
    for name in left_out:
        sys.modules[name] = None  # type: ignore[assignment]  # so that importing it fails
    gc.disable()  # it would search a million new objects again and again, for a fifth of the time
    try:
        if find_spec("tensorflow"):  # Keras loads it in any case, only later and aloud
            importlib.import_module("tensorflow")
        for name in (_engine(), "keras"):
            importlib.import_module(name)
    finally:
        gc.freeze()  # what was loaded stays, so it is never searched later either
        gc.enable()
        for name in left_out:
            del sys.modules[name]
