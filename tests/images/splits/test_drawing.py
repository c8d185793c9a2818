"""The rule is held to what its docstring promises, over many random classes and additions."""

import random
from collections import Counter

import pytest

from vgg_transfer.images.image_set import SPLITS
from vgg_transfer.images.splits.drawing import DrawingPlan, draw_class, own_split

USUAL = DrawingPlan(validation=0.15, test=0.15)


def digests(count: int, chance: random.Random) -> list[str]:
    return [f"{chance.getrandbits(256):064x}" for _ in range(count)]


def test_shares_of_a_large_class() -> None:
    counts = Counter(draw_class(digests(1000, random.Random(0)), 0, USUAL).values())
    # Standard deviation of 15% of 1,000: 11.3 images. Three of them.
    assert counts["val"] == pytest.approx(150, abs=34)
    assert counts["test"] == pytest.approx(150, abs=34)


def test_shares_hold_over_many_seeds() -> None:
    pictures = digests(200, random.Random(1))
    totals = Counter(
        split for seed in range(200) for split in draw_class(pictures, seed, USUAL).values()
    )
    assert totals["val"] / 40_000 == pytest.approx(0.15, abs=0.006)
    assert totals["test"] / 40_000 == pytest.approx(0.15, abs=0.006)


def test_added_pictures_move_none_once_every_split_has_its_own() -> None:
    chance = random.Random(2)
    tried = 0
    for seed in range(300):
        pictures = digests(chance.randint(3, 120), chance)
        before = draw_class(pictures, seed, USUAL)
        if {own_split(picture, seed, USUAL) for picture in pictures} != set(SPLITS):
            continue
        tried += 1
        for _ in range(5):
            pictures += digests(chance.choice([1, 2, 10, 100]), chance)
            after = draw_class(chance.sample(pictures, len(pictures)), seed, USUAL)
            assert {picture: after[picture] for picture in before} == before
    assert tried > 150


def test_from_100_pictures_on_a_class_is_practically_always_settled() -> None:
    chance = random.Random(3)
    for seed in range(200):
        drawn = draw_class(digests(100, chance), seed, USUAL)
        assert all(split == own_split(picture, seed, USUAL) for picture, split in drawn.items())


@pytest.mark.parametrize("count", [3, 4, 5, 10])
def test_a_small_class_has_a_picture_in_every_split(count: int) -> None:
    chance = random.Random(count)
    for seed in range(300):
        drawn = draw_class(digests(count, chance), seed, USUAL)
        assert set(drawn.values()) == set(SPLITS)
        # Few stand in, however the places fell: in a class of 3 all but one may have to.
        moved = sum(split != own_split(picture, seed, USUAL) for picture, split in drawn.items())
        assert moved <= 2


def test_a_growing_class_moves_few_pictures_and_soon_none() -> None:
    chance = random.Random(4)
    moves: Counter[str] = Counter()
    for seed in range(100):
        pictures = digests(3, chance)
        before = draw_class(pictures, seed, USUAL)
        while len(pictures) < 60:
            pictures += digests(1, chance)
            after = draw_class(pictures, seed, USUAL)
            size = (
                "below 10" if len(pictures) < 10 else "below 30" if len(pictures) < 30 else "30 on"
            )
            moves[size] += sum(after[picture] != split for picture, split in before.items())
            before = after
    assert moves["below 10"] / 600 < 0.5  # 100 classes, sizes 4 to 9
    assert moves["below 30"] / 2000 < 0.06
    assert moves["30 on"] / 3100 < 0.01


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
        assert "train" in draw_class(digests(2, chance), seed, USUAL).values()
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
            n
            for n in range(1, folds + 1)
            for p in pictures
            if own_split(p, seed, fold(n, folds)) == "test"
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
            assert {picture: after[picture] for picture in before} == before


def test_shares_of_folds() -> None:
    pictures = digests(2000, random.Random(10))
    for number in range(1, 6):
        counts = Counter(draw_class(pictures, 0, fold(number, 5, validation=0.1)).values())
        # Standard deviations of 20% and 10% of 2,000: 17.9 and 13.4. Four of them.
        assert counts["test"] == pytest.approx(400, abs=72)
        assert counts["val"] == pytest.approx(200, abs=54)


def test_a_small_class_beside_a_fold_has_val_where_two_are_left() -> None:
    chance = random.Random(11)
    for seed in range(200):
        drawn = draw_class(digests(4, chance), seed, fold(1, 3))
        counts = Counter(drawn.values())
        assert counts["train"] >= 1
        assert counts["val"] >= (1 if counts["test"] <= 2 else 0)


def test_what_is_present_needs_no_stand_in() -> None:
    chance = random.Random(12)
    for seed in range(100):
        pictures = digests(3, chance)
        drawn = draw_class(pictures, seed, USUAL, present=SPLITS)
        assert drawn == {picture: own_split(picture, seed, USUAL) for picture in pictures}
        one = draw_class(pictures[:2], seed, USUAL, present=("train", "test"))
        assert "val" in one.values()
