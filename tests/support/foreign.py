"""Models as other projects have them: a narrow VGG that has learnt three colours, and its files."""

import json
from functools import cache
from pathlib import Path

import h5py
import keras
import numpy as np
from keras import layers
from PIL import Image

COLOURS = {"amber": (190, 120, 60), "moss": (80, 120, 70), "plum": (120, 60, 110)}
SIZE, FILTERS, COUNTS = 32, (4, 8, 16, 32, 32), (2, 2, 3, 3, 3)


def pictures(count, seed):
    """Return noisy pictures of three colours and their labels: some are hard to tell apart."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % len(COLOURS)
    middle = np.array(list(COLOURS.values()), float)[labels]
    middle = middle + rng.normal(0, 22, (count, 3))
    noise = rng.normal(0, 30, (count, SIZE, SIZE, 3))
    found = np.clip(middle[:, None, None] + noise, 0, 255)
    return found.astype(np.uint8), labels


def write_pictures(folder, count, seed):
    """Write pictures into one folder for each class."""
    found, labels = pictures(count, seed)
    for number, (pixels, label) in enumerate(zip(found, labels, strict=True)):
        place = Path(folder) / list(COLOURS)[label]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(place / f"{number:03}.png")
    return Path(folder)


def base_layers():
    """Return the layers of a narrow VGG16, with Keras's names."""
    found = []
    for block, (filters, count) in enumerate(zip(FILTERS, COUNTS, strict=True), start=1):
        found += [
            layers.Conv2D(
                filters,
                3,
                padding="same",
                activation="relu",
                kernel_initializer="he_normal",
                bias_initializer=keras.initializers.RandomUniform(0, 0.1, seed=block),
                name=f"block{block}_conv{number}",
            )
            for number in range(1, count + 1)
        ]
        found.append(layers.MaxPooling2D(2, name=f"block{block}_pool"))
    return found


@cache
def learnt():
    """Return a narrow VGG16 that learnt from pixels / 255 for some seconds. Do not train it on."""
    keras.utils.set_random_seed(1)
    head = (layers.GlobalAveragePooling2D(), layers.Dense(3, activation="softmax"))
    model = keras.Sequential([keras.Input((SIZE, SIZE, 3)), *base_layers(), *head])
    found, labels = pictures(300, 0)
    model.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy")
    model.fit(found / 255.0, labels, batch_size=32, epochs=12, verbose=0)
    return model


def write_keras2(path, model, nested=True):
    """Write a model as Keras 2.11 did: ``model_config`` and one group of weights for each layer.

    Args:
        path: of the .h5 file.
        model: from ``learnt``.
        nested: whether the base is a model within the model, as it mostly was.
    """
    base = [one for one in model.layers if one.name.startswith("block")]
    head = [one for one in model.layers if one not in base]
    shape = [None, SIZE, SIZE, 3]
    if nested:
        inside = {"class_name": "Functional", "config": _described("vgg16", shape, base)}
        inside |= {"name": "vgg16"}
        outside = _described("model", shape, head, inside)
        groups = [("vgg16", base), *((one.name, [one]) for one in head)]
    else:
        outside = _described("model", shape, [*base, *head])
        groups = [(one.name, [one]) for one in [*base, *head]]
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = b"2.11.0"
        file.attrs["backend"] = b"tensorflow"
        config = {"class_name": "Functional", "config": outside}
        file.attrs["model_config"] = json.dumps(config).encode()
        top = file.create_group("model_weights")
        top.attrs["layer_names"] = [name.encode() for name, _ in groups]
        for name, members in groups:
            group, names = top.create_group(name), []
            for layer in members:
                for variable, value in zip(layer.weights, layer.get_weights(), strict=True):
                    names.append(f"{layer.name}/{variable.name}:0")
                    group.create_dataset(names[-1], data=value)
            group.attrs["weight_names"] = [each.encode() for each in names]
    return Path(path)


def _described(name, shape, members, first=None):
    """Return the description of a functional model in which each layer follows the one before."""
    entries = [
        {
            "class_name": "InputLayer",
            "config": {"batch_input_shape": shape, "dtype": "float32", "name": f"{name}_input"},
            "name": f"{name}_input",
        },
        *([first] if first else []),
        *(
            {"class_name": type(one).__name__, "config": _old(one), "name": one.name}
            for one in members
        ),
    ]
    for place, entry in enumerate(entries):
        before = [[[entries[place - 1]["name"], 0, 0, {}]]] if place else []
        entry["inbound_nodes"] = before
    return {
        "name": name,
        "trainable": True,
        "layers": entries,
        "input_layers": [[f"{name}_input", 0, 0]],
        "output_layers": [[entries[-1]["name"], 0, 0]],
    }


def _old(layer):
    """Return a layer's settings without what Keras 3 added."""
    config = layer.get_config()
    return {key: config[key] for key in config if key not in ("build_config", "dtype", "quantize")}
