"""What stays the same over all stages of a training, and what each stage trains on."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from vgg_transfer.activations import Store
from vgg_transfer.activations.fill import NoRoom, Rendering, Request, as_computed, fill
from vgg_transfer.events import Listener, Said, Stepped
from vgg_transfer.images.image_set import ImageRecord, ImageSet
from vgg_transfer.images.tfdata.batches import BatchForm, StageSeed, plain_batches
from vgg_transfer.network import Network, at_size
from vgg_transfer.network.head import encoder
from vgg_transfer.network.parts import pooled
from vgg_transfer.recipe import Augmentation, Stage
from vgg_transfer.run import Advice, Filled
from vgg_transfer.training.devices import Device
from vgg_transfer.training.planning.views import Seen
from vgg_transfer.training.stages.exact_head import Labelled
from vgg_transfer.training.stages.inputs import Material, Wish, from_images, from_store


@dataclass(frozen=True)
class Session:
    """One training: its network, images and surroundings. ``cache`` None stores nothing.

    ``filled`` grows: a line for each time that something was asked of a store; and so does
    ``advice``: a line for each stage that a probe decided on.
    """

    network: Network
    image_set: ImageSet
    device: Device
    seed: int
    listen: Listener
    tensorboard: Path | None
    cache: Path | None
    filled: list[Filled] = field(default_factory=list)
    advice: list[Advice] = field(default_factory=list)

    @property
    def train(self) -> tuple[ImageRecord, ...]:
        """The images to train on."""
        return self.image_set.split("train")

    @property
    def validation(self) -> tuple[ImageRecord, ...]:
        """The images to choose by."""
        return self.image_set.split("val")

    @property
    def class_weights(self) -> dict[int, float] | None:
        """The weights of the classes in the loss, where the recipe wants them."""
        wanted = self.network.recipe.class_weights
        return None if wanted == "none" else self.image_set.class_weights(wanted)

    def at(self, stage: Stage) -> "Session":
        """Return the session as a stage sees it: its network reads images of the stage's size."""
        return replace(self, network=at_size(self.network, self.network.recipe.size_of(stage)))

    def shape(self, stage: Stage) -> BatchForm:
        """Return the form in which a stage reads its images."""
        recipe = self.network.recipe
        return BatchForm(recipe.size, recipe.resize, stage.batch_size or recipe.batch_size)


@dataclass(frozen=True)
class Plan:
    """A stage with its number, how it sees its images, and the cuts that later stages will need.

    ``cuts`` go from the lowest to the stage's own; all are filled in one pass.
    """

    number: int
    stage: Stage
    seen: Seen
    cuts: tuple[str, ...]


def material(session: Session, plan: Plan, open_stores: ExitStack) -> Material:
    """Return what the stage trains on: stored activations where that is possible, else images.

    Stores stay open until ``open_stores`` is closed.
    """
    network, stage, seen = session.network, plan.stage, plan.seen
    wish = Wish(
        session.train,
        session.validation,
        session.shape(stage),
        encoder(network.recipe.head, network.classes),
        seen.augmentation,
        StageSeed(session.seed, plan.number),
        stage.epochs,
        network.recipe.sampling,
    )
    stores = _stores(session, plan, open_stores) if seen.cut else None
    if seen.cut is None or stores is None:
        return from_images(network, wish)
    return from_store(network, wish, seen.cut, stores, seen.views)


def head_inputs(session: Session, plan: Plan) -> tuple[Labelled, Labelled]:
    """Return what the output layer receives, with labels, for training and validation images."""

    def model(start: str | None) -> keras.Model:
        return pooled(session.network, start)

    return outputs(session, plan, model, model)


def outputs(
    session: Session,
    plan: Plan,
    of_train: Callable[[str | None], keras.Model],
    of_validation: Callable[[str | None], keras.Model],
) -> tuple[Labelled, Labelled]:
    """Return what models give for training images (the first view) and validation images.

    The models are made for the cut at which activations are stored, or for pixels (None).
    """
    with ExitStack() as open_stores:
        stores = _stores(session, plan, open_stores) if plan.seen.cut else None
        train, plain = stores or (None, None)
        start, view = (plan.seen.cut, min(plan.seen.views, 1)) if stores else (None, 0)
        seen = [Rendering(record, view) for record in session.train]
        unchanged = [Rendering(record, 0) for record in session.validation]
        return (
            _outputs(session, plan, of_train(start), seen, train),
            _outputs(session, plan, of_validation(start), unchanged, plain),
        )


def validation_outputs(
    session: Session, plan: Plan, of_activations: Callable[[str], keras.Model]
) -> Labelled | None:
    """Return what a model gives for the validation images, read where the stage stores them.

    None where it stores nothing.
    """
    if plan.seen.cut is None:
        return None
    with ExitStack() as open_stores:
        stores = _stores(replace(session, filled=[]), plan, open_stores)
        if stores is None:
            return None
        unchanged = [Rendering(record, 0) for record in session.validation]
        return _outputs(session, plan, of_activations(plan.seen.cut), unchanged, stores[1])


def _outputs(
    session: Session,
    plan: Plan,
    model: keras.Model,
    renderings: Sequence[Rendering],
    store: Store | None,
) -> Labelled:
    """Read the rows of a store; where there is none, the plain images."""
    size = session.shape(plan.stage).batch_size
    batches: Any
    if store is None:
        paths = [rendering.record.path for rendering in renderings]
        batches = plain_batches(paths, session.shape(plan.stage))
    else:
        places = store.places([rendering.name for rendering in renderings])
        batches = (
            as_computed(store.read(places[first : first + size]), session.network)
            for first in range(0, len(places), size)
        )
    found = []
    for batch in batches:
        found.append(model.predict_on_batch(batch))
        session.listen(Stepped())
    return np.concatenate(found), np.array([one.record.label for one in renderings])


def _stores(session: Session, plan: Plan, open_stores: ExitStack) -> tuple[Store, Store] | None:
    """Return the filled stores of the training views and of the plain images, or None."""
    cache, seen, shape = session.cache, plan.seen, session.shape(plan.stage)
    if cache is None:
        return None
    plain = [Rendering(record, 0) for record in session.validation]
    views = [
        Rendering(record, view) for record in session.train for view in range(1, seen.views + 1)
    ]
    if not seen.views:
        plain += [Rendering(record, 0) for record in session.train]
    try:
        store = _filled(
            session, cache, Request(plain, plan.cuts, Augmentation(), shape), open_stores
        )
        if not seen.views:
            return store, store
        augmented = _filled(
            session, cache, Request(views, plan.cuts, seen.augmentation, shape), open_stores
        )
    except NoRoom as trouble:
        session.listen(Said(f"trains without stored activations: {trouble}"))
        return None
    return augmented, store


def _filled(session: Session, cache: Path, request: Request, open_stores: ExitStack) -> Store:
    """Return the filled store, open until ``open_stores`` is closed, and note what it took."""
    store, filled = fill(session.network, request, cache, session.listen)
    open_stores.callback(store.close)
    session.filled.append(filled)
    return store
