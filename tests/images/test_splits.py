"""The rule is held to what its docstring promises, over many random classes and additions."""

import random
from collections import Counter

import pytest

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.image_set import SPLITS
from vgg_transfer.images.splits import Shares, own_split, split_class


def digests(count: int, chance: random.Random) -> list[str]:
    return [f"{chance.getrandbits(256):064x}" for _ in range(count)]


def test_shares_of_a_large_class() -> None:
    counts = Counter(split_class(digests(1000, random.Random(0)), seed=0).values())
    # Standard deviation of 15% of 1,000: 11.3 images. Three of them.
    assert counts["val"] == pytest.approx(150, abs=34)
    assert counts["test"] == pytest.approx(150, abs=34)


def test_shares_hold_over_many_seeds() -> None:
    pictures = digests(200, random.Random(1))
    totals = Counter(split for seed in range(200) for split in split_class(pictures, seed).values())
    assert totals["val"] / 40_000 == pytest.approx(0.15, abs=0.006)
    assert totals["test"] / 40_000 == pytest.approx(0.15, abs=0.006)


def test_added_pictures_move_none_once_every_split_has_its_own() -> None:
    chance = random.Random(2)
    tried = 0
    for seed in range(300):
        pictures = digests(chance.randint(3, 120), chance)
        before = split_class(pictures, seed)
        if {own_split(picture, seed) for picture in pictures} != set(SPLITS):
            continue
        tried += 1
        for _ in range(5):
            pictures += digests(chance.choice([1, 2, 10, 100]), chance)
            after = split_class(chance.sample(pictures, len(pictures)), seed)
            assert {picture: after[picture] for picture in before} == before
    assert tried > 150


def test_from_100_pictures_on_a_class_is_practically_always_settled() -> None:
    chance = random.Random(3)
    for seed in range(200):
        drawn = split_class(digests(100, chance), seed)
        assert all(split == own_split(picture, seed) for picture, split in drawn.items())


@pytest.mark.parametrize("count", [3, 4, 5, 10])
def test_a_small_class_has_a_picture_in_every_split(count: int) -> None:
    chance = random.Random(count)
    for seed in range(300):
        drawn = split_class(digests(count, chance), seed)
        assert set(drawn.values()) == set(SPLITS)
        # Few stand in, however the places fell: in a class of 3 all but one may have to.
        moved = sum(split != own_split(picture, seed) for picture, split in drawn.items())
        assert moved <= 2


def test_a_growing_class_moves_few_pictures_and_soon_none() -> None:
    chance = random.Random(4)
    moves: Counter[str] = Counter()
    for seed in range(100):
        pictures = digests(3, chance)
        before = split_class(pictures, seed)
        while len(pictures) < 60:
            pictures += digests(1, chance)
            after = split_class(pictures, seed)
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
    assert split_class(pictures * 3, seed=7) == split_class(sorted(pictures), seed=7)


def test_the_seed_draws_anew() -> None:
    pictures = digests(200, random.Random(6))
    first, second = split_class(pictures, seed=0), split_class(pictures, seed=1)
    # Two independent drawings agree in 0.7² + 0.15² + 0.15² = 53.5% of the pictures.
    agreeing = sum(first[picture] == second[picture] for picture in pictures)
    assert agreeing / 200 == pytest.approx(0.535, abs=0.12)


def test_one_and_two_pictures() -> None:
    chance = random.Random(7)
    for seed in range(100):
        assert list(split_class(digests(1, chance), seed).values()) == ["train"]
        assert "train" in split_class(digests(2, chance), seed).values()
    assert split_class([], seed=0) == {}


def test_a_share_of_zero_is_no_split() -> None:
    chance = random.Random(8)
    for seed in range(50):
        pictures = digests(2, chance)
        only_val = split_class(pictures, seed, Shares(validation=0.15, test=0))
        assert sorted(only_val.values()) == ["train", "val"]
        only_test = split_class(pictures, seed, Shares(validation=0, test=0.15))
        assert sorted(only_test.values()) == ["test", "train"]
        none = split_class(pictures, seed, Shares(validation=0, test=0))
        assert set(none.values()) == {"train"}


@pytest.mark.parametrize("wrong", [(-0.1, 0.1), (0.1, -0.1), (0.5, 0.5), (float("nan"), 0.1)])
def test_impossible_shares(wrong: tuple[float, float]) -> None:
    with pytest.raises(ImageSetError) as error:
        Shares(*wrong)
    assert str(error.value) == (
        f"The shares are {wrong[0]} for val and {wrong[1]} for test. "
        "Give numbers from 0 on that leave a part for train: together less than 1."
    )
