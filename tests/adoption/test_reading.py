"""Files of others: read in every layout, and nothing in them is run."""

import json
import os
import zipfile

import h5py
import keras
import numpy as np
import pytest
from keras import layers
from support import foreign

from vgg_transfer.adoption.chain import Layer, chain_of
from vgg_transfer.adoption.h5_file import read_h5
from vgg_transfer.adoption.reading import layers_of, read_network
from vgg_transfer.adoption.recognising import recognise
from vgg_transfer.errors import AdoptionError


@pytest.fixture(scope="module")
def pixels():
    return foreign.pictures(6, 3)[0] / 255.0


def answers(network, pixels):
    """Return what a recognised network says, computed anew from its kernels."""
    found = np.asarray(pixels, np.float32)
    for place, (kernel, bias) in enumerate(network.convolutions, start=1):
        found = keras.ops.relu(keras.ops.conv(found, kernel, padding="same") + bias)
        if place in np.cumsum(foreign.COUNTS):
            found = keras.ops.max_pool(found, 2)
    kinds = {"average": lambda x: keras.ops.mean(x, axis=(1, 2)), "flatten": lambda x: x[:, 0, 0]}
    found = kinds[network.head.pooling](found)
    *hidden, (kernel, bias) = network.dense
    for each, shift in hidden:
        found = keras.ops.relu(found @ each + shift)
    logits = found @ kernel + bias
    end = keras.ops.sigmoid if network.head.output == "sigmoid" else keras.ops.softmax
    return np.asarray(end(logits))


def untrained(*head):
    keras.utils.set_random_seed(2)
    return keras.Sequential(
        [keras.Input((foreign.SIZE, foreign.SIZE, 3)), *foreign.base_layers(), *head]
    )


@pytest.fixture(scope="module")
def base(learnt, tmp_path_factory):
    """The layers of the narrow VGG16 up to the pooling of its last block."""
    path = tmp_path_factory.mktemp("base") / "model.h5"
    return layers_of(read_h5(foreign.write_keras2(path, learnt)))[:-2]


@pytest.mark.parametrize("nested", [True, False])
def test_keras_2_is_read_with_the_base_as_a_model_inside_or_not(learnt, pixels, tmp_path, nested):
    path = foreign.write_keras2(tmp_path / "model.h5", learnt, nested)
    network = read_network(path)
    assert (network.base.architecture, network.base.blocks, network.size) == ("vgg16", 5, 32)
    assert (network.head.pooling, network.head.dense, network.classes) == ("average", (), 3)
    assert np.allclose(answers(network, pixels), learnt(pixels), atol=1e-5)


@pytest.mark.parametrize("kind", ["model.keras", "model.h5", "saved", "parts.keras", "parts.h5"])
def test_keras_3_and_saved_models_are_read(learnt, pixels, tmp_path, kind):
    path = tmp_path / kind
    if kind.startswith("parts"):  # base and head are models within the model
        parts = [keras.Sequential(learnt.layers[:-2]), keras.Sequential(learnt.layers[-2:])]
        learnt = keras.Sequential([keras.Input((foreign.SIZE, foreign.SIZE, 3)), *parts])
    if kind == "saved":
        learnt.export(path, verbose=False)
    else:
        learnt.save(path)
    network = read_network(path)
    assert np.allclose(answers(network, pixels), learnt(pixels), atol=1e-5)


def test_weights_alone_are_recognised_by_their_shapes(learnt, pixels, tmp_path):
    whole = foreign.write_keras2(tmp_path / "model.h5", learnt)
    with h5py.File(whole, "r+") as file:
        del file.attrs["model_config"]
    assert np.allclose(answers(read_network(whole), pixels), learnt(pixels), atol=1e-5)


