"""Which views of its images a stage trains on: the choice, its report, and what is then read."""

from contextlib import ExitStack

import numpy as np
import pytest
from support.heard import Heard

from vgg_transfer.activations import listing
from vgg_transfer.activations.keys import Rendering
from vgg_transfer.images.moments import BEGINNING
from vgg_transfer.network import build_network
from vgg_transfer.recipe import Augmentation, Base, Recipe, Stage
from vgg_transfer.training.context import Context
from vgg_transfer.training.devices import choose_device
from vgg_transfer.training.planning import cost
from vgg_transfer.training.planning import stage_plan as plan
from vgg_transfer.training.planning.cost import block_gflop, seconds_per_gflop
from vgg_transfer.training.planning.stage_plan import plan_stages
from vgg_transfer.training.planning.views import ViewChoice, choose_views
from vgg_transfer.training.stages.inputs import stage_inputs
from vgg_transfer.training.stages.stores import fill_stores

TURNED = Augmentation(flip="horizontal", rotation=15.0)
BLOCKS = ("block1", "block2", "block3", "block4")


def build(*stages, **settings):
    recipe = Recipe(
        size=32,
        preprocess="rescale",
        batch_size=5,
        base=Base(weights="none", blocks=4, width=0.1),
        stage=stages or (Stage(train=("head",)),),
        **settings,
    )
    return build_network(recipe, 2, None, 0)


def stored(seconds):
    return f"4 augmented views of each image are computed once and stored: {seconds}"


def anew(fresh, views):
    return (
        f"images are augmented anew in every epoch ({fresh}): 4 stored views ({views}) would save "
        "too little for less variety"
    )


@pytest.fixture(scope="module")
def plain_network():
    return build()


@pytest.fixture
def decided(plain_network):
    """Return a function that chooses for 100 training and 20 validation images, at 1 s a GFLOP."""

    def decide(*stages):
        return choose_views(plain_network, stages, 100, 20, 1.0)

    return decide


@pytest.fixture
def one_gflop_a_block(monkeypatch):
    monkeypatch.setattr(cost, "block_gflop", lambda _, name, __: float(name != "head"))


def stage(*train, **settings):
    return Stage(train=("head", *train), **{"augmentation": TURNED, **settings})


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"views": "plain"}, ViewChoice("block4", 0, Augmentation())),
        ({"views": "fresh"}, ViewChoice(None, 0, TURNED)),
        ({"views": 7}, ViewChoice("block4", 7, TURNED)),
        ({"augmentation": Augmentation()}, ViewChoice("block4", 0, Augmentation())),
        ({"augmentation": Augmentation(), "views": 7}, ViewChoice("block4", 0, Augmentation())),
    ],
)
def test_what_the_recipe_says_is_done(decided, settings, expected):
    assert decided(stage("block4", **settings)) == [expected]


@pytest.mark.parametrize(
    ("settings", "recorded"),
    [
        ({"views": "plain"}, "plain"),
        ({"views": "fresh"}, "fresh"),
        ({"views": 7}, "7 stored views"),
        ({"views": 1}, "1 stored view"),
        ({"views": 7, "augmentation": Augmentation(mixup=0.2)}, "plain"),
        ({"views": 7, "augmentation": TURNED.changed(cutmix=0.5)}, "fresh"),
    ],
)
def test_what_was_chosen_is_recorded_in_words(decided, settings, recorded):
    (choice,) = decided(stage("block4", **settings))
    assert choice.in_words == recorded


def test_nothing_is_stored_where_nothing_is_frozen(decided):
    for wanted in ("auto", "fresh", 7):
        assert decided(stage(*BLOCKS, views=wanted)) == [ViewChoice(None, 0, TURNED)]
    assert decided(stage(*BLOCKS, views="plain")) == [ViewChoice(None, 0, Augmentation())]


@pytest.mark.parametrize("wanted", ["auto", 7])
def test_cutmix_needs_images(decided, wanted):
    cutting = TURNED.changed(cutmix=0.5)
    (seen,) = decided(stage(augmentation=cutting, views=wanted))
    assert seen == ViewChoice(
        None, 0, cutting, "images are augmented anew in every epoch: cutmix needs them"
    )


