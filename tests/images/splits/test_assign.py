"""Splits given, kept and drawn; groups that stay whole, over many random sets of pictures."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

import pytest

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.image_set import Split
from vgg_transfer.images.splits.assign import assign
from vgg_transfer.images.splits.grouping import Unsplit
from vgg_transfer.images.splits.splitting import Fold, Shares, Splitting

USUAL = "Of every class, 15% is val and 15% is test, drawn by file contents and seed 0"
BY_GROUP = "Of every class, 15% is val and 15% is test, drawn by group and seed 0"


def assigned(*arguments):
    """Return the splits, and what the findings say."""
    splits, findings = assign(*arguments)
    return splits, [finding.seen for finding in findings]


def digest(chance: random.Random) -> str:
    return f"{chance.getrandbits(256):064x}"


def pictures(count: int, chance: random.Random, label: str = "cats") -> list[Unsplit]:
    return [Unsplit(digest(chance), label, path=f"{label}/{n}.png") for n in range(count)]


def in_groups(count: int, groups: int, chance: random.Random) -> list[Unsplit]:
    """Return pictures of three classes in groups that lean to a class, with some copies."""
    items = []
    for number in range(count):
        group = chance.randrange(groups)
        label = "abc"[group % 3] if chance.random() < 0.7 else chance.choice("abc")
        own = chance.choice(items).digest if items and chance.random() < 0.02 else digest(chance)
        name = f"g{group}" if chance.random() < 0.95 else None
        items.append(Unsplit(own, label, name, path=f"{number}.png"))
    return items


def fault(items: Sequence[Unsplit], splitting: Splitting | None = None, seed: int = 0) -> str:
    with pytest.raises(ImageSetError) as error:
        assigned(items, seed, splitting or Splitting())
    return str(error.value)


class TestDrawn:
    def test_by_class(self) -> None:
        chance = random.Random(0)
        items = pictures(1000, chance) + pictures(500, chance, "dogs")
        splits, notes = assigned(items, 0)
        counts = Counter((item.label, split) for item, split in zip(items, splits, strict=True))
        for split in ("val", "test"):
            assert counts["cats", split] == 150
            assert counts["dogs", split] == 75
        assert notes == [f"{USUAL}: 1050 train, 225 val, 225 test."]

    def test_copies_share_a_split_even_in_two_classes(self) -> None:
        chance = random.Random(1)
        for seed in range(100):
            items = pictures(5, chance) + pictures(3, chance, "dogs")
            items += [replace(item, label="dogs") for item in items[:2]] + items[:3]
            splits, _ = assigned(items, seed)
            found = defaultdict(set)
            for item, split in zip(items, splits, strict=True):
                found[item.digest].add(split)
            assert all(len(each) == 1 for each in found.values())

    def test_the_order_plays_no_part(self) -> None:
        chance = random.Random(2)
        items = in_groups(200, 40, chance)
        before = dict(zip(items, assigned(items, 3)[0], strict=True))
        chance.shuffle(items)
        assert dict(zip(items, assigned(items, 3)[0], strict=True)) == before

    def test_small_classes_have_every_split(self) -> None:
        chance = random.Random(3)
        items = [*pictures(200, chance), *pictures(3, chance, "dogs"), *pictures(1, chance, "owls")]
        splits, notes = assigned(items, 1)
        assert set(splits[200:203]) == {"train", "val", "test"}
        assert splits[203] == "train"
        assert notes == [f"{USUAL.replace('seed 0', 'seed 1')}: 142 train, 31 val, 31 test."]

    def test_nothing_is_drawn_into_what_is_given(self) -> None:
        chance = random.Random(4)
        items = [*pictures(50, chance), *(replace(i, split="test") for i in pictures(9, chance))]
        splits, notes = assigned(items, 0)
        assert set(splits[50:]) == {"test"}
        assert set(splits[:50]) == {"train", "val"}
        # 7.5 of 50 are 8.
        assert notes == [
            "Of every class, 15% is val, drawn by file contents and seed 0: 42 train, 8 val."
        ]
        given = [replace(item, split=split) for item, split in zip(items, splits, strict=True)]
        assert assigned(given, 5) == (splits, [])


class TestFolds:
    def test_every_picture_is_tested_once_and_beside_a_given_test_validated_once(self) -> None:
        chance = random.Random(5)
        items = pictures(60, chance) + pictures(60, chance, "dogs")
        given = [replace(item, split="test") for item in pictures(10, chance)]
        for beside, fold_is in (([], "test"), (given, "val")):
            found = [
                assigned([*items, *beside], 0, Splitting(fold=Fold(number, 4)))[0]
                for number in range(1, 5)
            ]
            of_items = zip(*(splits[:120] for splits in found), strict=True)
            assert [splits.count(fold_is) for splits in of_items] == [1] * 120
            assert all(set(splits[120:]) <= {"test"} for splits in found)

    def test_added_pictures_move_nobody_into_a_fold_or_out_of_it(self) -> None:
        chance = random.Random(6)
        items, more = pictures(80, chance), pictures(200, chance)
        for number in range(1, 6):
            splitting = Splitting(fold=Fold(number, 5))
            before = assigned(items, 0, splitting)[0]
            after = assigned([*items, *more], 0, splitting)[0][:80]
            assert [one == "test" for one in after] == [one == "test" for one in before]

    def test_a_class_that_falls_into_one_fold(self) -> None:
        chance = random.Random(7)
        items = pictures(100, chance) + pictures(1, chance, "owls")
        notes = [assigned(items, 0, Splitting(fold=Fold(number, 2)))[1] for number in (1, 2)]
        held_back = [note for each in notes for note in each if "owls" in note]
        assert len(held_back) == 1
        assert held_back[0].startswith('Few images in "owls": all of them fall into fold ')
        assert held_back[0].endswith(
            ", and one stays train, to be learnt from. It is test in no fold."
        )

    def test_an_empty_fold(self) -> None:
        items = [Unsplit("1", "cats", "a"), Unsplit("2", "cats", "b"), Unsplit("3", "dogs", "a")]
        texts = set()
        for number in range(1, 21):
            try:
                assigned(items, 0, Splitting(fold=Fold(number, 20)))
            except ImageSetError as error:
                texts.add(str(error).partition(" is empty: ")[2])
        assert texts >= {
            "with seed 0, none of 2 groups fall into it. Give fewer folds, or another seed."
        }


class TestGroups:
    def test_no_group_and_no_copy_is_on_both_sides(self) -> None:
        chance = random.Random(8)
        tried = 0
        for seed in range(300):
            items = in_groups(chance.randint(30, 200), chance.randint(6, 60), chance)
            share = chance.choice([0.1, 0.15, 0.3])
            fold = Fold(chance.randint(1, 3), 3) if seed % 3 == 0 else None
            shares = Shares(share) if fold else Shares(share, share)
            try:
                splits, _ = assigned(items, seed, Splitting(shares, fold))
            except ImageSetError:  # few groups: a class or a fold may be left without any
                continue
            tried += 1
            found = defaultdict(set)
            for item, split in zip(items, splits, strict=True):
                found[item.digest].add(split)
                if item.group:
                    found[item.group].add(split)
            assert all(len(each) == 1 for each in found.values())
        assert tried > 250

    def test_shares_hold_by_class_as_well_as_groups_allow(self) -> None:
        chance = random.Random(9)
        items = [
            Unsplit(digest(chance), "ab"[group % 2], f"g{group}")
            for group in range(600)
            for _ in range(4)
        ]
        splits, notes = assigned(items, 0)
        counts = Counter((item.label, split) for item, split in zip(items, splits, strict=True))
        # 300 groups of 4 in each class.
        for label in "ab":
            for split in ("val", "test"):
                assert counts[label, split] == 45 * 4
        assert notes == [
            f"{BY_GROUP}: 1680 train, 360 val, 360 test.",
            "600 groups, each in one split.",
        ]

    def test_groups_of_different_sizes_are_off_and_said_to_be(self) -> None:
        items = [Unsplit(f"{n}", "a", "large" if n < 20 else f"g{n}") for n in range(29)]
        for seed in range(5):
            splits, notes = assigned(items, seed)
            # 10 groups, of which 1.5 are 2: of 29 pictures some 4 would be wanted.
            numbers = ", ".join(f"{splits.count(one)} {one}" for one in ("train", "val", "test"))
            by_group = BY_GROUP.replace("seed 0", f"seed {seed}")
            assert notes[0] == f'{by_group}: {numbers}. More than one image off: "a" ({numbers}).'

    def test_groups_that_share_a_picture_go_together_and_lone_ones_are_said(self) -> None:
        items = [
            Unsplit("1", "cats", "a", path="1.png"),
            Unsplit("2", "cats", "b", path="2.png"),
            Unsplit("2", "cats", "a", path="copy.png"),
            Unsplit("3", "cats", "b", path="3.png"),
            Unsplit("4", "cats", path="4.png"),
        ]
        for seed in range(30):
            splits, notes = assigned(items, seed)
            assert len(set(splits[:4])) == 1
            assert notes[1] == (
                "2 groups, each in one split; those that share an image go together, which leaves "
                '1; without a group: 1 image ("4.png").'
            )

    def test_a_group_on_both_sides_of_given_splits(self) -> None:
        items = [
            Unsplit("1", "cats", "rex", "train", "train/1.png"),
            Unsplit("2", "cats", "rex", "test", "test/2.png"),
            Unsplit("3", "cats", "rex", "test", "test/3.png"),
        ]
        assert fault(items) == (
            'Group "rex" is on both sides: 2 images ("test/2.png", "test/3.png") test; 1 image '
            '("train/1.png") train.\n'
            "A model that knows a group from training is flattered there: put all images of a "
            "group into one split."
        )
        items[0] = replace(items[0], split=None)
        assert '1 image ("train/1.png") left for train; 2 images' in fault(items)
        # Open beside train is train.
        items[1:] = [replace(item, split="train") for item in items[1:]]
        assert assigned(items, 0)[0] == ["train"] * 3

    def test_groups_joined_by_a_copy_over_both_sides(self) -> None:
        items = [
            Unsplit("1", "cats", "rex", "train", "1.png"),
            Unsplit("1", "cats", "tim", "test", "2.png"),
        ]
        assert fault(items).startswith(
            'Groups "rex", "tim" hold copies of one image, so they belong together, but are on '
            'both sides: 1 image ("2.png") test; 1 image ("1.png") train.'
        )

    def test_many_groups_on_both_sides(self) -> None:
        given: tuple[Split, ...] = ("train", "val")
        items = [
            Unsplit(f"{group} {split}", "cats", f"g{group}", split, f"{split}/{group}")
            for group in range(9)
            for split in given
        ]
        lines = fault(items).splitlines()
        assert [line[:10] for line in lines[:3]] == ['Group "g0"', 'Group "g1"', 'Group "g2"']
        assert lines[3] == "And 6 more groups."

    def test_groups_that_leave_a_class_without_train(self) -> None:
        chance = random.Random(11)
        groups = [Unsplit(digest(chance), "cats", f"g{n % 40}") for n in range(200)]
        texts = []
        for seed in range(40):
            # Each owl is in a group of cats, so the owls are where those cats are.
            owls = [Unsplit(digest(chance), "owls", "g0")]
            try:
                assigned([*groups, *owls], seed)
            except ImageSetError as error:
                texts.append(str(error).replace(f"seed {seed}", "seed N"))
        assert 3 < len(texts) < 25
        assert set(texts) == {
            'No train images are left in "owls": with seed N, groups, copies or the split file '
            "put all of them into val or test. Choose another seed or smaller shares, or give the "
            "splits yourself."
        }

    def test_a_group_that_is_found_nowhere(self) -> None:
        items = [Unsplit("1", "cats", path="cats/1.png"), Unsplit("2", "cats", path="cats/2.png")]
        assert fault(items, Splitting(group="p[0-9]")) == (
            'The group "p[0-9]" is found in none of 2 paths, such as "cats/1.png". It is a regular '
            "expression over the path as shown here."
        )


class TestKept:
    def test_the_file_decides_and_the_rest_is_drawn(self) -> None:
        chance = random.Random(12)
        items, more = pictures(40, chance), pictures(10, chance)
        before = assigned(items, 0)[0]
        kept = {item.digest: split for item, split in zip(items, before, strict=True)}
        splitting = Splitting(kept={**kept, "gone": "val"})
        splits, notes = assigned([*items, *more], 99, splitting)
        assert splits[:40] == before
        assert notes == [
            USUAL.replace("seed 0", "seed 99") + ": 34 train, 8 val, 8 test.",
            "The split file decides the split of 40 images; 10 more are not in it.",
            "In the split file and not there any more: 1 image.",
        ]
        assert assigned(items, 99, Splitting(kept=kept)) == (
            before,
            ["The split file decides the split of 40 images."],
        )

    def test_rows_without_a_digest_go_by_path_and_copies_follow(self) -> None:
        items = [Unsplit("1", "cats", path="a.png"), Unsplit("1", "cats", path="copy.png")]
        items += pictures(20, random.Random(13))
        for split in ("val", "train"):
            assert assigned(items, 0, Splitting(kept_paths={"a.png": split}))[0][:2] == [split] * 2

    def test_a_digest_counts_more_than_a_path(self) -> None:
        items = [Unsplit("1", "cats", path="a.png"), *pictures(20, random.Random(14))]
        splitting = Splitting(kept={"1": "val"}, kept_paths={"a.png": "test"})
        assert assigned(items, 0, splitting)[0][0] == "val"

    def test_a_new_picture_follows_its_group(self) -> None:
        items = [Unsplit("1", "cats", "rex"), Unsplit("2", "cats", "rex")]
        items += [
            replace(one, group=f"g{n}") for n, one in enumerate(pictures(20, random.Random(15)))
        ]
        for split in ("val", "test"):
            assert assigned(items, 0, Splitting(kept={"1": split}))[0][:2] == [split] * 2

    def test_a_group_on_both_sides_of_the_file(self) -> None:
        items = [
            Unsplit("1", "cats", "rex", path="1.png"),
            Unsplit("2", "cats", "rex", path="2.png"),
        ]
        assert fault(items, Splitting(kept={"1": "val", "2": "train"})).startswith(
            'Group "rex" is on both sides: 1 image ("2.png") train; 1 image ("1.png") val.'
        )

    def test_the_source_wins_and_a_given_split_stays_as_it_is(self) -> None:
        items = pictures(30, random.Random(16))
        items[0] = replace(items[0], split="test")
        splits, notes = assigned(items, 0, Splitting(kept={items[0].digest: "val"}))
        assert splits[0] == "test"
        assert notes[1:] == [
            "The split file decides the split of 0 images; 29 more are not in it.",
            "The source's own split counts, not the split file's: 1 image (\"cats/0.png\").",
        ]
        assert fault(items, Splitting(kept={items[1].digest: "test"})) == (
            'The split file puts 1 image ("cats/1.png") into test, which is given by the source '
            "and stays as it is. Correct the split file, or move the images."
        )

    def test_the_file_of_another_set(self) -> None:
        assert fault(pictures(7, random.Random(17)), Splitting(kept={"other": "val"})) == (
            "The split file lists none of these 7 images, neither by content nor by path. Is it "
            "the file of another image set?"
        )

    def test_a_file_without_train(self) -> None:
        items = pictures(2, random.Random(18))
        kept: dict[str, Split] = {items[0].digest: "val", items[1].digest: "test"}
        assert fault(items, Splitting(kept=kept)).startswith(
            'No train images are left in "cats": with seed 0, groups, copies or the split file'
        )
