"""The image set as a value, from records written by hand."""

from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import load_images
from vgg_transfer.images.image_set import ImageRecord, ImageSet, Skipped, Split
from vgg_transfer.words import printable

ROOT = Path("/pets")


def record(name: str, label: int, split: Split, digest: str = "") -> ImageRecord:
    return ImageRecord(ROOT / name, label, split, digest or f"digest of {name}", 40, 30)


PETS = ImageSet(
    source="folder /pets",
    class_names=("cats", "dogs"),
    records=(
        record("cats/a.jpg", 0, "train"),
        record("cats/b.jpg", 0, "test"),
        record("dogs/c.jpg", 1, "train"),
        record("dogs/d.jpg", 1, "train"),
        record("dogs/e.jpg", 1, "train"),
    ),
    skipped=(Skipped(ROOT / "dogs/f.jpg", "empty file"),),
    root=ROOT,
)


def changed(index: int, **changes: object) -> ImageSet:
    records = list(PETS.records)
    records[index] = replace(records[index], **changes)
    return replace(PETS, records=tuple(records))


def test_it_is_a_value() -> None:
    assert replace(PETS) == PETS
    assert hash(replace(PETS)) == hash(PETS)
    assert changed(0, label=1) != PETS
    with pytest.raises(FrozenInstanceError):
        PETS.source = "elsewhere"  # type: ignore[misc]


def test_digest_follows_what_a_training_sees() -> None:
    assert len(PETS.digest) == 64
    assert changed(0, digest="other bytes").digest != PETS.digest
    assert changed(0, label=1).digest != PETS.digest
    assert changed(0, split="val").digest != PETS.digest
    assert replace(PETS, class_names=("cats", "wolves")).digest != PETS.digest
    assert replace(PETS, records=PETS.records[::-1]).digest != PETS.digest
    assert replace(PETS, records=PETS.records[1:]).digest != PETS.digest


def test_digest_does_not_follow_the_place() -> None:
    moved = tuple(
        replace(entry, path=Path("/mnt") / entry.path.relative_to(ROOT)) for entry in PETS.records
    )
    elsewhere = replace(PETS, source="/mnt", records=moved, root=Path("/mnt"), skipped=())
    assert elsewhere.digest == PETS.digest


def test_splits_and_counts() -> None:
    assert [entry.path.name for entry in PETS.split("train")] == [
        "a.jpg",
        *["c.jpg", "d.jpg", "e.jpg"],
    ]
    assert PETS.split("val") == ()
    assert PETS.counts() == {
        "train": {"cats": 1, "dogs": 3},
        "val": {"cats": 0, "dogs": 0},
        "test": {"cats": 1, "dogs": 0},
    }


def test_class_weights_balance_the_train_split() -> None:
    assert PETS.class_weights() == {0: 4 / (2 * 1), 1: 4 / (2 * 3)}


def test_effective_class_weights_by_hand() -> None:
    # N = 4, so b = 3/4: one image counts as 1, three as (1 - 27/64) / (1/4) = 37/16.
    # Weights 1 and 16/37 have the mean (1 + 3 · 16/37) / 4 = 85/148 over the four images.
    assert PETS.class_weights("effective") == {
        0: pytest.approx(148 / 85),
        1: pytest.approx(16 / 37 * 148 / 85),
    }


@pytest.mark.parametrize("kind", ["balanced", "effective"])
def test_class_weights_have_the_mean_1_and_raise_the_rare_class(kind: str) -> None:
    labels = [0] * 90 + [1] * 9 + [2]
    records = tuple(record(f"{number}", label, "train") for number, label in enumerate(labels))
    pets = ImageSet("an array", ("a", "b", "c"), records)
    weights = pets.class_weights(kind)
    assert sum(weights[label] for label in labels) / 100 == pytest.approx(1)
    assert weights[0] < weights[1] < weights[2]
    # Gentler: the rarest class is not lifted all the way.
    ratio = weights[2] / weights[0]
    assert ratio == pytest.approx(90) if kind == "balanced" else 50 < ratio < 90
    # Twice as many images of every class change nothing, or next to nothing.
    twice = ImageSet("an array", ("a", "b", "c"), records * 2).class_weights(kind)
    assert twice == pytest.approx(weights, rel=0.02)


@pytest.mark.parametrize("kind", ["balanced", "effective"])
def test_equal_classes_have_the_weight_1(kind: str) -> None:
    equal = changed(2, label=0).class_weights(kind)
    assert equal == {0: pytest.approx(1), 1: pytest.approx(1)}


@pytest.mark.parametrize("kind", ["balanced", "effective"])
def test_no_class_weight_without_train_images(kind: str) -> None:
    with pytest.raises(ImageSetError) as error:
        changed(0, split="val").class_weights(kind)
    assert str(error.value) == (
        'folder /pets: no class weight can be given to "cats": no train images. '
        "Add some, or leave the class out."
    )


def test_describe() -> None:
    assert PETS.describe() == (
        "5 images in 2 classes (cats 2, dogs 3): 4 train, 0 val, 1 test; 1 file skipped"
    )
    one = ImageSet("an array", ("cat\nfish",), (record("a", 0, "train"),))
    assert one.describe() == "1 image in 1 class (cat\\nfish 1): 1 train, 0 val, 0 test"
    names = tuple(f"class {number}" for number in range(100))
    many = tuple(record(f"{label} {n}", label, "train") for label in range(100) for n in (1, 2))
    assert ImageSet("an array", names, many[1:]).describe() == (
        "199 images in 100 classes (1 to 2 images each): 199 train, 0 val, 0 test"
    )


def test_manifest() -> None:
    rows = PETS.manifest_rows()
    assert rows[0] == ("path", "split", "class", "digest", "width", "height")
    assert rows[2] == ("cats/b.jpg", "test", "cats", "digest of cats/b.jpg", "40", "30")
    assert len(rows) == 6
    assert replace(PETS, root=None).manifest_rows()[1][0] == "/pets/cats/a.jpg"


def test_a_set_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ImageSetError) as error:
        ImageSet("table pets.csv", ("cats", "cats"), (record("a.jpg", 2, "train"),))
    assert str(error.value) == (
        'table pets.csv: class name "cats" is there 2 times; '
        'image "/pets/a.jpg" has label 2, but labels go from 0 to 1.'
    )


def test_printable_names_fit_one_line() -> None:
    assert printable("häuser 犬.jpg") == "häuser 犬.jpg"
    assert printable("two\nlines\x1b[2J\udcff") == "two\\nlines\\x1b[2J\\udcff"


def test_what_is_printed_of_an_image_set_is_three_lines(tiny_folder):
    images = load_images(tiny_folder)
    first, second, third = repr(images).splitlines()
    assert first == f"<ImageSet from folder {tiny_folder}"
    assert second == f"  {images.describe()}"
    assert third == f"  digest {images.digest[:12]}>"
