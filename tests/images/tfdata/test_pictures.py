"""Predicting shows the model the same pixels as training does, and decodes each file once."""

from collections import Counter

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.deploy import predict
from vgg_transfer.images import pictures
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.flow import Flow
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.images.pictures import Given, digest_of, given
from vgg_transfer.images.tfdata.batches import plain_batches, rendered_batches
from vgg_transfer.images.tfdata.pictures import rendered
from vgg_transfer.network.probabilities import of_all_classes
from vgg_transfer.recipe import Augmentation, from_toml

RECIPE = from_toml(
    """
    size = 20
    resize = "crop"
    batch_size = 4
    base = { weights = "none", blocks = 2, width = 0.05 }
    augmentation = { flip = "horizontal", brightness = 0.2, rotation = 0.1 }
    [[stage]]
    train = ["head", "block2"]
    """
)
FORM = BatchForm(RECIPE.size, RECIPE.resize, RECIPE.batch_size)


@pytest.fixture
def files(tmp_path):
    """Return seven images of noise, of all sizes; a JPEG that is decoded at half its size."""
    rng = np.random.default_rng(0)
    found = []
    for number in range(7):
        shape = (100, 160, 3) if number == 3 else (20 + number, 40 - 2 * number, 3)
        found.append(tmp_path / f"{number}.{'jpg' if number == 3 else 'png'}")
        Image.fromarray(rng.integers(0, 256, shape, np.uint8)).save(found[-1])
    return found


@pytest.fixture
def decoded(monkeypatch):
    """Count how often each file is decoded and hashed."""
    counts = Counter()

    def counting(name, does):
        def counted(path, *arguments):
            counts[name, path] += 1
            return does(path, *arguments)

        return counted

    for name in ("decode", "digest_of"):
        monkeypatch.setattr(pictures, name, counting(name, getattr(pictures, name)))
    return counts


def batches_of(files, averaging):
    found = rendered(Flow([Given(path) for path in files]), RECIPE, averaging)
    return [(numbers.numpy(), pixels.numpy()) for numbers, pixels in found]


def scanned(files):
    return [ImageRecord(path, 0, "test", digest_of(path), 1, 1) for path in files]


def assert_same(found, expected):
    assert len(found) == len(expected)
    for (_, ours), theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_plain_batches_are_those_of_a_training(files):
    found = batches_of(files, "none")
    assert_same(found, [batch.numpy() for batch in plain_batches(scanned(files), FORM)])
    assert [numbers.tolist() for numbers, _ in found] == [[0, 1, 2, 3], [4, 5, 6]]


def test_mirror_images_follow_their_batch(files):
    found = batches_of(files, "flip")
    plain = [batch.numpy() for batch in plain_batches(scanned(files), FORM)]
    assert_same(found, [np.concatenate([one, one[:, :, ::-1]]) for one in plain])
    assert found[1][0].tolist() == [4, 5, 6, 4, 5, 6]


def test_augmented_views_are_those_that_a_training_stores(files):
    records = [record for record in scanned(files) for _ in range(3)]
    stored = rendered_batches(records, [0, 1, 2] * 7, RECIPE.augmentation, FORM)
    found = batches_of(files, 2)
    assert_same(found, [batch.numpy() for batch in stored])
    assert found[1][0].tolist() == [1, 1, 2, 2]


@pytest.mark.parametrize(("averaging", "hashed"), [("none", 0), ("flip", 0), (5, 1)])
def test_files_are_decoded_once_and_hashed_once(
    tiny_run, tiny_folder, decoded, averaging, hashed, monkeypatch
):
    monkeypatch.setitem(
        vars(tiny_run),
        "recipe",
        tiny_run.recipe.changed(augmentation=Augmentation(flip="horizontal")),
    )
    predict(tiny_run, tiny_folder, averaging)
    files = sorted(tiny_folder.rglob("*.png"))
    assert decoded == {
        **{("decode", path): 1 for path in files},
        **({("digest_of", path): 1 for path in files} if hashed else {}),
    }


def test_probabilities_are_those_of_plain_batches(tiny_run, tiny_folder):
    import keras

    files = [one.path for one in given(tiny_folder)]
    recipe = tiny_run.recipe
    model = keras.saving.load_model(tiny_run.model_file, compile=False)
    batches = plain_batches(
        scanned(files), BatchForm(recipe.size, recipe.resize, recipe.batch_size)
    )
    expected = of_all_classes(model.predict(batches, verbose=0))
    for one, row in zip(predict(tiny_run, tiny_folder), expected, strict=True):
        assert [one.probabilities[name] for name in tiny_run.class_names] == row.tolist()


def test_what_cannot_be_read_is_left_out_with_its_reason(files):
    files[1].write_bytes(b"")
    flow = Flow([Given(path) for path in files])
    numbers = [numbers.numpy().tolist() for numbers, _ in rendered(flow, RECIPE, "none")]
    assert numbers == [[0, 2, 3, 4], [5, 6]]
    assert flow.let_go().path == files[0]
    assert [(one.path, str(reason)) for one, reason in flow.until(2)] == [(files[1], "empty file")]
