"""The weights that a training left, and whether two trainings left the same, bit for bit."""

import keras
import numpy as np


def weights_of(run):
    """Return the arrays of a run's saved model."""
    return keras.saving.load_model(run.model_file, compile=False).get_weights()


def equal(first, second):
    """Return whether two lists of arrays are the same number for number."""
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
