"""Which rows of a batch a process reads, and what they weigh."""

import numpy as np

from vgg_transfer.images.numbered.numbered import Making, Numbered, weighted
from vgg_transfer.images.numbered.placing import Mesh, placed, placed_on, rows_read

SECOND_OF_TWO = Mesh(devices=("a", "b", "c", "d"), process=1, processes=2)


def test_a_process_reads_its_own_rows_of_a_batch_that_divides():
    with placed_on(SECOND_OF_TWO):
        assert rows_read(range(16, 24)) == range(20, 24)
    assert rows_read(range(16, 24)) == range(16, 24)


def test_of_the_last_batch_every_process_reads_all():
    with placed_on(SECOND_OF_TWO):
        assert rows_read(range(24, 30)) == range(24, 30)
        assert rows_read(range(24, 25)) == range(24, 25)


def test_a_batch_stays_where_it_is_with_one_device():
    batch = (np.zeros((3, 2)), np.zeros((3, 1)))
    assert placed(batch, 3) is batch


def test_an_image_weighs_what_its_class_does():
    for targets in (np.array([[1, 0], [0, 1], [1, 0]]), np.array([[0.0], [1.0], [0.0]])):
        made = (0, targets)
        making = Making(lambda _: 3, lambda _: [0], lambda part: part, lambda *_, made=made: made)
        ((_, same, weights),) = weighted(Numbered(making, 1), {0: 0.5, 1: 2.0})
        assert same is targets
        assert weights.tolist() == [0.5, 2.0, 0.5]
        assert weights.dtype == np.float32
