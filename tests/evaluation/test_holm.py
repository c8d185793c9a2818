"""Holm's correction, by hand."""

from vgg_transfer.evaluation.holm import holm


def test_each_is_multiplied_by_those_that_are_not_smaller():
    """0.01 x 3; 0.03 x 2; 0.04 x 1 would be below the one before it, so it is the same."""
    assert holm([0.04, 0.01, 0.03]) == [0.06, 0.03, 0.06]


def test_one_question_is_as_it_was_and_none_is_above_one():
    assert holm([0.2]) == [0.2]
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
