"""What a stage trains on: a model, and the batches that it reads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgg_transfer.activations.keys import Rendering
from vgg_transfer.activations.reading import rotating_views, tensor_of_rows
from vgg_transfer.images.tfdata.batches import (
    BEGINNING,
    StageSeed,
    Start,
    epochs_of,
    steps_per_epoch,
    targeted,
    training_batches,
    unconverted,
    untuned,
    validation_batches,
)
from vgg_transfer.images.tfdata.order import most_draws
from vgg_transfer.network.head_layers import encoder
from vgg_transfer.network.parts import tail
from vgg_transfer.training.context import Context
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.stages.stores import StageStores


@dataclass(frozen=True)
class StageInputs:
    """A model that shares the network's layers, and batches for it.

    ``train`` gives the batches of all epochs one after another, from a place in them;
    ``validation`` has those of one pass.
    """

    model: keras.Model
    train: Callable[[Start], tf.data.Dataset]
    validation: tf.data.Dataset


def stage_inputs(context: Context, plan: StagePlan, stores: StageStores | None) -> StageInputs:
    """Return what a stage trains on: stored activations or, without stores, images.

    Start images, the whole network trains on renderings that are new in every epoch. Start stores,
    every epoch takes the next view of an image, each image beginning at one of its own; an image
    that comes several times in an epoch takes the next one each time.
    """
    network, recipe = context.network, context.network.recipe
    encode, shape = encoder(recipe.head, network.classes), context.shape(plan.stage)
    if plan.choice.cut is not None and stores is not None:
        return StageInputs(
            tail(network, plan.choice.cut),
            partial(_stored_training, context, plan, plan.choice.cut, stores),
            _stored_validation(context, plan, plan.choice.cut, stores),
        )
    return StageInputs(
        network.model,
        lambda start: training_batches(
            context.train,
            shape,
            encode,
            plan.choice.augmentation,
            StageSeed(context.seed, plan.number),
            plan.stage.epochs,
            recipe.sampling,
            start,
        ),
        validation_batches(context.validation, shape, encode),
    )


def _stored_training(
    context: Context, plan: StagePlan, cut: str, stores: StageStores, start: Start = BEGINNING
) -> tf.data.Dataset:
    """Return (activations, target) batches of all epochs, from a place in them."""
    network, records, store = context.network, context.train, stores.train
    sampling, moment = network.recipe.sampling, StageSeed(context.seed, plan.number)
    every_label = [record.label for record in records]
    size = context.shape(plan.stage).batch_size
    labels, most = tf.constant(every_label, tf.int32), most_draws(every_label, sampling)
    views = rotating_views(store, records, plan.choice.views, [context.seed, plan.number])

    def rows(numbers: Any, before: Any, epoch: NDArray[np.int64]) -> NDArray[Any]:
        return views(numbers, int(epoch) * most[numbers] + before)

    def batches_of(drawn: tf.data.Dataset, epoch: Any) -> tf.data.Dataset:
        return drawn.batch(size).map(
            lambda numbers, before: (
                tensor_of_rows(network, cut, store, rows, numbers, before, epoch),
                tf.gather(labels, numbers),
            ),
            num_parallel_calls=2,
            deterministic=True,
        )

    epochs = range(start.epoch, plan.stage.epochs)
    batches = epochs_of(every_label, sampling, moment, epochs, start.step * size, batches_of)
    encode = encoder(network.recipe.head, network.classes)
    done = start.epoch * steps_per_epoch(len(records), size) + start.step
    return targeted(batches, encode, plan.choice.augmentation, moment, done)


def _stored_validation(
    context: Context, plan: StagePlan, cut: str, stores: StageStores
) -> tf.data.Dataset:
    """Return (activations, target) batches of the plain validation images, in their own order."""
    network, store = context.network, stores.validation
    encode = encoder(network.recipe.head, network.classes)
    places = store.places([Rendering(record, 0).name for record in context.validation])
    labels = np.array([record.label for record in context.validation], np.int32)

    def read(some: Any, label: Any) -> tuple[Any, Any]:
        return tensor_of_rows(network, cut, store, store.read, some), encode(label)

    return (
        untuned(tf.data.Dataset.from_tensor_slices((places, labels)))
        .batch(context.shape(plan.stage).batch_size)
        .map(unconverted(read), num_parallel_calls=2, deterministic=True)
        .prefetch(2)
    )
