"""Batches by number show what those of tf.data show: the same images, in the same order."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.moments import StageSeed, Start
from vgg_transfer.images.numbered import feed as numbered
from vgg_transfer.images.stored_rows import StoredRows, rows_of_plain_images
from vgg_transfer.images.tfdata import feed as tfdata
from vgg_transfer.recipe import Augmentation

MOMENT = StageSeed(seed=3, stage=1)


def unchanged(labels):
    return labels


def same(found, expected):
    """Hold batches against those of tf.data; a pixel may differ by 0.01 of 255."""
    pairs = [(one if isinstance(one, tuple) else (one,)) for one in found]
    others = [(one if isinstance(one, tuple) else (one,)) for one in expected]
    assert len(pairs) == len(others)
    for one, other in zip(pairs, others, strict=True):
        for part, known in zip(one, other, strict=True):
            assert np.asarray(part).shape == known.shape
            assert np.asarray(part) == pytest.approx(np.asarray(known), abs=0.01)


@pytest.fixture(scope="module")
def records(images):
    return images.records[:11]


@pytest.mark.parametrize("resize", ["squash", "crop", "pad"])
def test_plain_images_and_their_mirror_images(records, resize):
    form = BatchForm(16, resize, 4)
    same(numbered.plain_batches(records, form), tfdata.plain_batches(records, form))
    mirrored = numbered.plain_batches(records, form, is_mirrored=True)
    same(mirrored, tfdata.plain_batches(records, form, is_mirrored=True))


def test_validation(records):
    form = BatchForm(16, "squash", 4)
    found = numbered.validation_batches(records, form, unchanged)
    for _ in range(2):  # each pass begins with the first
        same(found, tfdata.validation_batches(records, form, unchanged))


@pytest.mark.parametrize("sampling", ["all", "balanced"])
@pytest.mark.parametrize("start", [Start(), Start(1, 2)])
def test_all_epochs_from_any_place_in_them(images, sampling, start):
    records = images.records[2:14]  # ten of one class, two of the other
    asked = (BatchForm(16, "squash", 5), unchanged, Augmentation(), MOMENT, 3, sampling, start)
    found = numbered.training_batches(records, *asked)
    assert len(found) == 9 - 3 * start.epoch - start.step
    same(found, tfdata.training_batches(records, *asked))


@pytest.mark.parametrize("start", [Start(), Start(1, 1)])
def test_stored_rows(start):
    rows = StoredRows(
        100,
        lambda images, before, epoch: 20 * images + 5 * epoch + before,
        lambda numbers: np.stack([numbers // 20, numbers // 5 % 4, numbers % 5], 1).astype("f4"),
        (3,),
        "float32",
        [0, 0, 0, 0, 1],
    )
    asked = (rows, 2, unchanged, Augmentation(), MOMENT, 2, "balanced", start)
    same(numbered.stored_training_batches(*asked), tfdata.stored_training_batches(*asked))
    same(
        numbered.stored_validation_batches(rows, 2, unchanged),
        tfdata.stored_validation_batches(rows, 2, unchanged),
    )


def test_rows_in_bfloat16():
    kept = np.array([[0x3F80], [0xC000]], np.uint16)  # 1 and -2
    rows = rows_of_plain_images(lambda numbers: kept[numbers], (1,), "uint16", [0, 1])
    ((found, _),) = numbered.stored_validation_batches(rows, 2, unchanged)
    assert found.dtype.name == "bfloat16"
    assert found.astype(np.float32).tolist() == [[1.0], [-2.0]]


def test_the_first_ones_and_again_and_again(records):
    batches = numbered.plain_batches(records, BatchForm(16, "squash", 4))
    whole = list(batches)
    assert len(whole) == 3
    assert [len(one) for one in batches.take(2)] == [4, 4]
    five = list(batches.repeat().take(5))
    assert all(map(np.array_equal, five, whole + whole[:2]))


def test_waiting_is_told(records):
    waited = []
    batches = numbered.plain_batches(records, BatchForm(16, "squash", 4))
    assert len(list(numbered.timed(batches, waited.append))) == 3
    assert len(waited) == 3
    assert min(waited) > 0


def test_an_image_that_is_gone_is_told_by_an_error_of_ours(records):
    gone = replace(records[1], path=Path("gone.png"))
    with pytest.raises(ImageSetError, match=r'"gone.png" is not what it was'):
        list(numbered.plain_batches([records[0], gone], BatchForm(16, "squash", 2)))
