"""Rows that a device keeps are those of the store, bit for bit, in the same batches."""

import numpy as np
import pytest

from vgg_transfer.images.moments import StageSeed, Start
from vgg_transfer.images.numbered import feed, holding
from vgg_transfer.images.numbered.holding import held
from vgg_transfer.images.stored_rows import StoredRows
from vgg_transfer.recipe import Augmentation

pytest.importorskip("jax", reason='needs JAX: pip install ".[jax]"')
IMAGES, VIEWS = 7, 3


@pytest.fixture(params=["float32", "uint16"])
def stored(request):
    """Rows of any bits, three views of each image, and a list of how many were read at a time."""
    drawn = np.random.default_rng(0).normal(size=(IMAGES * VIEWS, 2, 2, 5)).astype(np.float32)
    kept = drawn if request.param == "float32" else (drawn.view(np.uint32) >> 16).astype(np.uint16)
    asked = []

    def read(numbers):
        asked.append(len(numbers))
        return kept[numbers]

    def which(images, before, epoch):
        return images * VIEWS + (epoch + before) % VIEWS

    labels = [0, 1, 0, 1, 0, 1, 1]
    return StoredRows(len(kept), which, read, (2, 2, 5), request.param, labels), asked


def bits(batches):
    return [(np.asarray(x).dtype, np.asarray(x).tobytes(), y.tobytes()) for x, y in batches]


def test_batches_are_the_same_bit_for_bit(stored, monkeypatch):
    rows, read = stored
    monkeypatch.setattr(holding, "_AT_ONCE", 500)  # bytes: it is copied in parts
    sizes = []
    kept = held(rows, lambda size: sizes.append(size) or True)
    assert sizes == [IMAGES * VIEWS * 20 * np.dtype(rows.dtype).itemsize]
    assert sum(read) == IMAGES * VIEWS
    assert len(read) > 1
    read.clear()
    asked = (2, lambda labels: labels, Augmentation(), StageSeed(3, 1), 4, "balanced", Start(1, 1))
    found = bits(feed.stored_training_batches(kept, *asked))
    judged = bits(feed.stored_validation_batches(kept, 3, lambda labels: labels))
    assert read == []
    assert found == bits(feed.stored_training_batches(rows, *asked))
    assert judged == bits(feed.stored_validation_batches(rows, 3, lambda labels: labels))


def test_what_does_not_fit_is_read_from_the_store(stored):
    rows, _ = stored
    assert held(rows, lambda _: False) is rows


def test_a_processor_keeps_nothing(stored):
    rows, _ = stored
    assert held(rows) is rows
