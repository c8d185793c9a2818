"""Tables of images: columns, delimiters, and every mistake by its line."""

import os
import shutil
from pathlib import Path

import pytest
from PIL import Image
from support.findings import seen

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import load_images
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.images.sources.table import Columns, load_table

EXPECTED = {f"{n}.png": "cat" if n % 2 == 0 else "dog" for n in range(20)}
USUAL = Columns()


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """A folder of pictures 0.png to 19.png."""
    for number in range(20):
        Image.new("RGB", (6, 4), (number, 0, 99)).save(tmp_path / f"{number}.png")
    return tmp_path


def write(folder: Path, *lines: str, name: str = "pets.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_text("\n".join(lines) + "\n", encoding=encoding)
    return file


def rows(delimiter: str = ",", more: str = "") -> list[str]:
    """Return a line for each picture: cats have even numbers."""
    return [f"{n}.png{delimiter}{'cat' if n % 2 == 0 else 'dog'}{more}" for n in range(20)]


def labels(images: ImageSet) -> dict[str, str]:
    return {record.path.name: images.class_names[record.label] for record in images.records}


def fault(file: Path, columns: Columns = USUAL) -> str:
    with pytest.raises(ImageSetError) as error:
        load_table(file, columns=columns)
    return str(error.value).replace(str(file.parent), "FOLDER")


@pytest.mark.parametrize("header", ["path,label", "File,Class", "image,label", "filename,class"])
def test_columns_are_found_by_name(pets, header):
    images = load_table(write(pets, header, *rows()))
    assert labels(images) == EXPECTED
    assert images.source == f'table "{pets}/pets.csv"'
    assert images.root == pets


def test_without_a_header_the_first_column_is_the_path_and_the_second_the_label(pets):
    assert labels(load_table(write(pets, *rows()))) == EXPECTED


@pytest.mark.parametrize(("delimiter", "name"), [(";", "a.csv"), ("\t", "a.csv"), ("\t", "a.tsv")])
def test_the_delimiter_is_found(pets, delimiter, name):
    file = write(pets, f"label{delimiter}path", *("cat" + delimiter + f"{n}.png" for n in range(9)),
                 f"dog{delimiter}9.png", name=name)  # fmt: skip
    assert labels(load_table(file))["9.png"] == "dog"


def test_quotes_a_byte_order_mark_and_blank_lines(pets):
    Image.new("RGB", (6, 4), (99, 0, 99)).save(pets / "rex, asleep.png")
    lines = ["path,label", '"rex, asleep.png","dog ""Rex"""', "", *rows()]
    images = load_table(write(pets, *lines, encoding="utf-8-sig"))
    assert labels(images) == EXPECTED | {"rex, asleep.png": 'dog "Rex"'}


def test_columns_can_be_said_by_name_and_by_number(pets):
    file = write(pets, "id,picture,kind", *(f"{n},{line}" for n, line in enumerate(rows())))
    assert labels(load_table(file, columns=Columns("picture", "kind"))) == EXPECTED
    assert labels(load_table(file, columns=Columns(path="2", label="kind"))) == EXPECTED
    assert labels(load_images(f"csv:{file}?path=picture&label=3")) == EXPECTED


def test_a_label_column_of_whole_numbers_is_ordered_by_size(pets):
    lines = [f"{number}.png,{number % 11}" for number in range(20)]
    images = load_table(write(pets, "path,label", *lines))
    assert images.class_names == tuple(str(number) for number in range(11))


def test_splits_and_groups_come_from_their_columns(pets):
    splits = ["Training", "test", "validation", ""]
    lines = [f"{line},{splits[n // 2 % 4]}" for n, line in enumerate(rows())]
    images = load_table(write(pets, "path,label,split", *lines))
    assert [record.path.name for record in images.split("test")] == [
        f"{n}.png" for n in range(20) if n // 2 % 4 == 1
    ]
    assert len(images.split("val")) == 4
    assert len(images.split("train")) == 10  # an empty cell is train, val and test being given

    grouped = [f"{line},{n // 5}" for n, line in enumerate(rows())]
    images = load_table(write(pets, "path,label,animal", *grouped), columns=Columns(group="animal"))
    for start in range(0, 20, 5):
        assert len({record.split for record in images.records[start : start + 5]}) == 1
    assert "4 groups, each in one split." in seen(images)


def test_paths_may_lead_out_of_the_folder(pets, tmp_path_factory):
    other = tmp_path_factory.mktemp("tables")
    file = write(other, "path,label", *(f"{pets}/{line}" for line in rows()))
    images = load_table(file)
    assert labels(images) == EXPECTED
    assert images.root is None
    shown = ", ".join(f'"{pets}/{number}.png"' for number in range(5))
    assert f"20 files of the table outside of its folder: {shown} and 15 more." in seen(images)
    assert images.digest == load_table(write(pets, "path,label", *rows())).digest


def test_a_table_that_no_memory_holds(pets):
    file = write(pets, "path,label", *rows())
    os.truncate(file, 2**40)
    with pytest.raises(ImageSetError, match=r"cannot be read: it has more than 1 GB, which no"):
        load_table(file)


def test_a_column_is_not_suggested_that_would_move_the_cursor(pets):
    with pytest.raises(ImageSetError) as caught:
        load_table(write(pets, "\x1bpath,label", *rows()))
    assert "there is no column for the path" in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_file_that_is_named_twice_counts_once(pets):
    images = load_table(write(pets, "path,label", *rows(), "0.png,cat", "./1.png,dog"))
    assert labels(images) == EXPECTED
    assert seen(images)[0] == "2 lines name a file once more, which counts once."


def test_only_line_ends_part_lines_and_no_path_is_too_long_to_be_refused(pets):
    Image.new("RGB", (6, 4), (99, 0, 99)).save(pets / "rex\u2028.png")
    images = load_table(write(pets, "path,label", "rex\u2028.png,dog\x0b2", *rows()))
    assert images.class_names == ("cat", "dog", "dog\x0b2")
    text = fault(write(pets, "path,label", f"{'x' * 300}.png,dog", *rows()))
    assert "line 2: there is no file" in text


def test_every_mistake_is_named_with_its_line(pets):
    file = write(
        pets,
        "path,label,split",
        *rows(more=",train"),
        "gone.png,cat,train",
        "0.png,dog,train",
        "1.png,,train",
        "2.png,cat,trian",
        "3.png",
        ",cat,train",
    )
    assert fault(file) == (
        'The table "FOLDER/pets.csv" cannot be used: 6 faults.\n'
        '- line 22: there is no file "gone.png" in "FOLDER".\n'
        '- line 23: "0.png" has the class "dog" here and "cat" in line 2.\n'
        '- line 24: the label of "1.png" is empty.\n'
        '- line 25: "trian" is no split: give train, val or test, or nothing. '
        'Did you mean "train"?\n'
        "- line 26 has 1 columns: 3 are read.\n"
        "- line 27: the path is empty."
    )


def test_a_class_that_is_never_in_train_is_named_with_its_line(pets):
    file = write(pets, "path,label,split", *rows(more=",train")[:-1], "19.png,bird,test")
    assert fault(file) == (
        'The table "FOLDER/pets.csv" cannot be used: class "bird" is in test but not in train: '
        "line 21 of pets.csv."
    )


def test_missing_columns_are_named_beside_those_there_are(pets):
    assert fault(write(pets, "lable,picture", *rows())) == (
        'The table "FOLDER/pets.csv" cannot be used: 2 faults.\n'
        '- there is no column for the path: its columns are "lable", "picture". Name one of them '
        'path or file or filename or image, or say which it is: "csv:FILE?path=COLUMN".\n'
        '- there is no column for the label: its columns are "lable", "picture". Name one of them '
        'label or class, or say which it is: "csv:FILE?label=COLUMN". Did you mean "lable"?'
    )
    file = write(pets, "path,label", *rows())
    assert fault(file, Columns(path="phat", group="7")).endswith(
        '- there is no column "phat": its columns are "path", "label". Did you mean "path"?\n'
        '- there is no column "7": its columns are "path", "label".'
    )


def test_tables_that_cannot_be_read(pets):
    assert fault(write(pets, "")).endswith("cannot be used: it is empty.")
    assert fault(write(pets, "path,label")).endswith("cannot be used: it has no images.")
    assert fault(pets / "gone.csv") == (
        'There is no table "gone.csv" in "FOLDER". Did you mean "pets.csv"?'
    )
    assert fault(write(pets, "path,label", "0.png,Kätzchen", encoding="latin-1")).endswith(
        "cannot be used: line 2 is not UTF-8. Save it as UTF-8."
    )
    assert "line 3 cannot be read" in fault(write(pets, "path,label", "0.png,cat", '1.png,"dog'))


def test_a_table_that_grows_keeps_its_splits(tiny_folder, tmp_path):
    shutil.copytree(tiny_folder, tmp_path / "data")

    def splits(count: int) -> dict[str, str]:
        lines = [f"data/{name}/{n:02}.png,{name}" for name in ("red", "blue") for n in range(count)]
        (tmp_path / "table.csv").write_text("\n".join(["path,label", *lines]))
        records = load_images(tmp_path / "table.csv").records
        return {record.digest: record.split for record in records}

    before, after = splits(4), splits(12)
    assert {digest: after[digest] for digest in before} == before


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_line_ends_of_every_system(tiny_folder, tmp_path, end):
    shutil.copytree(tiny_folder, tmp_path / "data")
    lines = ["path;label"]
    lines += [f"data/{name}/{n:02}.png;{name}" for name in ("red", "blue") for n in range(12)]
    (tmp_path / "table.csv").write_bytes(end.join([*lines, ""]).encode())
    image_set = load_images(tmp_path / "table.csv")
    assert (image_set.class_names, len(image_set.records)) == (("blue", "red"), 24)
