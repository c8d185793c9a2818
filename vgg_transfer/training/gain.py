"""How much faster 16 bits are than 32 on this machine: measured once, then remembered.

The memory is ``bf16.json`` in the folder of stored activations: for each device, under the versions
that computed, the gain. To have it measured again, delete the file.
"""

import contextlib
import importlib
import json
import math
import time
from pathlib import Path

import keras
import numpy as np

from vgg_transfer.reading import read_json
from vgg_transfer.writing import whole_file

_FILE = "bf16.json"
_WHOLE = "float32"
_ROUNDS = 10
_NAMES = {"tensorflow": "TensorFlow", "jax": "JAX"}


def gain_of(policy: str, device: str, memory: Path | None) -> float:
    """Return how many times as fast as in fp32 a convolution of VGG's kind is.

    Args:
        policy: Keras's name for the precision: ``"mixed_bfloat16"`` or ``"mixed_float16"``.
        device: the name of the processor, with its cores, or of the GPU.
        memory: the folder where it is remembered; None measures and remembers nothing. Where the
            file cannot be read it is measured, where it cannot be written it is not remembered.
    """
    if memory is None:
        return _measured(policy)
    file, key = memory / _FILE, f"{device}; {_engine()}, Keras {keras.__version__}"
    if policy != "mixed_bfloat16":  # whose entries are older than this
        key += f", {policy}"
    known = _read(file)
    if key not in known:
        known[key] = _measured(policy)
        with contextlib.suppress(OSError):
            memory.mkdir(parents=True, exist_ok=True)
            with whole_file(file) as partial:
                partial.write_text(json.dumps(known, indent=1), encoding="utf-8")
    return known[key]


def _engine() -> str:
    """Return what computes, with its version."""
    name = keras.backend.backend()
    return f"{_NAMES.get(name, name)} {importlib.import_module(name).__version__}"


def _read(file: Path) -> dict[str, float]:
    """Return the gains in the file; what is no gain is left out."""
    try:
        entries = read_json(file).items()
    except (OSError, ValueError):
        return {}
    return {key: gain for key, gain in entries if isinstance(gain, float) and 0 < gain < math.inf}


def _measured(policy: str) -> float:
    """Try the convolution in both precisions."""
    batch = np.ones((8, 28, 28, 256), np.float32)
    models = {
        one: keras.Sequential(
            [keras.Input((28, 28, 256)), keras.layers.Conv2D(256, 3, padding="same", dtype=one)]
        )
        for one in (_WHOLE, policy)
    }
    best = dict.fromkeys(models, math.inf)
    for number in range(_ROUNDS + 1):
        # In turns, so that other work on the machine slows both alike.
        for one, model in models.items():
            began = time.perf_counter()
            model.predict_on_batch(batch)
            if number:  # the first builds the graph
                best[one] = min(best[one], time.perf_counter() - began)
    return best[_WHOLE] / best[policy]
