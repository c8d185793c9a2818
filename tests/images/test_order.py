"""What an epoch draws, counted."""

from collections import Counter

import numpy as np
import pytest

from vgg_transfer.images.order import draw, most_draws

UNEVEN = [0] * 9 + [1] * 3  # twelve images: six draws of each class
WORDS = (3, 1, 0)  # seed, stage, epoch


def test_all_shows_every_image_once_in_an_order_of_its_own() -> None:
    numbers, before = draw(UNEVEN, "all", WORDS)
    assert numbers.tolist() == np.random.default_rng(WORDS).permutation(12).tolist()
    assert before.tolist() == [0] * 12
    assert most_draws(UNEVEN, "all").tolist() == [1] * 12


def test_balanced_draws_every_class_equally_often_and_keeps_the_length() -> None:
    numbers, before = draw(UNEVEN, "balanced", WORDS)
    assert Counter(UNEVEN[number] for number in numbers) == {0: 6, 1: 6}
    times = Counter(numbers.tolist())
    assert sorted(times[number] for number in range(9)) == [0] * 3 + [1] * 6
    assert [times[number] for number in (9, 10, 11)] == [2, 2, 2]
    # The second time an image comes, it has come once before.
    met: Counter[int] = Counter()
    for number, earlier in sorted(zip(numbers.tolist(), before.tolist(), strict=True)):
        assert earlier == met[number]
        met[number] += 1


@pytest.mark.parametrize("epoch", range(5))
def test_every_image_of_a_class_comes_before_any_is_repeated(epoch: int) -> None:
    # Ten images of two classes: five draws of three images are two, two and one.
    labels = [1, 0, 0, 1, 0, 0, 1, 0, 0, 0]
    times = Counter(draw(labels, "balanced", (0, 1, epoch))[0].tolist())
    assert sorted(times[number] for number in (0, 3, 6)) == [1, 2, 2]
    assert sum(times.values()) == 10
    assert most_draws(labels, "balanced").tolist() == [2, 1, 1, 2, 1, 1, 2, 1, 1, 1]


def test_what_is_left_over_goes_to_another_class_in_another_epoch() -> None:
    labels = [0] * 6 + [2] * 3 + [5]  # three classes; ten images are four, three and three
    larger = set()
    for epoch in range(20):
        counts = Counter(labels[n] for n in draw(labels, "balanced", (0, 1, epoch))[0])
        assert sorted(counts.values()) == [3, 3, 4]
        larger.add(counts.most_common(1)[0][0])
    assert larger == {0, 2, 5}
    # The single image comes up to four times.
    assert most_draws(labels, "balanced").tolist() == [1] * 6 + [2] * 3 + [4]


def test_equal_classes_are_drawn_as_they_are() -> None:
    numbers, before = draw([0, 1] * 5, "balanced", WORDS)
    assert sorted(numbers) == list(range(10))
    assert not before.any()


def test_the_draw_follows_from_seed_stage_and_epoch_alone() -> None:
    drawn = {
        words: tuple(draw(UNEVEN, sampling, words)[0])
        for sampling in ("all", "balanced")
        for words in [(3, 1, 0), (4, 1, 0), (3, 2, 0), (3, 1, 1)]
    }
    assert len(set(drawn.values())) == 4
    for words, numbers in drawn.items():
        assert tuple(draw(UNEVEN, "balanced", words)[0]) == numbers
