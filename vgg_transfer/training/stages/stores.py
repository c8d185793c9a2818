"""The stored activations of a stage: filled, open, and read by models."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.activations.files import Store
from vgg_transfer.activations.fill import FillRequest, fill
from vgg_transfer.activations.keys import Rendering
from vgg_transfer.activations.reading import stored_batches
from vgg_transfer.activations.room import NoRoom
from vgg_transfer.errors import TrainingError
from vgg_transfer.events import Said, Stepped
from vgg_transfer.images.feed import feed
from vgg_transfer.recipe import Augmentation
from vgg_transfer.run import Filled
from vgg_transfer.training.context import Context
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.planning.stored import counts_of_stored

# One row for each image, and the images' labels.
Labelled = tuple[NDArray[np.float32], NDArray[np.integer[Any]]]


@dataclass(frozen=True)
class StageStores:
    """Open stores at a stage's cut: of its training images, and of the plain validation images."""

    train: Store
    validation: Store


def fill_stores(
    context: Context, plan: StagePlan, open_stores: ExitStack
) -> tuple[StageStores | None, tuple[Filled, ...]]:
    """Return the filled stores of a stage, and what filling took.

    They are None where the stage stores nothing or there is no room, and stay open until
    ``open_stores`` is closed. Of several processes the first one fills, and all read.

    Raises:
        TrainingError: there is room for some processes only.
    """
    hosts = context.spread.hosts
    with hosts.first_goes_first():
        found, filled = _fill_stores(context, plan, open_stores)
    if len(set(hosts.all_say(found is None))) > 1:
        raise TrainingError(
            f"stage {plan.number} ({plan.stage.title}): some processes have its stored activations "
            "and some do not: see that every host has room for them, or leave them out with "
            "--no-cache"
        )
    return found, filled


def _fill_stores(
    context: Context, plan: StagePlan, open_stores: ExitStack
) -> tuple[StageStores | None, tuple[Filled, ...]]:
    views, shape = plan.choice.views, context.shape(plan.stage)
    if context.cache is None or plan.choice.cut is None:
        return None, ()
    plain = context.validation if views else (*context.validation, *context.train)
    wanted = [([Rendering(one, 0) for one in plain], Augmentation())]
    if views:
        augmented = [Rendering(one, v) for one in context.train for v in range(1, views + 1)]
        wanted.append((augmented, plan.choice.augmentation))
    stores: list[Store] = []
    filled: list[Filled] = []
    try:
        for renderings, augmentation in wanted:
            request = FillRequest(renderings, plan.cuts, augmentation, shape, context.int8)
            store, cost = fill(
                context.network, request, context.cache, context.listen, context.from_images
            )
            open_stores.callback(store.close)
            stores.append(store)
            filled.append(cost)
    except NoRoom as trouble:
        context.listen(Said(f"trains without stored activations: {trouble}"))
        return None, tuple(filled)
    return StageStores(train=stores[-1], validation=stores[0]), tuple(filled)


def model_outputs(
    context: Context,
    plan: StagePlan,
    of_train: Callable[[str | None], keras.Model],
    of_validation: Callable[[str | None], keras.Model],
) -> tuple[Labelled, Labelled, tuple[Filled, ...]]:
    """Return what models give for training images (the first view) and for validation images.

    The third value is what filling the stores took.

    Args:
        context: the training.
        plan: the stage whose stores are read.
        of_train: makes the model for a cut, or for pixels (None) where nothing is stored.
        of_validation: likewise.
    """
    with ExitStack() as open_stores:
        stores, filled = fill_stores(context, plan, open_stores)
        start, view = (plan.choice.cut, min(plan.choice.views, 1)) if stores else (None, 0)
        seen = [Rendering(record, view) for record in context.train]
        plain = [Rendering(record, 0) for record in context.validation]
        train = _outputs(context, plan, of_train(start), seen, stores.train if stores else None)
        validation = _outputs(
            context, plan, of_validation(start), plain, stores.validation if stores else None
        )
    return train, validation, filled


def validation_outputs(
    context: Context, plan: StagePlan, of_activations: Callable[[str], keras.Model]
) -> Labelled | None:
    """Return what a model gives for the validation images, or None unless all are stored."""
    cut, size = plan.choice.cut, context.network.recipe.size_of(plan.stage)
    if context.cache is None or cut is None:
        return None
    plain = [Rendering(record, 0) for record in context.validation]
    if counts_of_stored(context)(cut, Augmentation(), size, "val", 0) < len(plain):
        return None
    request = FillRequest(plain, plan.cuts, Augmentation(), context.shape(plan.stage), context.int8)
    try:
        store, _ = fill(context.network, request, context.cache, context.listen)
    except NoRoom:  # it was there a moment ago
        return None
    with closing(store):
        return _outputs(context, plan, of_activations(cut), plain, store)


def _outputs(
    context: Context,
    plan: StagePlan,
    model: keras.Model,
    renderings: Sequence[Rendering],
    store: Store | None,
) -> Labelled:
    """Return what a model gives for the rows of a store or, without one, for the plain images."""
    shape = context.shape(plan.stage)
    batches: Any
    if store is None:
        batches = feed().plain_batches([one.record for one in renderings], shape)
    else:
        batches = stored_batches(store, renderings, shape.batch_size)
    rows = []
    for batch in batches:
        rows.append(model.predict_on_batch(batch))
        context.listen(Stepped())
    return np.concatenate(rows), np.array([one.record.label for one in renderings])
