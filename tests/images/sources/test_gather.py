"""From rows to an image set: order, splits, skipped files and faults."""

from pathlib import Path

import pytest
from PIL import Image
from support.findings import seen

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.sources.gather import Row, class_order, gather
from vgg_transfer.images.sources.source import Reading
from vgg_transfer.images.splits import Shares, Splitting


def draw(path: Path, number: int) -> Path:
    """Write a picture of 6 x 4 pixels; other numbers are other pictures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (6, 4), (number % 256, number // 256, 99)).save(path, format="PNG")
    return path


@pytest.fixture
def rows(tmp_path: Path) -> list[Row]:
    """20 cats and 20 dogs, one after the other."""
    return [Row(draw(tmp_path / f"{n}.png", n), ("dog", "cat")[n % 2]) for n in range(40)]


def fault(rows: list[Row], least_classes: int = 2) -> str:
    with pytest.raises(ImageSetError) as error:
        gather(rows, "table pets.csv", Reading(least_classes=least_classes))
    return str(error.value)


def test_records_keep_the_order_of_the_rows(rows, tmp_path):
    images = gather(rows, "table pets.csv", root=tmp_path)
    assert images.class_names == ("cat", "dog")
    assert [record.path for record in images.records] == [row.path for row in rows]
    assert [record.label for record in images.records] == [1, 0] * 20
    assert {(record.width, record.height) for record in images.records} == {(6, 4)}
    drawn = "Of every class, 15% is val and 15% is test, drawn by file contents and seed 0"
    assert seen(images)[0] == f"{drawn}: 28 train, 6 val, 6 test."
    assert {record.split for record in images.records} == {"train", "val", "test"}


def test_classes_keep_the_order_of_the_source_and_absent_ones_are_left_out(rows):
    images = gather(rows, "tfds", class_names=("dog", "bird", "cat"))
    assert images.class_names == ("dog", "cat")
    assert seen(images)[0] == 'Left out, because there are no images of them: "bird".'


def test_whole_numbers_are_ordered_by_size_and_other_names_by_alphabet():
    assert class_order(["10", "9", "0"]) == ("0", "9", "10")
    assert class_order(["10", "9", "b"]) == ("10", "9", "b")


def test_paths_are_relative_to_the_root_only_where_all_lie_in_it(rows, tmp_path):
    assert gather(rows, "table", root=tmp_path).root == tmp_path
    outside = gather(rows, "table", root=tmp_path / "elsewhere")
    assert outside.root is None
    assert outside.manifest_rows()[1][0] == rows[0].path.as_posix()


def test_given_splits_stay_and_a_missing_val_is_drawn_from_train(rows):
    given = [
        Row(row.path, row.class_name, "test" if number < 8 else "train")
        for number, row in enumerate(rows)
    ]
    images = gather(given, "table")
    assert [record.path for record in images.split("test")] == [row.path for row in rows[:8]]
    assert images.split("val")
    assert (
        gather(given, "table", reading=Reading(splitting=Splitting(Shares(0)))).split("val") == ()
    )


def test_rows_without_a_split_are_open_and_named_ones_are_not(rows):
    given = [
        Row(row.path, row.class_name, "train" if number < 20 else None)
        for number, row in enumerate(rows)
    ]
    images = gather(given, "table", reading=Reading(splitting=Splitting(Shares(0.4, 0.4))))
    assert {record.split for record in images.records[:20]} == {"train"}
    assert {record.split for record in images.records[20:]} == {"train", "val", "test"}


def test_a_group_stays_in_one_split(rows):
    grouped = [
        Row(row.path, row.class_name, group=str(number // 4)) for number, row in enumerate(rows)
    ]
    images = gather(grouped, "table", reading=Reading(splitting=Splitting(Shares(0.3, 0.3))))
    for start in range(0, 40, 4):
        assert len({record.split for record in images.records[start : start + 4]}) == 1


def test_files_that_are_no_images_are_skipped_and_their_lines_named(rows, tmp_path):
    note = tmp_path / "note.txt"
    note.write_text("a note")
    images = gather([*rows, Row(note, "cat", where="line 42 of pets.csv")], "table", root=tmp_path)
    assert len(images.records) == 40
    (skipped,) = images.skipped
    assert (skipped.path, skipped.reason) == (note, "not an image (line 42 of pets.csv)")


def test_all_faults_of_the_classes_come_at_once(rows):
    held_out = Row(rows[0].path, "dgo", "test", where="line 2 of pets.csv")
    text = fault([held_out, *(Row(row.path, "dog") for row in rows[1:])])
    assert text == (
        "The table pets.csv cannot be used: 2 faults.\n"
        '- there is one class only to train on, "dog", and a classifier needs two.\n'
        '- class "dgo" is in test but not in train: line 2 of pets.csv. Did you mean "dog"?'
    )


def test_images_that_are_only_judged_need_no_train_split_and_one_class(rows):
    held_out = [Row(row.path, "dog", "test") for row in rows]
    assert "it has no train images" in fault(held_out)
    assert len(gather(held_out, "table", Reading(least_classes=1)).split("test")) == 40
    assert fault([], least_classes=1) == "The table pets.csv cannot be used: it has no images."


def test_classes_and_splits_without_a_readable_image_are_faults(rows, tmp_path):
    note = tmp_path / "note.txt"
    note.write_text("a note")
    unreadable = [Row(note, "bird"), Row(note, "cat", "val")]
    assert fault([*rows, *unreadable]) == (
        "The table pets.csv cannot be used: 2 faults.\n"
        '- class "bird" has no readable images to train on ("note.txt": not an image).\n'
        '- val has no readable images ("note.txt": not an image).'
    )
