"""The interval of a difference, against the examples of the paper that it is from."""

import pytest

from vgg_transfer.evaluation.difference import difference_of_shares


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe (1998), table II, method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_intervals_of_the_paper(first, second, low, high):
    found = difference_of_shares(first, second)
    assert (found.low, found.high) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )


def test_the_other_way_round_it_is_the_same_with_the_other_sign():
    there, back = (
        difference_of_shares((95, 100), (960, 1000)),
        difference_of_shares((960, 1000), (95, 100)),
    )
    assert (back.low, back.high) == (pytest.approx(-there.high), pytest.approx(-there.low))
    assert there.low < -0.01 < there.high


def test_more_images_narrow_it():
    few, many = (difference_of_shares((9 * n, 10 * n), (9, 10)) for n in (1, 100))
    assert few.high - few.low > many.high - many.low


def test_no_images_have_no_interval():
    with pytest.raises(ValueError, match="at least one trial, received 0"):
        difference_of_shares((0, 0), (1, 2))