@pytest.mark.parametrize("wanted", ["auto", "plain"])
def test_mixup_works_on_what_is_stored(decided, wanted):
    mixing = Augmentation(mixup=0.2)
    assert decided(stage(augmentation=mixing, views=wanted)) == [ViewChoice("head", 0, mixing)]


def test_an_exact_head_sees_plain_images(decided):
    exact = stage(optimizer="exact")
    assert decided(exact) == [ViewChoice("head", 0, Augmentation())]
    assert decided(exact)[0].in_words == "plain"


@pytest.mark.usefixtures("one_gflop_a_block")
@pytest.mark.parametrize(
    ("epochs", "views_", "reason"),
    [
        # Four views of 100 images and 20 validation images go once through four blocks: 1680 s.
        # Fresh, every epoch takes 120 images through them: 480 s. Three quarters are the limit.
        (10, 4, stored("28 min instead of 80 min")),
        (5, 4, stored("28 min instead of 40 min")),
        (4, 0, anew("32 min", "28 min")),
        (1, 0, anew("8 min", "28 min")),
    ],
)
def test_auto_takes_what_is_clearly_cheaper(decided, epochs, views_, reason):
    (seen,) = decided(stage(epochs=epochs))
    assert seen == ViewChoice("head" if views_ else None, views_, TURNED, reason)


@pytest.mark.usefixtures("one_gflop_a_block")
def test_stages_that_share_views_share_their_cost(decided):
    head, block = stage(epochs=5), stage("block4", epochs=5)
    # Above the cut an epoch of the second stage costs 3 x 100 + 20, below it 3 x 120. Alone:
    # 3 x 420 + 5 x 320 = 2860 s against 5 x 680 = 3400 s.
    alone = anew("57 min", "48 min")
    assert decided(block) == [ViewChoice(None, 0, TURNED, alone)]
    # Together: 4 x 420 + 5 x 320 = 3280 s against 2400 s + 3400 s.
    together = stored("55 min instead of 1.6 h")
    assert decided(head, block) == [
        ViewChoice("head", 4, TURNED, together),
        ViewChoice("block4", 4, TURNED, together),
    ]
    other = stage("block4", epochs=5, augmentation=Augmentation(zoom=0.2))
    assert [seen.reason for seen in decided(head, other)] == [
        stored("28 min instead of 40 min"),
        alone,
    ]


