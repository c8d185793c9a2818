"""How sure against how right."""

import pytest

from vgg_transfer.evaluation import wilson
from vgg_transfer.evaluation.calibration import confidence


def test_the_excess_is_what_was_promised_less_what_was_kept():
    found = confidence([0.9] * 100, [True] * 70 + [False] * 30)
    kept = wilson(70, 100)
    assert (found.mean, found.right) == (pytest.approx(0.9), 0.7)
    assert found.excess.low == pytest.approx(0.9 - kept.high)
    assert found.excess.high == pytest.approx(0.9 - kept.low)
    assert found.excess.low > 0


def test_no_answers_promise_nothing():
    with pytest.raises(ValueError, match="at least one trial"):
        confidence([], [])
