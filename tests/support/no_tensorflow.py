"""Imported first: Keras computes with JAX, and no TensorFlow can be loaded."""

import os
import sys

os.environ["KERAS_BACKEND"] = "jax"


class NoTensorFlow:
    """A machine without it."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "tensorflow":
            raise ModuleNotFoundError(f"No module named {name!r}")


sys.meta_path.insert(0, NoTensorFlow())