def test_batch_norm_and_what_is_linear_are_folded_away(pixels, tmp_path):
    """Random statistics, so that a fold that does nothing would show."""
    model = untrained(
        layers.Flatten(),
        layers.BatchNormalization(),
        layers.Dense(7, activation="relu"),
        layers.BatchNormalization(),
        layers.Dropout(0.5),
        layers.Dense(6),
        layers.BatchNormalization(),
        layers.Activation("relu"),
        layers.Dense(5),
        layers.Dense(1, activation="sigmoid"),
    )
    rng = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 1.5, one.shape) for one in layer.get_weights()])
    model.save(tmp_path / "model.h5")
    network = read_network(tmp_path / "model.h5")
    assert network.head.dense == (7, 6)
    assert (network.head.output, network.classes) == ("sigmoid", 2)
    assert np.allclose(answers(network, pixels), model(pixels, training=False), atol=1e-5)


def test_what_a_model_does_to_pixels_itself_is_read(tmp_path):
    """``Rescaling``, and ``preprocess_input`` of Keras in a functional model."""
    inputs = keras.Input((32, 32, 3))
    found = keras.applications.vgg16.preprocess_input(inputs)
    for layer in [*foreign.base_layers(), layers.GlobalAveragePooling2D(), layers.Dense(2)]:
        found = layer(found)
    keras.Model(inputs, found).save(tmp_path / "a.keras")
    network = read_network(tmp_path / "a.keras")
    assert (network.flips, network.scales_itself) == (True, True)
    assert np.allclose(network.offset, [-103.939, -116.779, -123.68])
    found = (inputs - 127.5) / 100
    for layer in [*foreign.base_layers(), layers.GlobalAveragePooling2D(), layers.Dense(2)]:
        found = layer(found)
    keras.Model(inputs, found).save(tmp_path / "c.h5")
    network = read_network(tmp_path / "c.h5")
    assert np.allclose((network.scale, network.offset), [[0.01] * 3, [-1.275] * 3])
    first = [layers.RandomFlip(), layers.Rescaling(1 / 127.5, offset=-1)]
    last = [layers.Flatten(), layers.Dense(2)]
    model = keras.Sequential(
        [keras.Input((32, 32, 3)), *first, *foreign.base_layers(), *last],
    )
    model.save(tmp_path / "b.h5")
    network = read_network(tmp_path / "b.h5")
    assert (network.flips, network.scales_itself) == (False, True)
    assert np.allclose((network.scale, network.offset), [[1 / 127.5] * 3, [-1] * 3])


def test_preprocess_input_is_read_as_keras_2_has_it():
    """A model of one layer: colours turned round by a slice, and the means taken away."""
    turning = {"slice_spec": ["...", {"start": None, "stop": None, "step": -1}]}
    means = {"bias": [-103.939, -116.779, -123.68], "data_format": "NHWC"}
    function = {"function": "nn.bias_add"}
    found = chain_of(functional(("SlicingOpLambda", turning, {}), ("TFOpLambda", means, function)))
    assert [one.kind for one in found] == ["InputLayer", "FlipColours", "ScaleColours"]
    assert found[2].settings == {"scale": [1.0], "offset": [-103.939, -116.779, -123.68]}
    halved = functional(("TFOpLambda", {"y": 2, "name": None}, {"function": "math.truediv"}))
    assert chain_of(halved)[1].settings == {"scale": [0.5], "offset": [0.0]}
    with pytest.raises(AdoptionError, match=r"an operation \(TFOpLambda\) that neither scales"):
        chain_of(functional(("TFOpLambda", {"y": 2}, {"function": "math.pow"})))


def functional(*operations):
    """Return the description of a model that does these things one after another."""
    every = [{"class_name": "InputLayer", "config": {}, "name": "l0", "inbound_nodes": []}]
    for number, (kind, settings, config) in enumerate(operations):
        nodes = [[[f"l{number}", 0, 0, settings]]]
        one = {"class_name": kind, "config": config, "name": f"l{number + 1}"}
        every.append({**one, "inbound_nodes": nodes})
    inside = {"layers": every, "output_layers": [[f"l{len(operations)}", 0, 0]]}
    return {"class_name": "Functional", "config": inside}


@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_a_lambda_is_refused_and_not_run(tmp_path, ending):
    model = untrained(
        layers.Lambda(lambda x: keras.ops.mean(x, axis=(1, 2)), output_shape=(32,), name="mine"),
        layers.Dense(2),
    )
    model.save(tmp_path / f"model{ending}")
    with pytest.raises(AdoptionError, match=r'layer "mine" is a Lambda, which brings code.*take'):
        read_network(tmp_path / f"model{ending}")


