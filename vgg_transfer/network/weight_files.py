"""Convolution tensors from the files that people have: .h5, .keras and .onnx."""

import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.errors import WeightsError
from vgg_transfer.words import excerpt, printable

Tensors = dict[str, NDArray[np.float32]]

_LAYER = re.compile(r"(block\d_conv\d)")
_NORM = re.compile(r"block\d_(norm|bn)\d")


def read_tensors(path: Path) -> Tensors:
    """Return every ``blockB_convN`` kernel (height, width, in, out) and bias in a file."""
    readers = {".h5": _read_h5, ".hdf5": _read_h5, ".keras": _read_keras, ".onnx": _read_onnx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise WeightsError(
            f'cannot read weights from "{path}": known endings are {", ".join(readers)}'
        )
    try:
        tensors = reader(path)
    except WeightsError:
        raise
    except PermissionError as error:
        raise WeightsError(
            f'the weights file "{printable(path)}" cannot be read: {error.strerror or error}. Give '
            "yourself access to it"
        ) from error
    except Exception as error:
        raise WeightsError(
            f'the weights file "{path}" is damaged: {excerpt(str(error), 300)}'
        ) from error
    if not tensors:
        raise WeightsError(
            f'the weights file "{path}" is of another network: it has no layer called '
            "block1_conv1 or the like"
        )
    return tensors


def _read_h5(path: Path) -> Tensors:
    import h5py

    tensors: Tensors = {}

    def keep(name: str, item: Any) -> None:
        if not isinstance(item, h5py.Dataset) or name.startswith("optimizer"):
            return
        # Keras 3 calls groups by kind (conv2d_3) and writes the layer's name beside them.
        groups = [item.parent, item.parent.parent]
        names = [*name.split("/"), *(str(group.attrs.get("name", "")) for group in groups)]
        _refuse_batch_norm(path, names)
        layer = next((part for part in names if _LAYER.fullmatch(part)), None)
        if layer:
            tensors[_name(layer, item.ndim)] = np.asarray(item, dtype=np.float32)

    with h5py.File(path, "r") as file:
        file.visititems(keep)
    return tensors


def _read_keras(path: Path) -> Tensors:
    import keras

    if not zipfile.is_zipfile(path):
        raise WeightsError(f'"{path}" is not a Keras model file')
    layers = _all_layers(keras.saving.load_model(path, compile=False))
    _refuse_batch_norm(path, [layer.name for layer in layers])
    return {
        _name(layer.name, value.ndim): value
        for layer in layers
        if _LAYER.fullmatch(layer.name)
        for value in layer.get_weights()
    }


def _all_layers(model: Any) -> list[Any]:
    """Return the layers of a model and of the models inside it."""
    found = []
    for layer in model.layers:
        found += _all_layers(layer) if hasattr(layer, "layers") else [layer]
    return found


def _refuse_batch_norm(path: Path, names: list[str]) -> None:
    if any(_NORM.fullmatch(name) for name in names):
        raise WeightsError(
            f'the weights file "{path}" holds a base with batch norm: its convolutions compute '
            "something else without it, so they cannot be taken alone"
        )


def _read_onnx(path: Path) -> Tensors:
    try:
        import onnx
        from onnx import numpy_helper
    except ImportError:
        raise WeightsError(
            f'reading "{path}" needs the package onnx: pip install "vgg-transfer[offline]"'
        ) from None
    tensors: Tensors = {}
    for tensor in onnx.load(path).graph.initializer:
        layer = _LAYER.search(tensor.name)
        if layer:
            value = numpy_helper.to_array(tensor).astype(np.float32)
            # ONNX keeps kernels as (out, in, height, width).
            tensors[_name(layer[1], value.ndim)] = (
                value.transpose(2, 3, 1, 0) if value.ndim == 4 else value
            )
    return tensors


def _name(layer: str, dimensions: int) -> str:
    return f"{layer}/{'kernel' if dimensions == 4 else 'bias'}"
