"""A trend by chance: counted by hand."""

import pytest

from vgg_transfer.evaluation.trend import rises_by_chance


def test_a_rise_all_the_way_is_one_order_of_all():
    assert rises_by_chance([1, 2, 3, 4, 5]) == pytest.approx(1 / 120)
    assert rises_by_chance([1, 2, 3]) == pytest.approx(1 / 6)


def test_one_exchange_has_as_many_orders_as_neighbours():
    # Of four numbers, 1 order has no inversion and 3 have one.
    assert rises_by_chance([1, 3, 2, 4]) == pytest.approx(4 / 24)


def test_a_fall_or_nothing_is_no_rise():
    assert rises_by_chance([3, 2, 1]) == 1
    assert rises_by_chance([2, 2, 2, 2]) == 1
    assert rises_by_chance([1, 2]) == 1