def dense(units, activation, rows=32):
    arrays = {"kernel": np.zeros((rows, units), np.float32), "bias": np.zeros(units, np.float32)}
    return Layer("Dense", f"dense{units}", {"activation": activation}, arrays)


FLATTEN = Layer("Flatten", "flatten")
NORM = Layer("BatchNormalization", "norm", {}, dict.fromkeys(("moving_mean",), np.zeros(32)))
BENT = Layer("ReLU", "bent", {"max_value": 6.0})


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ([], "no Flatten or global pooling, so it is no classifier: adopt the whole model"),
        ([FLATTEN], r"its head is nothing: a recipe's head has dense layers"),
        ([FLATTEN, dense(1, "softmax")], "answers 1 whatever it is shown"),
        ([FLATTEN, dense(3, "tanh")], "ends with tanh, which gives no probabilities"),
        ([FLATTEN, dense(3, "elu"), dense(2, "linear", 3)], "its head is dense, elu, dense"),
        ([FLATTEN, dense(3, "linear"), BENT, dense(2, "linear", 3)], "relu with a limit or"),
        ([FLATTEN, dense(3, "softmax", 99)], "99 numbers, which are no square map of 32"),
        ([FLATTEN, NORM, dense(3, "softmax")], r'weights of its layer "norm" \(moving_variance\)'),
    ],
)
def test_other_heads_are_refused_with_a_reason(base, head, said):
    with pytest.raises(AdoptionError, match=said):
        recognise((*base, *head))


def test_other_networks_are_refused(base):
    _, _, first, second, pool, third, *_ = base
    head = (FLATTEN, dense(2, "softmax"))
    with pytest.raises(AdoptionError, match=r"its blocks have \[2, 1\] convolutions; VGG16 has"):
        recognise((first, second, pool, third, pool, *head))
    wide = Layer("Conv2D", "wide", {**first.settings, "kernel_size": [5, 5]}, first.arrays)
    with pytest.raises(AdoptionError, match=r'layer "wide" is a convolution with .*only VGG16'):
        recognise((wide, second, pool, *head))


def test_independent_sigmoids_become_softmax_and_that_is_said(base):
    found = recognise((*base, FLATTEN, dense(3, "sigmoid")))
    assert (found.head.output, found.classes) == ("softmax", 3)
    assert "its 3 outputs were sigmoids, each for itself" in found.remarks[0]


def test_custom_objects_are_refused_before_keras_opens_the_file(learnt, tmp_path):
    learnt.save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(parts["config.json"])
    config["config"]["layers"][-1] |= {"class_name": "Evil", "module": "os"}
    parts["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(tmp_path / "evil.keras", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(AdoptionError, match="of the kind Evil, which no VGG16"):
        read_network(tmp_path / "evil.keras")


def test_damage_is_one_message(learnt, tmp_path):
    whole = foreign.write_keras2(tmp_path / "model.h5", learnt)
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) // 2])
    with pytest.raises(AdoptionError, match=r'"[^"]*model.h5" is damaged'):
        read_network(whole)
    for name in ("cut.keras", "cut.h5"):
        (tmp_path / name).write_bytes(b"nothing")
        with pytest.raises(AdoptionError, match="cannot be adopted: it is cut short"):
            read_network(tmp_path / name)
    with pytest.raises(AdoptionError, match=r"there is no model .*give a file .h5"):
        read_network(tmp_path / "none.h5")
    (tmp_path / "a.pt").write_bytes(b"")
    with pytest.raises(AdoptionError, match=r"unknown kind: give .h5"):
        read_network(tmp_path / "a.pt")
    (tmp_path / "empty").mkdir()
    with pytest.raises(AdoptionError, match="is no SavedModel"):
        read_network(tmp_path / "empty")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.h5")
    with pytest.raises(AdoptionError, match="is neither a file nor a folder"):
        read_network(tmp_path / "pipe.h5")
