"""CIFAR in its published form, made small: 4 pictures in each file."""

import pickle
import shutil
import tarfile
from pathlib import Path

import numpy as np
import pytest

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import load_images
from vgg_transfer.images.decode import decode
from vgg_transfer.images.sources import cifar
from vgg_transfer.images.sources.cifar import load_cifar

NAMES = ["plane", "car", "bird"]
NAME_LABELS = [0, 1, 2, 0]


@pytest.fixture(autouse=True)
def _own_places(tmp_path, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(cifar, "is_reachable", lambda _: False)


def pixels(start: int) -> np.ndarray:
    """Return 4 pictures as rows: red values, then green, then blue ones."""
    rows = np.zeros((4, 3, 32, 32), np.uint8)
    rows[:, 0] = 10 * start + np.arange(4)[:, None, None]
    rows[:, 1] = np.arange(32)[:, None]  # green tells the line
    rows[:, 2] = np.arange(32)  # blue the column
    return rows.reshape(4, -1)


@pytest.fixture
def batches(tmp_path) -> Path:
    """The folder within the archive of CIFAR-10, with its published file names."""
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    for number, name in enumerate([*(f"data_batch_{n}" for n in range(1, 6)), "test_batch"]):
        content = {b"data": pixels(number), b"labels": NAME_LABELS}
        (folder / name).write_bytes(pickle.dumps(content, protocol=2))
    names = {b"label_names": [name.encode() for name in NAMES], b"num_cases_per_batch": 4}
    (folder / "batches.meta").write_bytes(pickle.dumps(names, protocol=2))
    return folder


def pack(folder: Path, name: str = "cifar-10-python.tar.gz") -> Path:
    file = folder.parent / name
    with tarfile.open(file, "w:gz") as made:
        made.add(folder, folder.name)
    return file


def fault(name: str, path: Path | None = None) -> str:
    with pytest.raises(ImageSetError) as error:
        load_cifar(name, path)
    return str(error.value)


def test_pictures_classes_and_splits_are_the_published_ones(batches):
    images = load_images(f"cifar10:{pack(batches)}")
    assert images.class_names == ("plane", "car", "bird")
    assert len(images.records) == 24
    assert [images.class_names[record.label] for record in images.split("test")] == [
        "plane", "car", "bird", "plane",
    ]  # fmt: skip
    assert images.split("val")
    first = decode(images.split("test")[0].path)
    assert first.shape == (32, 32, 3)
    assert first[5, 7].tolist() == [50, 5, 7]


def test_folder_and_archive_are_one_set_and_are_written_once(batches, monkeypatch):
    archive = pack(batches)
    expected = load_cifar("cifar10", archive)
    monkeypatch.setattr(cifar, "write_pictures", None)  # would fail if it were called
    assert load_cifar("cifar10", batches).records == expected.records
    assert load_cifar("cifar10", batches.parent).records == expected.records
    assert load_images(archive).records == expected.records  # known by its published name


@pytest.mark.parametrize(
    "place", ["cifar-10-batches-py-target/cifar-10-batches-py", "cifar-10-batches-py"]
)
def test_what_keras_has_stored_is_found(batches, tmp_path, place):
    shutil.copytree(batches, tmp_path / "keras" / "datasets" / place)
    assert len(load_images("cifar10").records) == 24


def test_without_network_the_place_of_the_archive_is_named(batches, tmp_path):
    home = tmp_path / "keras" / "datasets"
    assert fault("cifar10") == (
        f'cifar10 is not in "{home}", and www.cs.toronto.edu cannot be reached from here. '
        "Fetch https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz on any machine, and put it "
        f'there as it is: "{home}/cifar-10-python.tar.gz". Or name the place: '
        '"cifar10:cifar-10-python.tar.gz".'
    )
    home.mkdir(parents=True)
    shutil.copy(pack(batches), home)
    assert len(load_images("cifar10").records) == 24


def test_keras_downloads_what_it_has_not_stored(batches, tmp_path, monkeypatch):
    import keras

    def download():
        shutil.copytree(batches, tmp_path / "keras" / "datasets" / "cifar-10-batches-py")

    monkeypatch.setattr(cifar, "is_reachable", lambda _: True)
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", download)
    assert len(load_images("cifar10").records) == 24

    def fail():
        raise OSError("the line is dead\nand more")

    shutil.rmtree(tmp_path / "keras")
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", fail)
    assert fault("cifar10").startswith("cifar10 cannot be downloaded: the line is dead. Fetch ")


def test_cifar100_has_its_fine_classes(tmp_path):
    folder = tmp_path / "cifar-100-python"
    folder.mkdir()
    for name in ("train", "test"):
        content = {
            b"data": pixels(name == "test"),
            b"fine_labels": [1, 0, 1, 0],
            b"coarse_labels": [0] * 4,
        }
        (folder / name).write_bytes(pickle.dumps(content, protocol=2))
    names = {b"fine_label_names": [b"apple", b"fish"], b"coarse_label_names": [b"thing"]}
    (folder / "meta").write_bytes(pickle.dumps(names, protocol=2))
    images = load_images(pack(folder, "cifar-100-python.tar.gz"))
    assert images.class_names == ("apple", "fish")
    assert [record.label for record in images.split("test")] == [1, 0, 1, 0]


def test_a_pickle_that_asks_for_more_than_arrays_is_refused(batches):
    class Calls:
        def __reduce__(self):
            return (print, ("called",))

    (batches / "data_batch_3").write_bytes(pickle.dumps({b"data": Calls()}, protocol=2))
    text = fault("cifar10", batches)
    assert text.startswith(f'"{batches}" is damaged: it asks for ')
    assert "print. Fetch it again: https://www.cs.toronto.edu" in text


def test_pickles_of_python_2_are_read(batches):
    python_2 = pickle.dumps({b"data": pixels(0), b"labels": NAME_LABELS}, protocol=2)
    python_2 = python_2.replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
    (batches / "test_batch").write_bytes(python_2)
    assert len(load_cifar("cifar10", batches).split("test")) == 4


def test_what_is_wrong_with_the_archive(batches, tmp_path):
    (batches / "data_batch_2").unlink()
    assert 'is not all of the original Python archive: it has no "data_batch_2".' in fault(
        "cifar10", batches
    )
    content = {b"data": pixels(0), b"labels": [0, 1, 2, 3]}
    (batches / "data_batch_2").write_bytes(pickle.dumps(content, protocol=2))
    assert "is damaged: the labels of data_batch_2 do not fit" in fault("cifar10", batches)
    assert f'no archive or folder of cifar10 "gone.tar.gz" in "{tmp_path}"' in fault(
        "cifar10", tmp_path / "gone.tar.gz"
    )


def test_a_folder_of_images_is_read_as_such(tiny_folder, tmp_path):
    assert load_images(f"cifar10:{tiny_folder}").class_names == ("blue", "red")
    with tarfile.open(tmp_path / "pictures.tar", "w") as made:
        made.add(tiny_folder, "cifar10")
    assert len(load_images(f"cifar10:{tmp_path}/pictures.tar").records) == 24


def test_no_bytes_are_lost_on_the_way_into_a_pickle():
    assert cifar._load(pickle.dumps({"a": b"\xff\x00"}, protocol=2)) == {b"a": b"\xff\x00"}
