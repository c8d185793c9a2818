"""Folders of tiny pictures, made on the fly: layouts, splits, strange files, faults."""

import csv
import os
import random
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import Image
from support.findings import seen

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import load_images
from vgg_transfer.images.image_set import SPLITS, ImageSet
from vgg_transfer.images.sources import folder as folder_module
from vgg_transfer.images.splits import Fold, Shares, Splitting, read_split_file, save_split_file


def draw(path: Path, number: int) -> None:
    """Write a picture of 6 x 4 pixels; other numbers are other pictures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (6, 4), (number % 256, number // 256, 99)).save(path, format="PNG")


def fill(folder: Path, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        draw(folder / f"{number}.png", number)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """60 cats and 40 dogs, all different, with no split folders."""
    fill(tmp_path / "pets/dogs", 40, start=1000)
    fill(tmp_path / "pets/cats", 60)
    return tmp_path / "pets"


def splits(image_set: ImageSet) -> dict[str, str]:
    return {entry.path.name: entry.split for entry in image_set.records}


def totals(image_set: ImageSet) -> dict[str, int]:
    return {split: len(image_set.split(split)) for split in SPLITS}


def fault(folder: Path, splitting: Splitting | None = None) -> str:
    with pytest.raises(ImageSetError) as error:
        load_images(folder, splitting=splitting or Splitting())
    return str(error.value).replace(str(folder), "FOLDER")


class TestClassFolders:
    def test_every_image_is_found_and_split(self, pets: Path) -> None:
        images = load_images(pets)
        assert images.class_names == ("cats", "dogs")
        assert (len(images.records), images.skipped) == (100, ())
        assert images.root == pets
        assert all((entry.width, entry.height) == (6, 4) for entry in images.records)
        assert all(
            images.class_names[entry.label] == entry.path.parent.name for entry in images.records
        )
        assert all(images.counts()[split][name] for split in SPLITS for name in ("cats", "dogs"))
        assert seen(images) == (
            "There are no split folders.",
            "Of every class, 15% is val and 15% is test, drawn by file contents and seed 0: 70 "
            "train, 15 val, 15 test.",
        )

    def test_the_order_is_that_of_the_paths(self, pets: Path) -> None:
        paths = [os.fsencode(entry.path) for entry in load_images(pets).records]
        assert paths == sorted(paths)

    def test_seed_and_shares_are_obeyed(self, pets: Path) -> None:
        assert splits(load_images(pets, seed=1)) != splits(load_images(pets, seed=2))
        images = load_images(pets, seed=5, splitting=Splitting(Shares(validation=0.5, test=0)))
        assert totals(images)["test"] == 0
        assert totals(images)["val"] == 50
        assert seen(images) == (
            "There are no split folders.",
            "Of every class, 50% is val, drawn by file contents and seed 5: 50 train, 50 val.",
        )

    def test_a_moved_folder_is_the_same_set(self, pets: Path, tmp_path: Path) -> None:
        before = load_images(pets)
        shutil.move(pets, tmp_path / "elsewhere")
        after = load_images(tmp_path / "elsewhere")
        assert (after.digest, after.manifest_rows()) == (before.digest, before.manifest_rows())
        draw(tmp_path / "elsewhere/cats/0.png", 9999)
        assert load_images(tmp_path / "elsewhere").digest != before.digest

    def test_added_renamed_and_copied_files_keep_their_splits(self, pets: Path) -> None:
        before = splits(load_images(pets))
        fill(pets / "cats", 30, start=500)
        fill(pets / "dogs", 30, start=2000)
        for number in range(10):
            shutil.copy(pets / f"cats/{number}.png", pets / f"cats/copy of {number}.png")
            (pets / f"dogs/{1000 + number}.png").rename(pets / f"dogs/renamed {number}.png")
        after = splits(load_images(pets))
        for number in range(10):
            assert after[f"copy of {number}.png"] == before[f"{number}.png"]
            after[f"{1000 + number}.png"] = after[f"renamed {number}.png"]
        assert {name: after[name] for name in before} == before

    def test_small_classes_get_every_split(self, tmp_path: Path) -> None:
        for name, start in (("a", 0), ("b", 10), ("c", 20)):
            fill(tmp_path / name, 3, start)
        fill(tmp_path / "single", 1, 30)
        images = load_images(tmp_path)
        assert all(images.counts()[split][name] == 1 for split in SPLITS for name in "abc")
        assert images.counts()["train"]["single"] == 1
        assert seen(images)[2:] == (
            'No val images in "single": val numbers say nothing there.',
            'No test images in "single": test numbers say nothing there.',
        )

    def test_a_relative_folder_gives_absolute_paths(
        self, pets: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(pets.parent)
        assert load_images("pets") == load_images(pets)


class TestSplitFolders:
    def make(self, root: Path, names: Iterable[str]) -> Path:
        for start, split in enumerate(names):
            fill(root / split / "cats", 20, start * 200)
            fill(root / split / "dogs", 20, start * 200 + 100)
        return root

    @pytest.mark.parametrize(
        "names",
        [
            ("train", "val", "test"),
            ("Train", "VALID", "Test"),
            ("Training", "validation", "Testing"),
        ],
    )
    def test_all_three_are_taken_as_they_are(self, tmp_path: Path, names: tuple[str, ...]) -> None:
        images = load_images(self.make(tmp_path, names))
        assert totals(images) == {"train": 40, "val": 40, "test": 40}
        assert seen(images) == ()
        by_folder = dict(zip(names, SPLITS, strict=True))
        assert all(
            entry.split == by_folder[entry.path.parent.parent.name] for entry in images.records
        )

    def test_a_missing_val_is_drawn_from_train(self, tmp_path: Path) -> None:
        images = load_images(self.make(tmp_path, ("train", "test")), seed=3)
        assert totals(images)["test"] == 40
        assert totals(images)["val"] == 6
        assert all("test" in entry.path.parts for entry in images.split("test"))
        assert seen(images)[:2] == (
            "There is no val folder.",
            "Of every class, 15% is val, drawn by file contents and seed 3: 34 train, 6 val.",
        )

    def test_beside_a_val_no_test_is_drawn(self, tmp_path: Path) -> None:
        images = load_images(self.make(tmp_path, ("train", "val")))
        assert totals(images) == {"train": 40, "val": 40, "test": 0}
        assert seen(images) == (
            "There is no test folder: the number to report is that of val, which also chooses "
            "between trainings and so flatters. A test folder gives one that does not.",
        )

    def test_from_train_alone_both_are_drawn(self, tmp_path: Path) -> None:
        images = load_images(self.make(tmp_path, ("train",)))
        assert all(totals(images).values())
        assert seen(images)[:2] == (
            "There is only a train folder.",
            "Of every class, 15% is val and 15% is test, drawn by file contents and seed 0: 28 "
            "train, 6 val, 6 test.",
        )

    def test_a_class_missing_in_test_and_a_folder_beside_are_noted(self, tmp_path: Path) -> None:
        self.make(tmp_path, ("train", "val", "test"))
        shutil.rmtree(tmp_path / "test/dogs")
        fill(tmp_path / "unlabelled", 2)
        assert seen(load_images(tmp_path)) == (
            'Not read, because beside split folders: "unlabelled".',
            'No test images in "dogs": test numbers say nothing there.',
        )

    def test_train_may_be_a_class(self, tmp_path: Path) -> None:
        fill(tmp_path / "train", 5)
        fill(tmp_path / "bus", 5, 100)
        images = load_images(tmp_path)
        assert images.class_names == ("bus", "train")
        assert seen(images)[0] == (
            'Folder "train" was taken as a class: it has no class folders inside.'
        )


class TestSplitting:
    """That what is asked for reaches the rule, which has tests of its own."""

    def test_folds(self, pets: Path) -> None:
        found = [load_images(pets, splitting=Splitting(fold=Fold(n, 5))) for n in range(1, 6)]
        tested = [entry.path for images in found for entry in images.split("test")]
        assert (len(tested), len(set(tested))) == (100, 100)
        assert seen(found[1]) == (
            "There are no split folders.",
            "Fold 2 of 5 is test; of every class, 15% is val, drawn by file contents and seed 0: "
            "61 train, 15 val, 24 test.",
        )

    def test_beside_a_test_folder_a_fold_is_val(self, pets: Path) -> None:
        pets.rename(pets.with_name("train"))
        fill(pets.parent / "test/cats", 5, 5000)
        images = load_images(pets.parent, splitting=Splitting(fold=Fold(1, 4)))
        assert all("test" in entry.path.parts for entry in images.split("test"))
        assert (totals(images)["test"], totals(images)["train"] + totals(images)["val"]) == (5, 100)
        assert seen(images)[:2] == (
            "There is no val folder.",
            "Fold 1 of 4 is val, drawn by file contents and seed 0: 72 train, 28 val.",
        )

    def test_beside_a_val_folder_a_test_is_drawn_where_it_is_asked_for(self, pets: Path) -> None:
        pets.rename(pets.with_name("train"))
        fill(pets.parent / "val/cats", 5, 5000)
        images = load_images(pets.parent, splitting=Splitting(Shares(test=0.3)))
        assert totals(images)["val"] == 5
        assert totals(images)["test"] == 30
        assert seen(images)[0] == (
            "Of every class, 30% is test, drawn by file contents and seed 0: 70 train, 30 test."
        )

    def test_groups_by_path(self, pets: Path) -> None:
        images = load_images(pets, splitting=Splitting(group=r"(\d)\.png"))  # by the last digit
        splits_of = {entry.path.stem[-1]: set[str]() for entry in images.records}
        for entry in images.records:
            splits_of[entry.path.stem[-1]].add(entry.split)
        assert all(len(each) == 1 for each in splits_of.values())
        assert seen(images)[2] == "10 groups, each in one split."

    def test_a_group_over_two_split_folders(self, pets: Path) -> None:
        pets.rename(pets.with_name("train"))
        draw(pets.parent / "test/cats/3 again.png", 5000)
        assert fault(pets.parent, Splitting(group=r"/(\d+)( again)?\.png")) == (
            'Group "3" is on both sides: 1 image ("train/cats/3.png") left for train; '
            '1 image ("test/cats/3 again.png") test.\n'
            "A model that knows a group from training is flattered there: put all images of a "
            "group into one split."
        )

    def test_a_split_file_keeps_splits_through_another_seed_and_new_names(
        self, pets: Path, tmp_path: Path
    ) -> None:
        before = load_images(pets)
        save_split_file(before, tmp_path / "splits.csv")
        for path in (pets / "cats").iterdir():
            path.rename(path.with_name(f"renamed {path.name}"))
        fill(pets / "cats", 20, 500)
        (pets / "dogs/1000.png").unlink()
        kept = read_split_file(tmp_path / "splits.csv")
        splitting = Splitting(kept=kept.digests, kept_paths=kept.paths)
        after = load_images(pets, seed=9, splitting=splitting)
        split_of = {entry.digest: entry.split for entry in before.records}
        assert all(
            split_of.get(entry.digest, entry.split) == entry.split for entry in after.records
        )
        assert seen(after)[2:] == (
            "The split file decides the split of 99 images; 20 more are not in it.",
            "In the split file and not there any more: 1 image.",
        )

    def test_paths_alone_find_images_below_the_folder(self, pets: Path) -> None:
        splitting = Splitting(kept_paths={"cats/3.png": "val", "dogs/1003.png": "val"})
        assert splits(load_images(pets, splitting=splitting))["3.png"] == "val"

    def test_what_the_folder_gives_already_is_refused_before_any_image_is_read(
        self, pets: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pets.rename(pets.with_name("train"))
        fill(pets.parent / "val/cats", 5, 5000)
        monkeypatch.setattr(folder_module, "scan", None)  # reading would fail
        assert fault(pets.parent, Splitting(Shares(validation=0.2))) == (
            "The share of 0.2 for val has no effect: the images have a val split already.\n"
            "Leave out what has no effect."
        )

    def test_one_class_is_enough_to_be_judged(self, pets: Path) -> None:
        shutil.rmtree(pets / "dogs")
        images = load_images(pets, splitting=Splitting(Shares(0, 0)), least_classes=1)
        assert images.class_names == ("cats",)
        assert totals(images) == {"train": 60, "val": 0, "test": 0}
        assert seen(images) == ("There are no split folders.", "All images are train.")


class TestStrangeFiles:
    def test_everything_unreadable_is_listed_and_hidden_files_are_not(self, pets: Path) -> None:
        (pets / "cats/empty.jpg").touch()
        (pets / "cats/Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0 thumbnails")
        (pets / "cats/.DS_Store").write_bytes(b"Bud1")
        (pets / "dogs/text.jpg").write_text("no photograph")
        whole = (pets / "dogs/1000.png").read_bytes()
        (pets / "dogs/cut.png").write_bytes(whole[:50])
        (pets / "dogs/gone.png").symlink_to(pets / "nothing.png")
        (pets / "README.md").write_text("about these pets")
        (pets / "labels.json").write_text("{}")
        (pets / "__MACOSX").mkdir()
        (pets / ".cache").mkdir()
        draw(pets / "stray.png", 7)

        images = load_images(pets)

        assert len(images.records) == 100
        assert [
            (entry.path.relative_to(pets).as_posix(), entry.reason) for entry in images.skipped
        ] == [
            ("cats/Thumbs.db", "not an image"),
            ("cats/empty.jpg", "empty file"),
            ("dogs/cut.png", "truncated PNG: the file ends before the picture does"),
            ("dogs/gone.png", "a link to nothing"),
            ("dogs/text.jpg", "not an image"),
            ("stray.png", "not in a class folder"),
        ]

    def test_folders_within_a_class_and_links_are_read_once(
        self, pets: Path, tmp_path: Path
    ) -> None:
        draw(tmp_path / "store/deep/extra.png", 5000)
        draw(tmp_path / "single.png", 5001)
        (pets / "cats/linked").symlink_to(tmp_path / "store")
        (pets / "cats/file link.png").symlink_to(tmp_path / "single.png")
        draw(pets / "cats/sub/sub/inner.png", 5002)
        (pets / "cats/again").symlink_to(pets / "cats/sub")
        (pets / "cats/sub/up").symlink_to(pets)
        (pets / "cats/sub/self").symlink_to(pets / "cats")
        (pets / "cats/root").symlink_to("/")
        (pets / "cats/loop").symlink_to("loop")

        images = load_images(pets)

        names = {entry.path.relative_to(pets).as_posix() for entry in images.records}
        assert len(images.records) == 103
        assert {
            "cats/linked/deep/extra.png",
            "cats/file link.png",
            "cats/sub/sub/inner.png",
        } <= names
        reasons = {
            entry.path.relative_to(pets).as_posix(): entry.reason for entry in images.skipped
        }
        for name in ("cats/again", "cats/sub/up", "cats/sub/self", "cats/root"):
            assert reasons.pop(name) == "a link to a folder above it, or read already"
        assert reasons.keys() == {"cats/loop"}

    def test_names_with_line_breaks_quotes_and_stray_bytes(
        self, pets: Path, tmp_path: Path
    ) -> None:
        names = [b"two\nlines.png", b'quote".png', b"comma, space.png", b"latin \xe9.png"]
        for number, name in enumerate(names):
            draw(pets / "cats" / os.fsdecode(name), 3000 + number)
        images = load_images(pets)
        assert len(images.digest) == 64
        assert {os.fsencode(entry.path.name) for entry in images.records} > set(names)

        manifest = tmp_path / "manifest.csv"
        with manifest.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            csv.writer(file).writerows(images.manifest_rows())
        with manifest.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
            assert [tuple(row) for row in csv.reader(file)] == images.manifest_rows()


class TestFaults:
    def test_a_missing_folder_names_what_is_missing_and_the_near_miss(self, pets: Path) -> None:
        wrong = pets.parent / "pest" / "cats"
        assert fault(wrong) == (
            f'Image folder "FOLDER" does not exist: there is no "pest" in "{pets.parent}". '
            'Did you mean "pets"?'
        )

    def test_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "pets.rar").touch()
        assert fault(tmp_path / "pets.rar") == (
            'Image folder "FOLDER" is a file. Unpack it if it is an archive, and give the folder '
            "that holds the class folders."
        )

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        (tmp_path / ".hidden").mkdir()
        assert fault(tmp_path) == 'Image folder "FOLDER" cannot be used: it is empty.'

    def test_loose_images(self, tmp_path: Path) -> None:
        fill(tmp_path, 7)
        assert fault(tmp_path) == (
            'Image folder "FOLDER" cannot be used: it has 7 files ("0.png", "1.png", "2.png", '
            '"3.png", "4.png" and 2 more) but no class folders. Put the images of each class into '
            'a folder of its own, such as "cats" and "dogs".'
        )

    def test_one_class_that_holds_the_classes(self, pets: Path) -> None:
        assert fault(pets.parent) == (
            'Image folder "FOLDER" cannot be used: there is one class only, "pets", and a '
            'classifier needs two. It holds "cats", "dogs": did you mean "FOLDER/pets"?'
        )

    def test_splits_inside_the_classes(self, tmp_path: Path) -> None:
        for name in ("cats/train", "cats/test", "dogs/train", "dogs/test"):
            fill(tmp_path / name, 2)
        assert fault(tmp_path) == (
            'Image folder "FOLDER" cannot be used: "cats", "dogs" hold split folders. Give such a '
            'folder itself (did you mean "FOLDER/cats"?), or put the splits on the outside: '
            '"train/CLASS", "test/CLASS".'
        )

    def test_a_class_without_readable_images(self, pets: Path) -> None:
        for name in ("ants", "bees"):
            (pets / name).mkdir()
        text = fault(pets)
        assert text == (
            'Image folder "FOLDER" cannot be used: 2 faults.\n'
            '- class folder "ants" has no readable images (0 of 0 files). '
            "Add some, or remove the folder.\n"
            '- class folder "bees" has no readable images (0 of 0 files). '
            "Add some, or remove the folder."
        )
        (pets / "bees").rmdir()
        (pets / "ants/empty.jpg").touch()
        for number in range(3):
            (pets / f"ants/text {number}.jpg").write_text("text")
        assert fault(pets) == (
            'Image folder "FOLDER" cannot be used: class folder "ants" has no readable images '
            '(0 of 4 files: "empty.jpg": empty file; "text 0.jpg": not an image; '
            '"text 1.jpg": not an image; …). Add some, or remove the folder.'
        )

    def test_no_readable_image_at_all(self, tmp_path: Path) -> None:
        for name in ("cats", "dogs"):
            (tmp_path / name).mkdir()
        start = 'Image folder "FOLDER" cannot be used: no readable images in "cats", "dogs" '
        assert fault(tmp_path) == start + "(0 of 0 files)."
        (tmp_path / "cats/a.jpg").touch()
        (tmp_path / "dogs/b.jpg").write_text("text")
        assert fault(tmp_path) == (
            start + '(0 of 2 files: "a.jpg": empty file; "b.jpg": not an image).'
        )

    def test_splits_without_classes_and_foreign_classes_all_at_once(self, tmp_path: Path) -> None:
        for name, start in (
            ("train/cats", 0),
            ("train/dogs", 10),
            ("test/Cats", 20),
            ("test/horse", 30),
        ):
            fill(tmp_path / name, 4, start)
        fill(tmp_path / "val", 3)
        (tmp_path / "train/birds").mkdir()
        assert fault(tmp_path).splitlines() == [
            'Image folder "FOLDER" cannot be used: 4 faults.',
            '- split folder "val" has no class folders, only 3 files. Put the images of each '
            'class into a folder of its own: "val/CLASS".',
            '- class "Cats" is in test but not in train. Did you mean "cats"?',
            '- class "horse" is in test but not in train.',
            '- class folder "train/birds" has no readable images (0 of 0 files). '
            "Add some, or remove the folder.",
        ]

    def test_a_given_split_without_readable_images(self, tmp_path: Path) -> None:
        fill(tmp_path / "train/cats", 4)
        fill(tmp_path / "train/dogs", 4, 10)
        (tmp_path / "test/cats").mkdir(parents=True)
        assert fault(tmp_path) == (
            'Image folder "FOLDER" cannot be used: split folder "test" has no readable images '
            "(0 of 0 files). Add some, or remove the folder."
        )

    def test_no_train_folder(self, tmp_path: Path) -> None:
        for name in ("trian/cats", "trian/dogs", "test/cats", "test/dogs"):
            fill(tmp_path / name, 2)
        assert fault(tmp_path) == (
            'Image folder "FOLDER" cannot be used: "test": there is no folder "train" beside, '
            'only "trian". Did you mean "train"?'
        )

    def test_two_folders_for_one_split(self, tmp_path: Path) -> None:
        for name in ("train/cats", "train/dogs", "val/cats", "valid/cats"):
            fill(tmp_path / name, 2)
        assert fault(tmp_path) == (
            'Image folder "FOLDER" cannot be used: "val", "valid" are all names of the split val. '
            "Keep one of them."
        )

    def test_a_split_name_among_class_folders(self, pets: Path) -> None:
        fill(pets / "test", 3)
        assert fault(pets) == (
            'Image folder "FOLDER" cannot be used: "test" without class folders inside, beside '
            '"cats", "dogs": are these splits or classes? Put class folders into every split '
            "folder, or rename."
        )

    def test_a_class_name_that_no_report_could_carry(self, pets: Path) -> None:
        draw(pets / os.fsdecode(b"caf\xe9") / "a.png", 1)
        assert fault(pets) == (
            'Image folder "FOLDER" cannot be used: class folder "caf\\udce9" has a name that is '
            "no UTF-8. Rename it."
        )

    def test_a_folder_that_may_not_be_read(
        self, pets: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scandir = os.scandir

        def refuse(path: Path) -> object:
            if Path(path).name == "cats":
                raise PermissionError(13, "Permission denied", str(path))
            return scandir(path)

        monkeypatch.setattr(os, "scandir", refuse)
        assert fault(pets) == (
            'Image folder "FOLDER" cannot be used: "FOLDER/cats" cannot be read: Permission denied.'
        )

    def test_many_faults_are_cut_short(self, tmp_path: Path) -> None:
        fill(tmp_path / "full", 2)
        for number in range(30):
            (tmp_path / f"empty {number}").mkdir()
        lines = fault(tmp_path).splitlines()
        assert lines[0] == 'Image folder "FOLDER" cannot be used: 30 faults.'
        assert (len(lines), lines[-1]) == (22, "- and 10 more.")


def test_the_file_system_s_order_plays_no_part(pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_images(pets)
    scandir = os.scandir

    class Shuffled:
        def __init__(self, path: Path) -> None:
            with scandir(path) as scanned:
                self.found = list(scanned)
            random.Random(0).shuffle(self.found)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.found

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(os, "scandir", Shuffled)
    assert load_images(pets) == before


def test_a_picture_in_two_classes_is_named(tiny_folder, tmp_path):
    shutil.copytree(tiny_folder, tmp_path / "data")
    for number in range(4):
        shutil.copy(
            tmp_path / "data" / "red" / f"0{number}.png",
            tmp_path / "data" / "blue" / f"x{number}.png",
        )
    (finding,) = [
        one for one in load_images(tmp_path / "data").findings if one.code == "in-two-classes"
    ]
    assert finding.severity == "warning"
    assert finding.seen == (
        '4 pictures in more than one class, of which one must be wrong ("blue/x0.png" and '
        '"red/00.png"; "blue/x1.png" and "red/01.png"; "blue/x2.png" and "red/02.png" and 1 more): '
        "take the wrong ones away."
    )
