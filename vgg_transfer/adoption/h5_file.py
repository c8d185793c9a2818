"""A .h5 file in the layouts of Keras 2 and 3, read as numbers and text.

Keras's own reader of these files knows no safe mode, and that of Keras 3 cannot read all that
Keras 2 has written; so Keras has no part in it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from vgg_transfer.adoption.stored import Floats, Stored
from vgg_transfer.errors import AdoptionError

_MOST_NUMBERS = 400_000_000  # VGG19 with its top has 144 million
# Variables of versions long ago were called "kernel:0", Keras 1 had "dense_1_W".
_PARTS = {"W": "kernel", "b": "bias"}


def read_h5(path: Path) -> Stored:
    """Read a model, or weights alone.

    Raises:
        AdoptionError: it holds no weights, or far more than a VGG has.
    """
    import h5py

    if not h5py.is_hdf5(path):
        raise AdoptionError("it is cut short, or something else than an HDF5 file")
    with h5py.File(path, "r") as file:
        described = file.attrs.get("model_config")
        top = file.get("model_weights", file)
        if "layer_names" not in top.attrs:
            raise AdoptionError(
                "it holds no weights in the layout of Keras's .h5 files: save it by model.save()"
            )
        arrays: dict[str, dict[str, Floats]] = {}
        numbers = 0
        for layer, part, stored in _stored(top):
            numbers += int(stored.size)
            if numbers > _MOST_NUMBERS:
                raise AdoptionError("it holds more numbers than any VGG has")
            arrays.setdefault(layer, {})[part] = np.asarray(stored, np.float32)
    return Stored(arrays, None if described is None else json.loads(_text(described)))


def _stored(top: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield the name of each layer, what each array is to it, and the array on the disk."""
    for name in map(_text, top.attrs["layer_names"]):
        names = [_text(one) for one in top[name].attrs.get("weight_names", ())]
        owners = {_owner(one) for one in names}
        for each in names:
            part = each.rpartition("/")[2].partition(":")[0]
            part = _PARTS.get(part.rpartition("_")[2], part)
            # The weights of a model inside this one lie in one group, each with its layer's name.
            # Where there is one name alone, it may also be the group's own with a number more.
            if len(owners) == 1:
                yield name, part, top[name][each]
            if len(owners) > 1 or _owner(each) != name:
                yield _owner(each), part, top[name][each]


def _owner(weight: str) -> str:
    return weight.rpartition("/")[0].rpartition("/")[2]


def _text(value: Any) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)
