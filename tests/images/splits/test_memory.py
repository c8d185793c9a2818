"""Drawings that are remembered: what is added or taken away moves no picture."""

import os
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.image_set import Split
from vgg_transfer.images.splits.assign import assign
from vgg_transfer.images.splits.grouping import Unsplit
from vgg_transfer.images.splits.splitting import Fold, Shares, Splitting

USUAL = Splitting()


@pytest.fixture(autouse=True)
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is remembered, each test its own."""
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path))
    return tmp_path / "splits"


def pictures(count: int, chance: random.Random, label: str = "cats") -> list[Unsplit]:
    return [Unsplit(f"{chance.getrandbits(256):064x}", label) for _ in range(count)]


def drawn(
    items: Sequence[Unsplit], seed: int = 0, splitting: Splitting = USUAL, source: str = "pets"
) -> dict[str, Split]:
    splits, _ = assign(items, seed, splitting, source)
    return {item.digest: split for item, split in zip(items, splits, strict=True)}


def said(items: Sequence[Unsplit], remember: bool = True) -> dict[str, str]:
    return {one.code: one.seen for one in assign(items, 0, USUAL, "pets", remember)[1]}


def numbers(splits: dict[str, Split], items: Sequence[Unsplit]) -> tuple[int, ...]:
    counts = Counter(splits[item.digest] for item in items)
    return counts["train"], counts["val"], counts["test"]


def test_a_set_that_grows_moves_nobody_and_keeps_its_shares() -> None:
    chance = random.Random(0)
    for seed in range(10):
        items = pictures(3, chance) + pictures(11, chance, "dogs")
        before = drawn(items, seed)
        for _ in range(6):
            items += pictures(chance.choice([1, 2, 10]), chance, chance.choice(["cats", "dogs"]))
            chance.shuffle(items)
            after = drawn(items, seed)
            assert {digest: after[digest] for digest in before} == before
            for label in ("cats", "dogs"):
                members = [item for item in items if item.label == label]
                _, val, test = numbers(after, members)
                assert abs(val - 0.15 * len(members)) <= 1
                assert abs(test - 0.15 * len(members)) <= 1
            before = after


def test_what_is_taken_away_moves_nobody_and_comes_back_where_it_was() -> None:
    items = pictures(40, random.Random(1))
    before = drawn(items)
    assert numbers(before, items) == (28, 6, 6)
    left = items[:17]
    assert drawn(left) == {item.digest: before[item.digest] for item in left}
    assert drawn(items) == before


def test_what_is_new_and_what_is_kept_is_said() -> None:
    items = pictures(41, random.Random(2))
    assert set(said(items[:40])) == {"splits-drawn"}
    assert said(items) == {
        "splits-drawn": "Of every class, 15% is val and 15% is test, drawn by file contents and "
        "seed 0: 29 train, 6 val, 6 test.",
        "drawn-before": "40 images keep the split of an earlier drawing; 1 is new.",
    }
    assert set(said(items)) == {"splits-drawn"}


def test_a_class_that_lost_its_train_images_is_off_and_said_to_be() -> None:
    items = pictures(20, random.Random(3))
    before = drawn(items)
    left = [item for n, item in enumerate(items) if before[item.digest] != "train" or n % 3 == 0]
    train = sum(before[item.digest] == "train" for item in left)
    assert said(left)["splits-drawn"].endswith(
        f': {train} train, 3 val, 3 test. More than one image off: "cats" ({train} train, 3 val, '
        "3 test)."
    )


def test_once_it_is_forgotten_all_is_drawn_anew(memory: Path) -> None:
    chance = random.Random(4)
    items = pictures(30, chance)
    before = drawn(items)
    items += pictures(30, chance)
    grown = drawn(items)
    for file in memory.iterdir():
        file.unlink()
    anew = drawn(items)
    assert numbers(anew, items) == numbers(grown, items) == (42, 9, 9)
    assert anew != grown
    assert {digest: grown[digest] for digest in before} == before


def test_each_source_seed_share_and_grouping_has_a_drawing_of_its_own(memory: Path) -> None:
    chance = random.Random(5)
    items = pictures(20, chance)
    first = drawn(items)
    assert drawn(items, source="other") == first  # a copied set is drawn alike
    items += pictures(20, chance)
    ways: list[tuple[int, Splitting]] = [
        (1, USUAL),
        (0, Splitting(Shares(0.15, 0.2))),
        (0, Splitting(fold=Fold(1, 5))),
        (0, Splitting(kept={items[0].digest: "train"})),
    ]
    for seed, splitting in ways:
        anew = drawn(items, seed, splitting)
        assert list(anew.values()) == assign(items, seed, splitting)[0]
    assert len(list(memory.iterdir())) == 2 + len(ways)


def test_beside_a_fold_val_is_remembered_and_the_fold_stays_whole() -> None:
    chance = random.Random(6)
    items = pictures(40, chance)
    splittings = [Splitting(fold=Fold(number, 5)) for number in range(1, 6)]
    before = [drawn(items, splitting=one) for one in splittings]
    items += pictures(60, chance)
    after = [drawn(items, splitting=one) for one in splittings]
    for old, new in zip(before, after, strict=True):
        assert {digest: new[digest] for digest in old} == old
        assert numbers(new, items)[1] == 15
    tested = [digest for one in after for digest, split in one.items() if split == "test"]
    assert sorted(tested) == sorted(item.digest for item in items)


def test_what_a_split_file_leaves_open_is_remembered_too() -> None:
    chance = random.Random(7)
    items = pictures(40, chance)
    file = Splitting(kept=drawn(items, seed=9, source=""))
    items += pictures(10, chance)
    before = drawn(items, splitting=file)
    items += pictures(50, chance)
    after = drawn(items, splitting=file)
    assert {digest: after[digest] for digest in before} == before
    assert numbers(after, items) == (70, 15, 15)


def test_groups_keep_their_split_by_name_and_by_picture() -> None:
    chance = random.Random(8)
    items = [replace(one, group=f"g{n // 3}") for n, one in enumerate(pictures(60, chance))]
    before = drawn(items)
    others = [replace(one, group=f"g{n // 3}") for n, one in enumerate(pictures(90, chance))]
    after = drawn([*items, *others])
    assert {digest: after[digest] for digest in before} == before
    for item, one in zip(items, others[:60], strict=True):
        assert after[one.digest] == before[item.digest]
    # A new group, the first by name, has a copy of a picture of another group.
    joining = [*items, replace(items[0], group="a"), *pictures(1, chance)]
    assert drawn(joining)[items[0].digest] == before[items[0].digest]


def test_groups_that_get_a_picture_in_common_are_train_where_one_was() -> None:
    chance = random.Random(9)
    items = [replace(one, group=f"g{n // 3}") for n, one in enumerate(pictures(60, chance))]
    before = drawn(items)
    learnt = next(item for item in items if before[item.digest] == "train")
    tested = next(item for item in items if before[item.digest] == "test")
    after = drawn([*items, replace(learnt, group=tested.group)])
    assert (after[learnt.digest], after[tested.digest]) == ("train", "train")


def test_without_a_source_nothing_is_remembered(memory: Path) -> None:
    drawn(pictures(40, random.Random(10)), source="")
    drawn(pictures(40, random.Random(10)), splitting=Splitting(Shares(0, 0)))
    assert not memory.exists()


def test_where_it_is_not_wanted_nothing_is_read_or_written(memory: Path) -> None:
    items = pictures(40, random.Random(11))
    assert said(items, remember=False)["drawing-not-remembered"] == (
        "This drawing is not remembered (--no-cache, cache=False): when images are added, others "
        "may change their split. `vgg-transfer images DATA --save FILE.csv` keeps it, for --splits "
        "FILE.csv."
    )
    assert not memory.exists()
    drawn(items[:20])
    assert assign(items, 0, USUAL, "pets", remember=False)[0] == assign(items, 0)[0]


def test_a_place_that_cannot_be_written_is_said_and_stops_nothing(memory: Path) -> None:
    memory.write_text("a file, where the folder should be")
    text = said(pictures(40, random.Random(12)))["drawing-not-remembered"]
    assert text.startswith(f"This drawing is not remembered ({memory}: ")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read all")
def test_what_may_not_be_read_is_said_and_stays(memory: Path) -> None:
    items = pictures(40, random.Random(13))
    drawn(items)
    (file,) = memory.iterdir()
    file.chmod(0)
    assert "Permission denied" in said(items)["drawing-not-remembered"]


HEADER, GOOD, NO_ROW = "picture,split\n", "0123456789abcdef", "a picture and its split are expected"
DAMAGES = {
    "": "line 1: picture,split is expected",
    "path,split\na,train\n": "line 1: picture,split is expected",
    f"{HEADER}{GOOD},nowhere\n": f'line 2: {NO_ROW}, not "{GOOD},nowhere"',
    f"{HEADER}../x,val\n": f'line 2: {NO_ROW}, not "../x,val"',
    f"{HEADER}{GOOD},train\n{GOOD}": f'line 3: {NO_ROW}, not "{GOOD}"',
    f"{HEADER}{GOOD},train\0": "line 2: there is a NUL character",
}


@pytest.mark.parametrize("text", DAMAGES)
def test_a_damaged_memory_is_an_error_and_stays_as_it_is(memory: Path, text: str) -> None:
    items = pictures(40, random.Random(14))
    drawn(items)
    (file,) = memory.iterdir()
    file.write_text(text)
    with pytest.raises(ImageSetError) as error:
        drawn(items)
    assert str(error.value) == (
        f'The splits that were drawn before are remembered in "{file}", which is damaged: '
        f"{DAMAGES[text]}. Give them with --splits (a run's images.csv says them), or remove the "
        "file: then all are drawn anew, and images that a model was trained on may become test "
        "images."
    )
    assert file.read_text() == text


def test_a_link_is_not_followed(memory: Path, tmp_path: Path) -> None:
    items = pictures(40, random.Random(15))
    drawn(items)
    (file,) = memory.iterdir()
    secret = file.rename(tmp_path / "secret.csv")
    file.symlink_to(secret)
    with pytest.raises(ImageSetError, match="is damaged: it is a link, which is not followed"):
        drawn(items)
