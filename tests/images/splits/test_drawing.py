"""The rule is held to what its docstring promises, over many random classes and additions."""

import random
from collections import Counter

import pytest

from vgg_transfer.images.image_set import SPLITS, Split
from vgg_transfer.images.splits.drawing import DrawingPlan, draw_class, is_in_fold

USUAL = DrawingPlan(validation=0.15, test=0.15)


def digests(count: int, chance: random.Random) -> list[str]:
    return [f"{chance.getrandbits(256):064x}" for _ in range(count)]


def counts_of(drawn: dict[str, Split]) -> tuple[int, ...]:
    """Return how many are train, val and test."""
    counts = Counter(drawn.values())
    return tuple(counts[split] for split in SPLITS)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (3, (1, 1, 1)),
        (4, (2, 1, 1)),  # 0.6 of a picture is 1
        (9, (7, 1, 1)),  # 1.35
        (10, (6, 2, 2)),  # 1.5: a half goes up
        (20, (14, 3, 3)),
        (40, (28, 6, 6)),
        (1000, (700, 150, 150)),
    ],
)
def test_the_shares_hold_to_the_nearest_picture_with_every_seed(
    count: int, expected: tuple[int, ...]
) -> None:
    chance = random.Random(count)
    for seed in range(20):
        assert counts_of(draw_class(digests(count, chance), seed, USUAL)) == expected


def test_every_split_is_within_one_picture_of_its_share() -> None:
    chance = random.Random(0)
    for count in range(3, 41):
        for val, test in ((0.15, 0.15), (0.2, 0.1), (0.05, 0.3), (0.45, 0.45), (0.0, 0.15)):
            pictures = digests(count, chance)
            counts = Counter(draw_class(pictures, count, DrawingPlan(val, test)).values())
            assert counts["train"] >= 1
            assert abs(counts["val"] - val * count) <= 1
            assert abs(counts["test"] - test * count) <= 1
            assert (counts["val"] > 0, counts["test"] > 0) == (val > 0, True)


def test_every_picture_is_drawn_as_often_as_any_other() -> None:
    pictures = digests(20, random.Random(1))
    tested = Counter(
        picture
        for seed in range(1000)
        for picture, split in draw_class(pictures, seed, USUAL).items()
        if split == "test"
    )
    # 150 of 1,000 seeds; a standard deviation is 11.3. Four of them.
    assert all(tested[picture] == pytest.approx(150, abs=46) for picture in pictures)


def test_pictures_one_by_one_go_where_their_class_lacks_one() -> None:
    chance = random.Random(2)
    for seed in range(20):
        settled: Counter[Split] = Counter()
        for count in range(1, 61):
            drawn = draw_class(digests(1, chance), seed, USUAL, settled, set(settled))
            settled.update(drawn.values())
            if count >= 3:
                assert all(abs(settled[split] - 0.15 * count) <= 1 for split in ("val", "test"))
                assert settled["train"] >= 1


def test_what_is_too_much_already_gets_no_more() -> None:
    pictures = digests(10, random.Random(3))
    # Of 40 in all 6 should be test and 6 val: 3 val are lacking, and 1 test.
    few = {"train": 22, "val": 3, "test": 5}
    assert counts_of(draw_class(pictures, 0, USUAL, few, SPLITS)) == (6, 3, 1)
    many = {"train": 2, "val": 3, "test": 25}
    assert counts_of(draw_class(pictures, 0, USUAL, many, SPLITS)) == (7, 3, 0)


def test_copies_names_and_order_play_no_part() -> None:
    pictures = digests(20, random.Random(5))
    assert draw_class(pictures * 3, 7, USUAL) == draw_class(sorted(pictures), 7, USUAL)


def test_the_seed_draws_anew() -> None:
    pictures = digests(200, random.Random(6))
    first, second = draw_class(pictures, 0, USUAL), draw_class(pictures, 1, USUAL)
    # Two independent drawings agree in 0.7² + 0.15² + 0.15² = 53.5% of the pictures.
    agreeing = sum(first[picture] == second[picture] for picture in pictures)
    assert agreeing / 200 == pytest.approx(0.535, abs=0.12)


