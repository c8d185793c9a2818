"""Rows of a store as tf.data reads them."""

import os

import numpy as np
import pytest

from vgg_transfer.activations.files import Row, StoreDamaged, open_store
from vgg_transfer.images.stored_rows import rows_of_plain_images
from vgg_transfer.images.tfdata.failures import own_errors
from vgg_transfer.images.tfdata.stored import stored_validation_batches


def test_a_store_that_is_cut_short_while_it_is_read_is_told_as_damaged(tmp_path):
    row = Row((2, 2, 3), "float32")
    names = [f"{number:064x}" for number in range(3)]
    with open_store(tmp_path, "0123456789abcdef" * 2, row, {}) as store:
        with store.filling(waiting=None):
            store.append(names, np.ones((3, *row.shape), np.float32))
        places = store.places(names)
        rows = rows_of_plain_images(
            lambda numbers: store.read(places[numbers]), row.shape, row.dtype, [0] * 3
        )
        batches = stored_validation_batches(rows, 1, lambda labels: labels)
        assert [batch.shape for batch, _ in batches] == [(1, *row.shape)] * 3
        os.truncate(store.folder / "rows.bin", 2 * row.bytes + 1)
        with pytest.raises(StoreDamaged) as caught, own_errors():
            list(batches)
    assert str(caught.value) == "row 2 is cut short"
