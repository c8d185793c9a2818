"""What a stage on stored activations draws: which images, as which views, in which epoch.

The store of these tests holds no activations: row r is full of the number r, so that what is read
tells where it was read.
"""

from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from vgg_transfer.activations.keys import Rendering
from vgg_transfer.events import nobody
from vgg_transfer.images.image_set import ImageRecord, ImageSet
from vgg_transfer.images.moments import BEGINNING, StageSeed
from vgg_transfer.images.order import draw
from vgg_transfer.network import build_network
from vgg_transfer.network.rows import activation_shape
from vgg_transfer.recipe import Augmentation, Base, Recipe, Stage
from vgg_transfer.training.context import Context
from vgg_transfer.training.devices import Device
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.planning.views import ViewChoice
from vgg_transfer.training.stages.inputs import stage_inputs
from vgg_transfer.training.stages.stores import StageStores

MOMENT = StageSeed(seed=3, stage=1)
RECORDS = tuple(
    ImageRecord(Path(f"{number}.png"), int(number >= 9), "train", f"{number:064}", 24, 24)
    for number in range(12)
)
LABELS = [record.label for record in RECORDS]  # nine images of one class, three of another


@pytest.fixture(scope="module")
def network():
    recipe = Recipe(
        size=16,
        preprocess="rescale",
        base=Base(weights="none", blocks=1, width=0.05),
        stage=(Stage(train=("head",)),),
    )
    return build_network(recipe, 2, None, seed=0)


def drawn(network, sampling, views, epochs):
    """Return the (image, view) pairs of every epoch, in order, as the stage would read them."""
    renderings = [(number, view) for number in range(12) for view in range(views + 1)]
    rows = {Rendering(RECORDS[n], view).name: row for row, (n, view) in enumerate(renderings)}
    shape = activation_shape(network, "head")

    def read(places):
        return np.broadcast_to(
            np.asarray(places, np.float32)[:, None, None, None], (len(places), *shape)
        ).copy()

    store = SimpleNamespace(
        places=lambda names: np.array([rows[name] for name in names]),
        read=read,
        row=SimpleNamespace(dtype=np.float32),
    )
    recipe = network.recipe.changed(sampling=sampling, batch_size=5)
    images = ImageSet(
        "made up", ("a", "b"), (*RECORDS, *(replace(r, split="val") for r in RECORDS[:2]))
    )
    device = Device("a processor", "fp32", "the test asks for it", jit_compile=False)
    context = Context(
        replace(network, recipe=recipe), images, device, MOMENT.seed, nobody, None, None
    )
    stage = recipe.stage[0].changed(epochs=epochs)
    plan = StagePlan(MOMENT.stage, stage, ViewChoice("head", views, Augmentation()), ("head",))
    inputs = stage_inputs(context, plan, StageStores(store, store))
    for batches in (inputs.train(BEGINNING), inputs.validation):
        assert batches.options().autotune.enabled is False  # see ``untuned``
    found = []
    for batch, labels in inputs.train(BEGINNING):
        pairs = [renderings[int(row)] for row in batch.numpy()[:, 0, 0, 0]]
        assert labels.numpy()[:, 0].tolist() == [LABELS[number] for number, _ in pairs]
        found += pairs
    assert len(found) == 12 * epochs
    return [found[12 * epoch : 12 * (epoch + 1)] for epoch in range(epochs)]


@pytest.mark.parametrize("sampling", ["all", "balanced"])
def test_a_store_is_read_in_the_order_in_which_images_would_be(network, sampling):
    for epoch, pairs in enumerate(drawn(network, sampling, 0, epochs=3)):
        expected = draw(LABELS, sampling, (MOMENT.seed, MOMENT.stage, epoch))[0]
        assert [number for number, _ in pairs] == expected.tolist()
        assert {view for _, view in pairs} == {0}


def test_every_epoch_takes_the_next_view(network):
    epochs = [dict(pairs) for pairs in drawn(network, "all", 3, epochs=4)]
    for number in range(12):
        first, second, third, again = (epoch[number] for epoch in epochs)
        assert {first, second, third} == {1, 2, 3}
        assert again == first
    assert len({epochs[0][number] for number in range(12)}) > 1  # each begins at one of its own


@pytest.mark.parametrize("views", [2, 3, 4])
def test_an_image_that_comes_twice_in_an_epoch_comes_as_two_views(network, views):
    epochs = drawn(network, "balanced", views, epochs=2 * views)
    seen = defaultdict(Counter)
    for pairs in epochs:
        assert Counter(LABELS[number] for number, _ in pairs) == {0: 6, 1: 6}
        assert len(set(pairs)) == 12
        for number, view in pairs:
            seen[number][view] += 1
    # Twice in each epoch: over all epochs every view of a rare image comes equally often.
    for number in (9, 10, 11):
        assert seen[number] == dict.fromkeys(range(1, views + 1), 4)