def test_one_and_two_pictures() -> None:
    chance = random.Random(7)
    for seed in range(100):
        assert list(draw_class(digests(1, chance), seed, USUAL).values()) == ["train"]
        assert counts_of(draw_class(digests(2, chance), seed, USUAL)) == (2, 0, 0)
        halves = DrawingPlan(validation=0, test=0.5)
        assert counts_of(draw_class(digests(2, chance), seed, halves)) == (1, 0, 1)
    assert draw_class([], 0, USUAL) == {}


def test_a_share_of_zero_is_no_split() -> None:
    chance = random.Random(8)
    for seed in range(50):
        pictures = digests(2, chance)
        only_val = draw_class(pictures, seed, DrawingPlan(validation=0.15, test=0))
        assert sorted(only_val.values()) == ["train", "val"]
        only_test = draw_class(pictures, seed, DrawingPlan(validation=0, test=0.15))
        assert sorted(only_test.values()) == ["test", "train"]
        none = draw_class(pictures, seed, DrawingPlan(validation=0, test=0))
        assert set(none.values()) == {"train"}


def fold(number: int, folds: int, validation: float = 0.15) -> DrawingPlan:
    return DrawingPlan(validation, fold=number, folds=folds, fold_is="test")


@pytest.mark.parametrize("folds", [2, 3, 5, 10])
def test_folds_are_disjoint_and_cover_all_but_what_train_needs(folds: int) -> None:
    chance = random.Random(folds)
    for seed in range(60):
        pictures = digests(chance.choice([1, 2, 3, 5, 10, 100]), chance)
        drawn = [draw_class(pictures, seed, fold(n, folds)) for n in range(1, folds + 1)]
        tested = Counter(p for one in drawn for p, split in one.items() if split == "test")
        assert set(tested.values()) <= {1}
        untested = [picture for picture in pictures if not tested[picture]]
        # Only where one fold would take a whole class, one picture of it stays train.
        own = {
            n for n in range(1, folds + 1) for p in pictures if is_in_fold(p, seed, fold(n, folds))
        }
        assert len(untested) == (1 if len(own) == 1 else 0)
        assert all("train" in one.values() for one in drawn)


def test_folds_stay_as_they_are_when_pictures_are_added() -> None:
    chance = random.Random(9)
    for seed in range(50):
        pictures = digests(60, chance)
        more = pictures + digests(chance.choice([1, 10, 200]), chance)
        for number in range(1, 6):
            before = draw_class(pictures, seed, fold(number, 5))
            after = draw_class(more, seed, fold(number, 5))
            assert all((after[p] == "test") == (split == "test") for p, split in before.items())


def test_shares_of_folds() -> None:
    pictures = digests(2000, random.Random(10))
    for number in range(1, 6):
        counts = Counter(draw_class(pictures, 0, fold(number, 5, validation=0.1)).values())
        # A standard deviation of 20% of 2,000 is 17.9. Four of them.
        assert counts["test"] == pytest.approx(400, abs=72)
        assert counts["val"] == 200


def test_a_small_class_beside_a_fold_has_val_where_two_are_left() -> None:
    chance = random.Random(11)
    for seed in range(200):
        drawn = draw_class(digests(4, chance), seed, fold(1, 3))
        counts = Counter(drawn.values())
        assert counts["train"] >= 1
        assert counts["val"] >= (1 if counts["test"] <= 2 else 0)


def test_of_what_is_present_none_is_needed() -> None:
    chance = random.Random(12)
    for seed in range(100):
        pictures = digests(3, chance)  # 0.45 of a picture for each split
        assert counts_of(draw_class(pictures, seed, USUAL, present=SPLITS)) == (3, 0, 0)
        one = draw_class(pictures[:2], seed, USUAL, present=("train", "test"))
        assert counts_of(one) == (1, 1, 0)
