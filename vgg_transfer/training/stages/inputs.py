"""What a stage trains on: a model, and the batches that it reads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import keras

from vgg_transfer.activations.files import Store
from vgg_transfer.activations.reading import places_of_views, rotating_views
from vgg_transfer.images.feed import Batches, feed
from vgg_transfer.images.moments import BEGINNING, StageSeed, Start
from vgg_transfer.images.order import most_draws
from vgg_transfer.images.stored_rows import StoredRows, rows_of_plain_images
from vgg_transfer.network.head_layers import encoder
from vgg_transfer.network.parts import tail
from vgg_transfer.network.rows import activation_shape
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
    train: Callable[[Start], Batches]
    validation: Batches


def stage_inputs(context: Context, plan: StagePlan, stores: StageStores | None) -> StageInputs:
    """Return what a stage trains on: stored activations or, without stores, images.

    Start images, the whole network trains on renderings that are new in every epoch. Start stores,
    every epoch takes the next view of an image, each image beginning at one of its own; an image
    that comes several times in an epoch takes the next one each time.
    """
    network, recipe = context.network, context.network.recipe
    encode, shape = encoder(recipe.head, network.classes), context.shape(plan.stage)
    if plan.choice.cut is not None and stores is not None:
        rows = _held(context, _training_rows(context, plan, plan.choice.cut, stores.train))
        return StageInputs(
            tail(network, plan.choice.cut),
            partial(_stored_training, context, plan, rows),
            _stored_validation(context, plan, plan.choice.cut, stores.validation),
        )
    return StageInputs(
        network.model,
        lambda start: feed().training_batches(
            context.train,
            shape,
            encode,
            plan.choice.augmentation,
            StageSeed(context.seed, plan.number),
            plan.stage.epochs,
            recipe.sampling,
            start,
        ),
        feed().validation_batches(context.validation, shape, encode),
    )


def _stored_training(
    context: Context, plan: StagePlan, rows: StoredRows, start: Start = BEGINNING
) -> Batches:
    """Return (activations, target) batches of all epochs, from a place in them."""
    network = context.network
    return feed().stored_training_batches(
        rows,
        context.shape(plan.stage).batch_size,
        encoder(network.recipe.head, network.classes),
        plan.choice.augmentation,
        StageSeed(context.seed, plan.number),
        plan.stage.epochs,
        network.recipe.sampling,
        start,
    )


def _training_rows(context: Context, plan: StagePlan, cut: str, store: Store) -> StoredRows:
    """Return the rows of all views of the training images."""
    network, records, views = context.network, context.train, plan.choice.views
    labels = [record.label for record in records]
    most = most_draws(labels, network.recipe.sampling)
    places = places_of_views(store, records, views)
    rotate = rotating_views(len(records), views, [context.seed, plan.number])
    return StoredRows(
        len(places),
        lambda images, before, epoch: rotate(images, epoch * most[images] + before),
        lambda numbers: store.read(places[numbers]),
        activation_shape(network, cut),
        store.row.dtype,
        labels,
    )


def _stored_validation(context: Context, plan: StagePlan, cut: str, store: Store) -> Batches:
    """Return (activations, target) batches of the plain validation images, in their own order."""
    network, records = context.network, context.validation
    places = places_of_views(store, records, 0)
    rows = rows_of_plain_images(
        lambda numbers: store.read(places[numbers]),
        activation_shape(network, cut),
        store.row.dtype,
        [record.label for record in records],
    )
    encode = encoder(network.recipe.head, network.classes)
    batch_size = context.shape(plan.stage).batch_size
    return feed().stored_validation_batches(_held(context, rows), batch_size, encode)


def _held(context: Context, rows: StoredRows) -> StoredRows:
    """Let the device keep rows, if it is the only one."""
    return feed().held(rows) if context.spread.devices == 1 else rows
