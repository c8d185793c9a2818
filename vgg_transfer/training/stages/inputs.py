"""What a stage trains on: a model, and the batches that it reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgg_transfer.activations import Store
from vgg_transfer.activations.fill import Rendering, as_computed
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.images.tfdata.batches import (
    BatchForm,
    Encode,
    StageSeed,
    epochs_of,
    targeted,
    training_batches,
    untuned,
    validation_batches,
)
from vgg_transfer.images.tfdata.failures import keeps_errors
from vgg_transfer.images.tfdata.order import Sampling, most_draws
from vgg_transfer.network import Network
from vgg_transfer.network.parts import activation_shape, tail
from vgg_transfer.recipe import Augmentation


@dataclass(frozen=True)
class Material:
    """A model that shares the network's layers, and batches for it.

    ``train`` has the batches of all epochs one after another, ``validation`` those of one pass.
    """

    model: keras.Model
    train: tf.data.Dataset
    validation: tf.data.Dataset


@dataclass(frozen=True)
class Wish:
    """What a stage asks for: which images, in what form, changed how, for how many epochs."""

    train: Sequence[ImageRecord]
    validation: Sequence[ImageRecord]
    shape: BatchForm
    encode: Encode
    augmentation: Augmentation
    moment: StageSeed
    epochs: int
    sampling: Sampling


def from_images(network: Network, wish: Wish) -> Material:
    """Let the whole network read images, newly augmented in every epoch."""
    return Material(
        network.model,
        training_batches(
            wish.train,
            wish.shape,
            wish.encode,
            wish.augmentation,
            wish.moment,
            wish.epochs,
            wish.sampling,
        ),
        validation_batches(wish.validation, wish.shape, wish.encode),
    )


def from_store(
    network: Network, wish: Wish, cut: str, stores: tuple[Store, Store], views: int
) -> Material:
    """Let the network from the cut upward read stored activations.

    ``stores`` hold the training views and the plain validation images. With ``views`` renderings
    of an image, every epoch takes the next one, each image beginning at one of its own; an image
    that comes several times in an epoch takes the next one each time.
    """
    view_numbers = range(1, views + 1) if views else (0,)
    table = np.stack(
        [stores[0].places([Rendering(r, v).name for r in wish.train]) for v in view_numbers], axis=1
    )
    generator = np.random.default_rng([wish.moment.seed, wish.moment.stage])
    begin = generator.integers(table.shape[1], size=len(wish.train))
    every_label = [record.label for record in wish.train]
    labels, most = tf.constant(every_label, tf.int32), most_draws(every_label, wish.sampling)

    def rows_of(
        numbers: NDArray[np.int64], before: NDArray[np.int64], epoch: NDArray[np.int64]
    ) -> NDArray[Any]:
        view = (begin[numbers] + int(epoch) * most[numbers] + before) % table.shape[1]
        return stores[0].read(table[numbers, view])

    def batches_of(drawn: tf.data.Dataset, epoch: Any) -> tf.data.Dataset:
        return drawn.batch(wish.shape.batch_size).map(
            lambda some, before: (
                _read(network, cut, rows_of, stores[0], [some, before, epoch]),
                tf.gather(labels, some),
            ),
            num_parallel_calls=2,
            deterministic=True,
        )

    batches = epochs_of(every_label, wish.sampling, wish.moment, wish.epochs, batches_of)
    return Material(
        tail(network, cut),
        targeted(batches, wish.encode, wish.augmentation, wish.moment),
        _plain(network, wish, cut, stores[1]),
    )


def _plain(network: Network, wish: Wish, cut: str, store: Store) -> tf.data.Dataset:
    """Return (activations, target) batches of the plain images, in their own order."""
    places = store.places([Rendering(record, 0).name for record in wish.validation])
    labels = np.array([record.label for record in wish.validation], np.int32)

    def rows_of(some: NDArray[np.int64]) -> NDArray[Any]:
        return store.read(some)

    return (
        untuned(tf.data.Dataset.from_tensor_slices((places, labels)))
        .batch(wish.shape.batch_size)
        .map(
            lambda some, label: (_read(network, cut, rows_of, store, [some]), wish.encode(label)),
            num_parallel_calls=2,
            deterministic=True,
        )
        .prefetch(2)
    )


def _read(network: Network, cut: str, rows_of: Any, store: Store, asked: Sequence[Any]) -> Any:
    """Read rows inside tf.data and give them the shape and dtype that the tail expects."""
    stored = tf.numpy_function(keeps_errors(rows_of), asked, store.row.dtype)
    stored = tf.ensure_shape(stored, (None, *activation_shape(network, cut)))
    return as_computed(stored, network)
