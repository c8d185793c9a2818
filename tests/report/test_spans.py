"""Stages on one axis, and round numbers on axes."""

import pytest

from vgg_transfer.report.spans import epoch_ticks, round_ticks


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 1.0, [0.0, 0.25, 0.5, 0.75, 1.0]),
        (0.976, 1.0, [0.98, 0.99, 1.0]),
        (0.0, 0.13, [0.0, 0.05, 0.1]),
        (0.0, 1500.0, [0.0, 500.0, 1000.0, 1500.0]),
    ],
)
def test_ticks_are_round(low, high, ticks):
    assert round_ticks(low, high, 5) == ticks


def test_epochs_are_named_evenly():
    assert epoch_ticks(6, 12) == [1, 2, 3, 4, 5, 6]
    assert epoch_ticks(20, 12) == [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]
    assert epoch_ticks(50, 12) == [5, 10, 15, 20, 25, 30, 35, 40, 45, 50]
    assert epoch_ticks(1, 12) == [1]
