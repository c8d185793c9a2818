"""What a trial costs, whoever came first."""

import pytest
from support import drawn

from vgg_transfer.comparison.costs import (
    fair_seconds,
    peak_memory_mb,
    seconds_per_row,
    uses_unknown,
)
from vgg_transfer.run import Filled


@pytest.fixture
def run_of(tmp_path):
    def make(name, seconds, *filled, memory=500.0):
        return drawn.write_run(
            drawn.recipe_of("frozen"),
            0,
            drawn.images_of(),
            tmp_path / name,
            seconds=seconds,
            filled=filled,
            memory=memory,
        )

    return make


def test_who_came_first_does_not_matter(run_of):
    # Both want 100 rows; the first computed them in 50 s and trained for 10 s, as the second did.
    first = run_of("first", 60.0, Filled("store", 100, 100, 50.0))
    second = run_of("second", 10.0, Filled("store", 100, 0, 0.0))
    per_row = seconds_per_row([first, second])
    assert per_row == {"store": 0.5}
    assert fair_seconds(first, per_row) == pytest.approx(60.0)
    assert fair_seconds(second, per_row) == pytest.approx(60.0)


def test_a_store_that_two_stages_ask_is_paid_for_once(run_of):
    # 40 rows in the first stage and 100 in the second: 100 in all, at 0.5 s each.
    run = run_of("run", 60.0, Filled("store", 40, 40, 20.0), Filled("store", 100, 60, 30.0))
    assert fair_seconds(run, seconds_per_row([run])) == pytest.approx(60.0)


def test_each_pays_for_as_many_rows_as_it_wants(run_of):
    # Half of the rows cost half of the 50 s.
    first = run_of("first", 60.0, Filled("store", 100, 100, 50.0))
    second = run_of("second", 10.0, Filled("store", 50, 0, 0.0))
    assert fair_seconds(second, seconds_per_row([first, second])) == pytest.approx(35.0)


def test_a_training_without_a_store_costs_what_it_took(run_of):
    run = run_of("run", 12.5)
    assert fair_seconds(run, {"store": 1.0}) == 12.5
    assert not uses_unknown(run, {})


def test_rows_that_nobody_computed_are_noticed(run_of):
    run = run_of("run", 12.5, Filled("store", 100, 0, 0.0), Filled("lower", 100, 0, 0.0))
    assert uses_unknown(run, seconds_per_row([run]))
    # A higher store is filled on the way to a lower one: what is known of one is known of both.
    assert not uses_unknown(run, {"lower": 0.5})


def test_peak_memory_is_that_of_the_worst_epoch(run_of):
    assert peak_memory_mb(run_of("run", 1.0, memory=1234.0)) == 1234.0
