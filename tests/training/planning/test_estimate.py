"""Seconds of a training that are known by reasoning: every block takes one second an image."""

from importlib.util import find_spec

import pytest
from support.exact_first import EXACT_FIRST

from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.network import build_network
from vgg_transfer.recipe import Stage, from_toml
from vgg_transfer.training.planning.estimate import Job, seconds_of
from vgg_transfer.training.planning.speed import Speed, measure_int8, measure_speed

IMAGES = {"train": 100, "val": 20, "test": 10}
BLOCKS = ("block1", "block2", "block3", "block4")
# Reading takes half a second, rendering a view one second.
SPEED = Speed({**dict.fromkeys(BLOCKS, 1.0), "head": 0.0}, plain=0.5, augmented=1.0)
STAGE, END = 4.0, 3.0
JUDGED = END + 10 * (4 + 0.5)
EPOCHS = 5 * (100 * 3 + 20)


def nothing(*_):
    return 0


def everything(cut, augmentation, size, split, view):
    return IMAGES[split]


@pytest.fixture(scope="module")
def recipe():
    text = EXACT_FIRST.replace("block5", "block4").replace("views = 4", "views = 2\nsize = 32")
    return from_toml('base = { weights = "none", blocks = 4, width = 0.05 }\n' + text)


@pytest.fixture(scope="module")
def network(recipe):
    return build_network(recipe, 2, None, 0)


@pytest.fixture
def seconds(network):
    """Return a function that estimates a recipe: what is stored, and how much room there is."""

    def estimate(recipe, stored=nothing, room=10**9, images=IMAGES, frozen=1.0):
        return seconds_of(Job(network, images, SPEED, stored, room, frozen), recipe)

    return estimate


def about(*expected):
    # Solving the head of so few features takes hundredths of a second.
    return pytest.approx(expected, abs=0.1)


def test_an_empty_store_is_filled_with_what_each_stage_sees(seconds, recipe):
    solved = 120 * (4 + 0.5)
    # Validation images once more, now to block4, and two views of the training images.
    filled = 20 * (3 + 0.5) + 200 * (3 + 1.0)
    assert seconds(recipe) == about(solved, filled + EPOCHS + STAGE, JUDGED)


def test_int8_shortens_what_is_stored_and_nothing_that_is_read_or_trained(seconds, recipe):
    solved = 120 * (4 / 2 + 0.5)
    filled = 20 * (3 / 2 + 0.5) + 200 * (3 / 2 + 1.0)
    assert seconds(recipe, frozen=0.5) == about(solved, filled + EPOCHS + STAGE, JUDGED)


def test_what_is_stored_takes_no_time(seconds, recipe):
    assert seconds(recipe, everything) == about(0, EPOCHS + STAGE, JUDGED)


def test_what_is_stored_at_a_lower_cut_is_a_shorter_way(seconds, recipe):
    def at_block3(cut, augmentation, size, split, view):
        return {"train": 60, "val": 20, "test": 0}[split] if cut == "block3" else 0

    solved = (20 + 60) * 2 + 40 * (4 + 0.5)
    filled = 20 * 1 + 2 * (60 * 1 + 40 * (3 + 1.0))
    assert seconds(recipe, at_block3) == about(solved, filled + EPOCHS + STAGE, JUDGED)


def test_stages_with_the_same_views_share_one_pass(seconds, recipe):
    plain = recipe.changed(stage_2={"views": "plain"})
    assert seconds(plain) == about(120 * (4 + 0.5), EPOCHS + STAGE, JUDGED)


@pytest.mark.parametrize("room", [None, 100])
def test_without_stores_or_room_every_epoch_goes_through_all_blocks(seconds, recipe, room):
    fresh = 5 * (100 * (3 * 1 + 3 + 1.0) + 20 * (1 + 3 + 0.5))
    assert seconds(recipe, room=room) == about(120 * (4 + 0.5), fresh + STAGE, JUDGED)


def test_what_lies_above_a_block_that_trained_is_not_in_any_store(seconds, recipe):
    first = Stage(train=("head", *BLOCKS), epochs=1)
    exact = recipe.stage[0]
    trained = 100 * (3 * 4 + 1.0) + 20 * (4 + 0.5)
    found = seconds(recipe.changed(stage=[first, exact, exact]), everything)
    assert found == about(trained + STAGE, 120 * (4 + 0.5), 0, JUDGED)


def test_without_test_images_the_stored_validation_images_are_judged(seconds, recipe):
    images = {"train": 100, "val": 20, "test": 0}
    assert seconds(recipe, images=images)[-1] == pytest.approx(END + 20 * 1)


def test_every_rendering_that_is_averaged_over_is_judged(seconds, recipe):
    assert seconds(recipe.changed(tta="flip"))[-1] == pytest.approx(END + 2 * 10 * (4 + 0.5))


def test_smaller_images_take_less_by_their_area(seconds, recipe):
    small = recipe.changed(stage_2={"size": 16})
    blocks = (EPOCHS + 20 * 3 + 200 * 3) / 4
    assert seconds(small)[1] == pytest.approx(blocks + 20 * 0.5 + 200 * 1.0 + STAGE)


def test_speed_is_measured_for_every_block_and_changes_nothing(network, images):
    before = [weight.copy() for weight in network.model.get_weights()]
    speed = measure_speed(network, images.split("train"), BatchForm(32, "squash", 8))
    assert list(speed.forward) == [*BLOCKS, "head"]
    assert min(*speed.forward.values(), speed.plain, speed.augmented) > 0
    after = network.model.get_weights()
    assert all((one == other).all() for one, other in zip(before, after, strict=True))


@pytest.mark.skipif(find_spec("openvino") is None, reason="int8 needs OpenVINO (extra fast)")
def test_int8_is_measured_beside_the_same_blocks(network):
    share = measure_int8(network, SPEED)
    assert 0 < share < 0.1  # a second a block is far more than these few filters need
