"""What is kept of a run's own images: it is read back, or computed again."""

import zipfile

import numpy as np
import pytest

from vgg_transfer.run.features import Features, keep_features, read_features

FEATURES = Features(np.array([0, 2, 3]), np.arange(6, dtype=np.float32).reshape(3, 2) / 8)


@pytest.fixture
def folder(tmp_path):
    """A run folder with a model and what it makes of three images of four."""
    model_of(tmp_path, b"weights")
    keep_features(tmp_path, FEATURES)
    return tmp_path


def model_of(folder, weights):
    with zipfile.ZipFile(folder / "model.keras", "w") as archive:
        archive.writestr("model.weights.h5", weights)


def rewritten(folder, **arrays):
    """Put other arrays in the place of some."""
    whole = {"places": FEATURES.places, "rows": FEATURES.rows.astype(np.float16)}
    with zipfile.ZipFile(folder / "features.npz") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(folder / "features.npz", "w") as archive:
        for name, content in members.items():
            with archive.open(name, "w") as member:
                array = (whole | arrays).get(name.removesuffix(".npy"))
                if array is None:
                    member.write(content)
                else:
                    np.lib.format.write_array(member, array)


def test_what_is_kept_is_read_back(folder):
    found = read_features(folder, images=4)
    np.testing.assert_array_equal(found.places, FEATURES.places)
    np.testing.assert_array_equal(found.rows, FEATURES.rows)
    rewritten(folder)
    assert read_features(folder, images=4) is not None


def test_of_another_model_or_other_images_nothing_is_read(folder):
    assert read_features(folder, images=3) is None
    model_of(folder, b"others")
    assert read_features(folder, images=4) is None


@pytest.mark.parametrize(
    "arrays",
    [
        {"places": np.array([0, 1])},
        {"places": np.array([0, 1, -1])},
        {"places": np.array([0.0, 1.0, 2.0])},
        {"rows": np.zeros((3, 2))},
        {"rows": np.full((3, 2), np.nan, np.float16)},
        {"rows": np.zeros(3, np.float16)},
        {"rows": np.array([None, 1, 2], object)},
        {"model": np.array([1, 2])},
    ],
    ids=str,
)
def test_what_does_not_fit_is_not_read(arrays, folder):
    rewritten(folder, **arrays)
    assert read_features(folder, images=4) is None


def test_a_damaged_or_compressed_file_is_not_read(folder):
    file = folder / "features.npz"
    whole = file.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], whole.replace(b"NUMPY", b"NUMBY")):
        file.write_bytes(damaged)
        assert read_features(folder, images=4) is None
    file.unlink()
    assert read_features(folder, images=4) is None
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("places.npy", b"0" * 1000)
    assert read_features(folder, images=4) is None
