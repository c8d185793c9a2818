"""The weights of a SavedModel; its graph, which is a program, is not loaded."""

import re
from pathlib import Path
from typing import Any

import numpy as np

from vgg_transfer.adoption.stored import Floats, Stored
from vgg_transfer.disk import is_there
from vgg_transfer.errors import AdoptionError

_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"
_OTHERS = re.compile(r"optimizer|OPTIMIZER_SLOT|metrics|save_counter|_all_variables|seed_generator")


def read_saved_model(folder: Path) -> Stored:
    """Read the variables of a SavedModel, in the order of their layers.

    Raises:
        AdoptionError: the folder is none.
    """
    import tensorflow as tf

    if not is_there(folder / "saved_model.pb") or not is_there(folder / "variables"):
        raise AdoptionError(
            "the folder is no SavedModel: it has no saved_model.pb, or no variables beside it"
        )
    checkpoint = tf.train.load_checkpoint(str(folder / "variables" / "variables"))
    names = [
        name
        for name in checkpoint.get_variable_to_shape_map()
        if name.endswith(_VALUE) and not _OTHERS.search(name)
    ]
    arrays: dict[str, dict[str, Floats]] = {}
    for name in sorted(names, key=_in_order):
        value = np.asarray(checkpoint.get_tensor(name))
        if value.dtype.kind == "f":
            _put(arrays, name.removesuffix(_VALUE), value.astype(np.float32))
    return Stored(arrays)


def _put(arrays: dict[str, dict[str, Floats]], name: str, value: Floats) -> None:
    """Add an array to its layer; where variables have numbers alone, a kernel begins a layer."""
    layer, _, part = name.rpartition("/")
    if not part.isdigit():
        arrays.setdefault(layer, {})[part.removeprefix("_")] = value
    elif value.ndim > 1:
        arrays[name] = {"kernel": value}
    elif arrays:
        last = arrays[next(reversed(arrays))]
        last["bias" if "bias" not in last else f"more{len(last)}"] = value


def _in_order(name: str) -> list[Any]:
    """Return a key by which layer 10 comes behind layer 9."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]
