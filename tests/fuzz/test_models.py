"""Models of others that went wrong: recognised, or refused in one error of their kind.

What is wrong below that, in HDF5's own structure, is for HDF5 to find.
"""

import json

import h5py
import keras
import pytest
from keras import layers
from support import foreign
from support.mutated import as_json, raw, tried

from vgg_transfer.adoption.reading import read_network
from vgg_transfer.errors import AdoptionError


@pytest.fixture
def model(tmp_path):
    """A narrow VGG16 that has learnt nothing, as Keras 2 wrote it."""
    shape = (foreign.SIZE, foreign.SIZE, 3)
    head = [layers.Flatten(), layers.Dense(3, activation="softmax")]
    whole = keras.Sequential([keras.Input(shape), *foreign.base_layers(), *head])
    return foreign.write_keras2(tmp_path / "model.h5", whole)


def refused_or_read(path):
    """Read a model; what is wrong with it has to be one message of ours."""
    try:
        read_network(path)
    except AdoptionError as error:
        return str(error)
    return "it is read after all"


@pytest.mark.parametrize("inputs", [50, pytest.param(300, marks=pytest.mark.slow)])
def test_descriptions_of_models(inputs, model, tmp_path):
    whole = model.read_bytes()
    with h5py.File(model) as file:
        description = json.loads(file.attrs["model_config"])
    folder = tmp_path / "changed"
    folder.mkdir()

    def door(changed):
        path = folder / "model.h5"
        path.write_bytes(whole)
        with h5py.File(path, "r+") as file:
            del file.attrs["model_config"]
            file.attrs["model_config"] = changed[:60_000].replace(b"\0", b" ")  # as HDF5 takes it
        said = refused_or_read(path)
        assert 10 < len(said) < 20_000
        assert said.isprintable()

    changed = raw(json.dumps(description).encode()) | as_json(description)
    tried(inputs, changed, door, folder)
