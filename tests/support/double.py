"""Training in float64 throughout, on TensorFlow and on JAX: what differs then is no rounding."""

from contextlib import contextmanager
from unittest.mock import patch

import keras

from vgg_transfer.network import head_layers
from vgg_transfer.training.devices import Device
from vgg_transfer.training.stages import optimizers

# TensorFlow rounds Python's numbers to float32 before it makes them float64. These it leaves.
EXACT = {"beta_1": 0.875, "beta_2": 1 - 2**-10}


@contextmanager
def double_precision():
    """Within, recipes of fp32 train in float64, by Adam with averages that both backends know."""
    with (
        patch.object(Device, "policy", "float64"),
        patch.object(head_layers, "_PRECISE", "float64"),
        patch.object(optimizers, "_settings", lambda _: EXACT),
    ):
        before = keras.config.floatx()
        _compute_in("float64")
        try:
            yield
        finally:
            _compute_in(before)


def _compute_in(floatx):
    keras.config.set_floatx(floatx)
    if keras.backend.backend() == "jax":
        import jax

        jax.config.update("jax_enable_x64", floatx == "float64")
