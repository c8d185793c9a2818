"""Gains whose numbers follow by hand."""

import numpy as np
import pytest

from vgg_transfer.evaluation.gain import paired_gain


def answers(text: str) -> "np.typing.NDArray[np.bool_]":
    return np.array([letter == "+" for letter in text])


def test_images_that_changed_decide_and_half_an_image_is_added_to_each_count() -> None:
    """Eight images, four of them newly right: 4 of 8 + 2, and (4 + 1) / 10 changed."""
    gain = paired_gain(answers("----++++"), answers("++++++++"))
    assert gain.points == pytest.approx(40.0)
    assert gain.error == pytest.approx(100 * ((0.5 - 0.4**2) / 10) ** 0.5)
    assert gain.margin == pytest.approx(1.96 * gain.error)


def test_better_and_worse_ones_are_set_off() -> None:
    gain = paired_gain(answers("--++++++"), answers("++--++++"))
    assert gain.points == 0.0
    assert gain.error == pytest.approx(100 * (0.5 / 10) ** 0.5)


def test_a_loss_is_a_gain_below_zero() -> None:
    before, after = answers("+" * 20), answers("-" + "+" * 19)
    assert paired_gain(before, after).points == -paired_gain(after, before).points < 0


def test_no_change_at_all_is_no_certainty() -> None:
    """Half an image each way remains, of 98 + 2."""
    gain = paired_gain(answers("+" * 98), answers("+" * 98))
    assert gain.points == 0.0
    assert gain.error == pytest.approx(100 * (0.01 / 100) ** 0.5)


def test_which_images_are_right_all_the_time_does_not_matter_but_how_many_there_are_does() -> None:
    few = paired_gain(answers("-" * 4 + "+" * 4), answers("+" * 8))
    same = paired_gain(answers("-" * 8), answers("+" * 4 + "-" * 4))
    many = paired_gain(answers("-" * 4 + "+" * 400), answers("+" * 404))
    assert few == same
    assert many.points < few.points


@pytest.mark.parametrize("after", ["", "+", "+++"])
def test_other_images_cannot_be_compared(after: str) -> None:
    before = "" if not after else "++"
    with pytest.raises(ValueError, match="A gain needs the same images before and after, received"):
        paired_gain(answers(before), answers(after))
