"""A model of another project, read without running anything that it brings."""

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vgg_transfer.adoption.chain import Layer, chain_of
from vgg_transfer.adoption.h5_file import read_h5
from vgg_transfer.adoption.recognising import Recognised, recognise
from vgg_transfer.adoption.saved_model import read_saved_model
from vgg_transfer.adoption.shapes import layers_by_shape
from vgg_transfer.adoption.stored import Stored
from vgg_transfer.disk import is_file, is_folder, is_there
from vgg_transfer.errors import AdoptionError
from vgg_transfer.words import excerpt, printable

_KINDS = ".h5, .hdf5, .keras or the folder of a SavedModel"


def read_network(path: Path) -> Recognised:
    """Return the VGG that a model is.

    Args:
        path: a .h5 or .keras file, or the folder of a SavedModel.

    Raises:
        AdoptionError: it cannot be read, brings code, or is another network.
    """
    shown = f'the model "{printable(path)}"'
    if not is_there(path):
        raise AdoptionError(f'there is no model "{printable(path)}": give a file {_KINDS}')
    if not is_folder(path) and not is_file(path):
        raise AdoptionError(f"{shown} is neither a file nor a folder: give a file {_KINDS}")
    if not os.access(path, os.R_OK):
        raise AdoptionError(f"{shown} cannot be read: give yourself access to it")
    readers = {".h5": read_h5, ".hdf5": read_h5, ".keras": _read_keras}
    reader = read_saved_model if is_folder(path) else readers.get(path.suffix.lower())
    if reader is None:
        raise AdoptionError(f"{shown} is of an unknown kind: give {_KINDS}")
    try:
        return recognise(layers_of(reader(path)))
    except AdoptionError as error:
        raise AdoptionError(f"{shown} cannot be adopted: {excerpt(str(error), 1000)}") from error
    except (MemoryError, RecursionError) as error:
        raise AdoptionError(f"{shown} is damaged, or far too large for a VGG") from error
    except Exception as error:  # h5py, Keras and TensorFlow raise nearly anything for damage
        reason = f"{type(error).__name__}: {error}"
        raise AdoptionError(f"{shown} is damaged: {excerpt(reason, 300)}") from error


def layers_of(stored: Stored) -> tuple[Layer, ...]:
    """Return layers with their arrays, in the order in which an image meets them.

    Raises:
        AdoptionError: they bring code, or are no chain.
    """
    if stored.description is None:
        return layers_by_shape(stored.arrays)
    return tuple(
        Layer(one.kind, one.name, one.settings, stored.arrays.get(one.name, {}))
        for one in chain_of(stored.description)
    )


def _read_keras(path: Path) -> Stored:
    """Read a .keras file; Keras opens it only where every layer in it is known to be harmless."""
    import keras

    if not zipfile.is_zipfile(path):
        raise AdoptionError("it is cut short, or something else than a .keras file")
    with zipfile.ZipFile(path) as archive:
        description: Mapping[str, Any] = json.loads(archive.read("config.json"))
    chain_of(description)
    model = keras.saving.load_model(path, compile=False)
    return Stored({one.name: _parts(one) for one in _every_layer(model)}, description)


def _every_layer(model: Any) -> list[Any]:
    """Return the layers of a model and of the models inside it."""
    found = []
    for layer in model.layers:
        found += _every_layer(layer) if hasattr(layer, "layers") else [layer]
    return found


def _parts(layer: Any) -> dict[str, Any]:
    return {
        variable.name: value
        for variable, value in zip(layer.weights, layer.get_weights(), strict=True)
    }