def test_the_work_of_a_block_is_that_of_its_convolutions(plain_network):
    # Two operations for each weight at each place: 6, 13, 26 and 51 filters of 3 x 3.
    weights = {
        "block1": 3 * 6 + 6 * 6,
        "block2": 6 * 13 + 13 * 13,
        "block3": 13 * 26 + 2 * 26 * 26,
        "block4": 26 * 51 + 2 * 51 * 51,
    }
    for number, (name, count) in enumerate(weights.items()):
        places = (32 // 2**number) ** 2
        assert block_gflop(plain_network, name, 32) == pytest.approx(2 * 9 * places * count / 1e9)
    assert block_gflop(plain_network, "head", 32) == 0
    assert seconds_per_gflop(plain_network) > 0


@pytest.fixture
def context(images, tmp_path):
    """Return a function that makes the context of a training."""

    def make(network, seed=0, cache=tmp_path / "cache"):
        device = choose_device("fp32")
        return Context(network, images, device, seed, Heard(), None, cache)

    return make


@pytest.mark.usefixtures("one_gflop_a_block")
def test_a_choice_is_reported_once_for_all_the_stages_that_share_it(context, monkeypatch):
    monkeypatch.setattr(plan, "seconds_per_gflop", lambda _: 1e-6)
    network = build(stage(epochs=40), stage("block4", epochs=40), stage("block4", views=2))
    mine = context(network)
    plans = plan_stages(mine)
    assert [one.choice.views for one in plans] == [4, 4, 2]
    assert [one.cuts for one in plans] == [("block4", "head"), ("block4",), ("block4",)]
    assert mine.listen.lines == [f"stages 1, 2: {stored('1 s instead of 1 s')}"]

    without = context(network, cache=None)
    assert [one.choice.cut for one in plan_stages(without)] == [None, None, None]
    assert [one.choice.augmentation for one in plan_stages(without)] == [TURNED] * 3


def test_no_time_is_measured_where_there_is_no_choice(context, monkeypatch):
    monkeypatch.setattr(plan, "seconds_per_gflop", lambda _: pytest.fail("measured"))
    plan_stages(context(build(stage(views=3), stage("block4", views="fresh"), stage(*BLOCKS))))
    plan_stages(context(build(stage()), cache=None))


def epochs_read(context):
    """Return (image, view) in the order in which a stage reads them, by epoch."""
    (one,) = plan_stages(context)
    train = context.train
    with ExitStack() as open_stores:
        used = stage_inputs(context, one, fill_stores(context, one, open_stores)[0])
        read = [rows.numpy() for rows, _ in used.train(BEGINNING)]
        known = {}
        for record in train:
            for view in range(1, one.choice.views + 1):
                known[rendered(context, one, Rendering(record, view))] = (record.digest, view)
    assert len(known) == len(train) * one.choice.views  # all of them look different
    assert len(read[0]) == context.shape(one.stage).batch_size
    seen = [known[row.tobytes()] for row in np.concatenate(read)]
    return [seen[first : first + len(train)] for first in range(0, len(seen), len(train))]


def rendered(context, one, rendering):
    """Return the stored bytes of one view."""
    folder = next(e.folder for e in listing(context.cache) if "augmented" in e.what)
    names = np.fromfile(folder / "index.bin", np.dtype([("name", "S64"), ("crc", "<u4")]))["name"]
    place = names.tolist().index(rendering.name.encode())
    size = (folder / "rows.bin").stat().st_size // len(names)
    with (folder / "rows.bin").open("rb") as file:
        file.seek(place * size)
        return file.read(size)


def test_every_view_of_an_image_is_shown_before_one_comes_again(context):
    network = build(stage("block4", epochs=6, views=3))
    mine = context(network)
    epochs = epochs_read(mine)
    images = {record.digest for record in mine.train}
    assert len(epochs) == 6
    for one in epochs:
        assert {image for image, _ in one} == images
    for image in images:
        order = [dict(one)[image] for one in epochs]
        assert sorted(order[:3]) == [1, 2, 3]
        assert order[3:] == order[:3]
    first_views = {view for _, view in epochs[0]}
    assert len(first_views) > 1  # an epoch is a mixture of views
    assert epochs[0] != epochs[3]  # the same views in another order

    rows = next(mine.cache.glob("*/rows.bin")).stat().st_mtime_ns
    other = epochs_read(context(network, seed=1))
    assert other != epochs
    assert next(mine.cache.glob("*/rows.bin")).stat().st_mtime_ns == rows  # no view is new
    assert epochs_read(context(network, seed=0)) == epochs


def one_epoch(context, **settings):
    (one,) = plan_stages(context(build(stage(epochs=1, **settings))))
    mine = context(build(stage(epochs=1, **settings)))
    with ExitStack() as open_stores:
        inputs = stage_inputs(mine, one, fill_stores(mine, one, open_stores)[0])
        batches = list(inputs.train(BEGINNING))
    return [(rows.numpy().astype(np.float64), target.numpy()[:, 0]) for rows, target in batches]


def test_mixup_mixes_stored_rows_and_their_labels(context):
    plain = one_epoch(context, augmentation=Augmentation())
    mixed = one_epoch(context, augmentation=Augmentation(mixup=1.0))
    between = 0
    for (rows, labels), (mixtures, targets) in zip(plain, mixed, strict=True):
        assert mixtures.shape == rows.shape
        for place, (mixture, target) in enumerate(zip(mixtures, targets, strict=True)):
            # A mixture lies on the line from its own row to another one: at which share?
            found = []
            for row, label in zip(rows, labels, strict=True):
                line = rows[place] - row
                share = np.vdot(mixture - row, line) / max(np.vdot(line, line), 1e-12)
                miss = np.abs(row + share * line - mixture).max()
                found.append((miss, share * labels[place] + (1 - share) * label))
            miss, expected = min(found)
            assert miss < 1e-5
            assert target == pytest.approx(expected, abs=1e-4)
            between += 0.01 < target < 0.99
    assert between > 1
