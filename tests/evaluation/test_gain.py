"""Gains whose numbers follow by hand."""

import numpy as np
import pytest

from vgg_transfer.evaluation.gain import gain_by_second_opinion, paired_gain


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


LABELS = np.arange(40) % 2


def opinion(share_right: float, strength: float = 2.0) -> "np.typing.NDArray[np.float64]":
    """Return log probabilities that are right for the first images, and no more sure of them."""
    right = np.arange(40) < share_right * 40
    told = np.where(right, LABELS, 1 - LABELS)
    return np.log(np.where(np.arange(2) == told[:, None], 1 - np.exp(-strength), np.exp(-strength)))


def test_an_opinion_that_knows_all_is_listened_to() -> None:
    """20 of 40 images become right, none wrong: 20 of 42."""
    gain = gain_by_second_opinion(opinion(0.5), opinion(1.0), LABELS, seed=0)
    assert gain.points == pytest.approx(100 * 20 / 42)


@pytest.mark.parametrize("second", [opinion(0.5), np.log(np.full((40, 2), 0.5))])
def test_an_opinion_that_knows_nothing_changes_nothing(
    second: "np.typing.NDArray[np.float64]",
) -> None:
    assert gain_by_second_opinion(opinion(0.9), second, LABELS, seed=0).points == 0.0


def test_where_all_is_right_nothing_is_gained() -> None:
    gain = gain_by_second_opinion(opinion(1.0), opinion(1.0), LABELS, seed=0)
    assert gain.points == 0.0


def test_a_second_opinion_of_pure_chance_gains_nothing_on_average() -> None:
    """The own one says nothing, so whatever is fitted to the second one decides."""
    drawn, labels = np.random.default_rng(4), np.arange(400) % 2
    gains = [
        gain_by_second_opinion(
            np.zeros((400, 2)), np.log(drawn.dirichlet((1, 1), size=400)), labels, seed
        )
        for seed in range(40)
    ]
    error_of_mean = np.mean([gain.error for gain in gains]) / 40**0.5
    assert abs(np.mean([gain.points for gain in gains])) < 3 * error_of_mean


def test_one_image_is_too_few() -> None:
    with pytest.raises(ValueError, match="at least two images, received 1"):
        gain_by_second_opinion(np.zeros((1, 2)), np.zeros((1, 2)), np.zeros(1, int), seed=0)
