"""Answers in groups that are about equally sure."""

import pytest

from vgg_transfer.evaluation import wilson
from vgg_transfer.evaluation.reliability import by_confidence


def test_answers_are_grouped_by_how_sure_they_are():
    low, high = by_confidence([0.62, 0.68, 0.95, 1.0], [True, False, True, True])
    assert (low.low, low.high, low.images, low.right) == (0.6, 0.7, 2, 0.5)
    assert low.mean == pytest.approx(0.65)
    assert low.interval == wilson(1, 2)
    assert (high.low, high.high, high.images, high.right) == (0.9, 1.0, 2, 1.0)


def test_without_answers_there_are_no_groups():
    assert by_confidence([], []) == ()
