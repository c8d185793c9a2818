"""Batches: what is in them, in which order, and what that order and the changes depend on."""

import hashlib
import shutil
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import ImageRecord
from vgg_transfer.images.batch_form import BatchForm, steps_per_epoch
from vgg_transfer.images.decode import decode
from vgg_transfer.images.moments import StageSeed, seed_words
from vgg_transfer.images.order import draw
from vgg_transfer.images.tfdata.batches import (
    plain_batches,
    rendered_batches,
    training_batches,
    validation_batches,
)
from vgg_transfer.images.tfdata.failures import own_errors
from vgg_transfer.recipe import Augmentation

FORM = BatchForm(size=16, resize="squash", batch_size=4)
PLAIN = Augmentation()
HERE = StageSeed(seed=3, stage=1)
LIVELY = Augmentation(flip="horizontal", rotation=20.0, zoom=0.2, brightness=0.2, erasing=0.5)
IMAGES = 10


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Ten pictures of noise; picture k has the label k, so that labels tell images apart."""
    folder = tmp_path_factory.mktemp("noise")
    drawn = np.random.default_rng(0)
    found = []
    for number in range(IMAGES):
        path = folder / f"{number}.png"
        height, width = drawn.integers(17, 40, 2)
        pixels = drawn.integers(0, 256, (height, width, 3), np.uint8)
        Image.fromarray(pixels).save(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found.append(ImageRecord(path, number, "train", digest, int(width), int(height)))
    return tuple(found)


def as_they_are(labels):
    return labels


def one_stage(records, augmentation=PLAIN, stage_seed=HERE, epochs=2, batch_size=4):
    """Return the pixels and labels of all batches of a stage."""
    form = BatchForm(16, "squash", batch_size)
    batches = training_batches(records, form, as_they_are, augmentation, stage_seed, epochs)
    return [(pixels.numpy(), labels.numpy()) for pixels, labels in batches]


def by_epoch(batches):
    """Return, for each epoch, the pixels of every image by its label."""
    pixels = np.concatenate([pixels for pixels, _ in batches])
    labels = np.concatenate([labels for _, labels in batches])
    epochs = len(labels) // len(set(labels))
    return [
        dict(zip(some, shown, strict=True))
        for some, shown in zip(np.split(labels, epochs), np.split(pixels, epochs), strict=True)
    ]


def test_every_image_comes_once_per_epoch_and_the_last_batch_is_smaller(records):
    batches = one_stage(records, epochs=3)
    assert [len(labels) for _, labels in batches] == [4, 4, 2] * 3
    labels = np.concatenate([labels for _, labels in batches]).reshape(3, IMAGES)
    assert all(sorted(epoch) == list(range(IMAGES)) for epoch in labels.tolist())
    assert len({tuple(epoch) for epoch in labels.tolist()}) == 3


@pytest.mark.parametrize(("images", "size", "steps"), [(10, 4, 3), (8, 4, 2), (1, 32, 1)])
def test_steps_count_a_partial_batch(images, size, steps):
    assert steps_per_epoch(images, size) == steps


def test_the_order_follows_from_seed_stage_and_epoch_alone(records):
    # Batches and numbers of epochs do not matter: epoch 1 is epoch 1.
    expected = [draw(range(IMAGES), "all", (HERE.seed, HERE.stage, epoch))[0] for epoch in (0, 1)]
    assert not np.array_equal(*expected)
    for batch_size, epochs in ((4, 2), (3, 5)):
        batches = one_stage(records, epochs=epochs, batch_size=batch_size)
        labels = np.concatenate([labels for _, labels in batches]).reshape(epochs, IMAGES)
        np.testing.assert_array_equal(labels[:2], expected)


def test_a_balanced_epoch_repeats_rare_images_each_time_changed_in_another_way(records):
    """Eight images of one class and two of another: five draws each."""
    uneven = tuple(replace(one, label=int(number >= 8)) for number, one in enumerate(records))
    batches = training_batches(uneven, FORM, as_they_are, LIVELY, HERE, 2, "balanced")
    found = [(pixels.numpy(), labels.numpy()) for pixels, labels in batches]
    assert [len(labels) for _, labels in found] == [4, 4, 2] * 2
    labels = np.concatenate([labels for _, labels in found]).reshape(2, IMAGES)
    assert labels.sum(axis=1).tolist() == [5, 5]
    shown = np.concatenate([pixels for pixels, _ in found])
    assert len(np.unique(shown.reshape(2 * IMAGES, -1), axis=0)) == 2 * IMAGES
    # What comes for the first time in an epoch is changed as ever.
    (usual,) = by_epoch(one_stage(records, LIVELY, epochs=1))
    numbers, before = draw(labels_of(uneven), "balanced", (HERE.seed, HERE.stage, 0))
    for pixels, number, times in zip(shown[:IMAGES], numbers, before, strict=True):
        assert np.array_equal(pixels, usual[number]) == (times == 0)


def labels_of(records):
    return [record.label for record in records]


def test_an_image_is_changed_in_the_same_way_whatever_stands_beside_it(records):
    first, second = by_epoch(one_stage(records, LIVELY))
    # Another order of the source, other neighbours, other batches, fewer epochs.
    (other,) = by_epoch(one_stage(records[::-1][:7], LIVELY, epochs=1, batch_size=3))
    assert len(other) == 7
    for label, pixels in other.items():
        np.testing.assert_array_equal(pixels, first[label])
    assert not any(np.array_equal(first[label], second[label]) for label in first)
    assert all(0 <= pixels.min() <= pixels.max() <= 255 for pixels in first.values())


@pytest.mark.parametrize("stage_seed", [StageSeed(4, 1), StageSeed(3, 2)])
def test_another_seed_or_stage_changes_images_in_another_way(records, stage_seed):
    (here,) = by_epoch(one_stage(records, LIVELY, epochs=1))
    (there,) = by_epoch(one_stage(records, LIVELY, stage_seed, epochs=1))
    assert not any(np.array_equal(here[label], there[label]) for label in here)


def test_the_two_numbers_of_an_image_are_those_of_its_bytes_and_its_stage():
    words = {
        tuple(seed_words(StageSeed(*place), 0, "a" * 64)) for place in [(0, 1), (1, 1), (0, 2)]
    }
    words |= {tuple(seed_words(StageSeed(0, 1), 1, "a" * 64))}
    words |= {tuple(seed_words(StageSeed(0, 1), 0, "b" * 64))}
    words |= {tuple(seed_words(StageSeed(0, 1), 0, "a" * 64, times)) for times in (0, 1, 2)}
    assert len(words) == 7
    assert all(len(two) == 2 for two in words)


@pytest.mark.parametrize("resize", ["squash", "crop", "pad"])
def test_plain_batches_are_the_decoded_files_resized(records, resize):
    found = np.concatenate(
        list(plain_batches(records, BatchForm(16, resize, 4)).as_numpy_iterator())
    )
    layer = keras.layers.Resizing(
        16,
        16,
        crop_to_aspect_ratio=resize == "crop",
        pad_to_aspect_ratio=resize == "pad",
        antialias=True,
    )
    expected = [layer(decode(r.path)[np.newaxis].astype(np.float32))[0] for r in records]
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.stack(expected), atol=1e-3)


def test_training_without_augmentation_shows_the_plain_images(records):
    plain = np.concatenate(list(plain_batches(records, FORM)))
    for epoch in by_epoch(one_stage(records)):
        np.testing.assert_array_equal(np.stack([epoch[label] for label in range(IMAGES)]), plain)


def test_validation_keeps_the_order_and_encodes_labels(records):
    batches = list(validation_batches(records, FORM, lambda labels: labels * 10))
    assert [len(targets) for _, targets in batches] == [4, 4, 2]
    targets = np.concatenate([targets for _, targets in batches])
    np.testing.assert_array_equal(targets, np.arange(IMAGES) * 10)
    plain = np.concatenate(list(plain_batches(records, FORM)))
    np.testing.assert_array_equal(np.concatenate([pixels for pixels, _ in batches]), plain)


def test_view_0_is_plain_and_other_views_follow_from_their_number_and_image(records):
    views = [0, 1, 2] * 3 + [1]
    found = np.concatenate(list(rendered_batches(records, views, LIVELY, FORM)))
    plain = np.concatenate(list(plain_batches(records, FORM)))
    for number, view in enumerate(views):
        assert np.array_equal(found[number], plain[number]) == (view == 0)
    alone = np.concatenate(list(rendered_batches(records[4:5] * 2, [1, 2], LIVELY, FORM)))
    np.testing.assert_array_equal(alone[0], found[4])
    assert not np.array_equal(alone[0], alone[1])


def test_mixing_differs_between_batches_and_is_decided_by_the_seed(records):
    def targets(seed):
        mixing = Augmentation(mixup=0.5)
        batches = training_batches(
            records, FORM, lambda labels: tf.one_hot(labels, IMAGES), mixing, StageSeed(seed, 1), 2
        )
        return np.concatenate([targets.numpy() for _, targets in batches])

    found = targets(0)
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_array_equal(found, targets(0))
    assert not np.array_equal(found, targets(1))
    # Not one share for the whole training: the largest share of each image varies.
    assert len(np.unique(found.max(axis=1).round(3))) > 4


def test_an_image_that_went_away_is_named(records, tmp_path):
    gone = replace(records[1], path=tmp_path / "gone.png")
    with pytest.raises(ImageSetError) as caught, own_errors():
        list(plain_batches([records[0], gone], FORM))
    assert str(caught.value) == (
        f'the image "{gone.path}" is not what it was when the folder was scanned: no such file. '
        "Put it back and train again"
    )


@pytest.mark.parametrize("kind", ["plain", "validation", "rendered", "training"])
def test_an_image_that_was_replaced_is_named_wherever_it_is_read(kind, records, tmp_path):
    path = tmp_path / "photo.png"
    shutil.copy(records[2].path, path)
    replaced = replace(records[1], path=path)
    some = [records[0], replaced]
    batches = {
        "plain": lambda: plain_batches(some, FORM),
        "validation": lambda: validation_batches(some, FORM, as_they_are),
        "rendered": lambda: rendered_batches(some, [0, 1], LIVELY, FORM),
        "training": lambda: training_batches(some, FORM, as_they_are, PLAIN, HERE, 1),
    }[kind]
    with pytest.raises(ImageSetError) as caught, own_errors():
        list(batches())
    assert str(caught.value) == (
        f'the image "{path}" is not what it was when the folder was scanned: another file lies '
        f"there now (SHA-256 {records[2].digest[:8]}…, not {replaced.digest[:8]}…). Put it back "
        "and train again"
    )


def test_nothing_is_autotuned(records):
    """An iterator that is autotuned waits at its end for a thread that may sleep for a minute."""
    rendered = rendered_batches(records, [1] * IMAGES, LIVELY, FORM)
    plain = plain_batches(records, FORM)
    training = training_batches(records, FORM, tf.identity, PLAIN, HERE, 2)
    for batches in (rendered, plain, training, validation_batches(records, FORM, as_they_are)):
        assert batches.options().autotune.enabled is False


def test_an_error_of_tensorflow_stays_what_it_is():
    with pytest.raises(tf.errors.InvalidArgumentError), own_errors():
        tf.debugging.assert_equal(tf.constant(1), tf.constant(2))
