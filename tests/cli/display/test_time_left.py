"""Driven by hand, with a clock that the test turns."""

import pytest

from vgg_transfer.cli.display.time_left import TimeLeft
from vgg_transfer.recipe import Stage

HEAD = Stage(train=("head",), epochs=2)
BLOCK5 = Stage(train=("head", "block5"), epochs=2)
BLOCKS_45 = Stage(train=("head", "block5", "block4"), epochs=4)


@pytest.fixture
def clock():
    return Clock()


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def steps(left, clock, seconds):
    for duration in seconds:
        clock.now += duration
        left.stepped()


def test_the_first_batch_does_not_count(clock):
    left = TimeLeft(clock)
    left.planned([BLOCK5])
    left.began(10, 1)
    steps(left, clock, [30.0])
    assert left.here is None
    steps(left, clock, [2.0, 2.0])
    assert left.here == 7 * 2.0  # seven of ten batches are left
    assert left.in_all == left.here


def test_later_stages_cost_what_their_blocks_cost(clock):
    left = TimeLeft(clock)
    left.planned([BLOCK5, BLOCKS_45])
    left.began(10, 1)
    steps(left, clock, [1.0, 1.0])
    # A pass is 5 batches of 1 s. Later: 4 passes, at (301 + 91) / 91 times the cost.
    assert left.in_all == pytest.approx(8.0 + 4 * 5.0 * 392 / 91)


def test_a_head_alone_says_nothing_about_blocks(clock):
    left = TimeLeft(clock)
    left.planned([HEAD, BLOCK5])
    left.began(10, 1)
    steps(left, clock, [1.0, 1.0])
    assert left.in_all is None
    assert left.here == 8.0


def test_a_head_alone_in_the_end_is_no_trouble(clock):
    left = TimeLeft(clock)
    left.planned([BLOCK5, HEAD])
    left.began(10, 2)
    steps(left, clock, [1.0, 1.0])
    assert left.in_all == 8.0


def test_what_belongs_to_no_stage_has_its_own_end_only(clock):
    left = TimeLeft(clock)
    left.planned([BLOCK5])
    left.began(4)
    steps(left, clock, [1.0, 3.0])
    assert left.here == 6.0
    assert left.in_all is None


def test_larger_images_cost_by_their_pixels(clock):
    left = TimeLeft(clock)
    left.planned([BLOCK5.changed(size=size) for size in (32, 64)])
    left.began(3, 1)
    steps(left, clock, [9.0, 1.0, 1.0])
    assert left.in_all == 4 * 3 * 1.0  # as many batches again, of four times the pixels
