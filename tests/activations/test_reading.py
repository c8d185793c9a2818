"""Rows of a store as tf.data reads them."""

import os

import numpy as np
import pytest
import tensorflow as tf

from vgg_transfer.activations.files import Row, StoreDamaged, open_store
from vgg_transfer.activations.reading import tensor_of_rows
from vgg_transfer.images.tfdata.failures import own_errors
from vgg_transfer.network import build_network
from vgg_transfer.network.rows import activation_shape
from vgg_transfer.recipe import Base, Recipe, Stage


def test_a_store_that_is_cut_short_while_it_is_read_is_told_as_damaged(tmp_path):
    recipe = Recipe(
        size=32,
        base=Base(weights="none", blocks=1, width=0.1),
        stage=(Stage(train=("head",)),),
    )
    network = build_network(recipe, 2, None, 0, "float32")
    row = Row(activation_shape(network, "head"), "float32")
    names = [f"{number:064x}" for number in range(3)]
    with open_store(tmp_path, "0123456789abcdef" * 2, row, {}) as store:
        with store.filling(waiting=None):
            store.append(names, np.ones((3, *row.shape), np.float32))
        batches = tf.data.Dataset.range(3).map(
            lambda place: tensor_of_rows(
                network, "head", store, lambda place: store.read(np.array([place])), place
            )
        )
        assert [batch.shape for batch in batches] == [(1, *row.shape)] * 3
        os.truncate(store.folder / "rows.bin", 2 * row.bytes + 1)
        with pytest.raises(StoreDamaged) as caught, own_errors():
            list(batches)
    assert str(caught.value) == "row 2 is cut short"
