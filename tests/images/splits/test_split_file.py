"""Split files: written, read back, and what is wrong with them."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.image_set import ImageRecord, ImageSet
from vgg_transfer.images.splits.split_file import SplitFile, read_split_file, save_split_file

ROOT = Path("/pets")
PETS = ImageSet(
    source="folder /pets",
    class_names=("cats", "dogs"),
    records=(
        ImageRecord(ROOT / "cats" / "a, b.jpg", 0, "train", "11", 6, 4),
        ImageRecord(ROOT / "cats" / os.fsdecode(b"\xe9\n.jpg"), 0, "val", "22", 6, 4),
        ImageRecord(ROOT / "dogs" / "c.jpg", 1, "test", "33", 6, 4),
    ),
    root=ROOT,
)


def fault(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ImageSetError) as error:
        read_split_file(file)
    return str(error.value).replace(str(file), "FILE")


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    assert save_split_file(PETS, tmp_path / "splits.csv")
    found = read_split_file(tmp_path / "splits.csv")
    assert found == SplitFile({"11": "train", "22": "val", "33": "test"}, {})


def test_the_same_is_not_written_again_and_another_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "splits.csv"
    save_split_file(PETS, file)
    before = file.read_bytes()
    assert not save_split_file(PETS, file)
    with pytest.raises(ImageSetError) as error:
        save_split_file(replace(PETS, records=PETS.records[1:]), file)
    assert str(error.value) == (
        f'"{file}" is there and says something else; nothing is overwritten. Give another name, '
        "or move it away."
    )
    assert file.read_bytes() == before


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(ImageSetError) as error:
        save_split_file(PETS, tmp_path / "gone" / "splits.csv")
    assert str(error.value) == (
        f'The split file "{tmp_path}/gone/splits.csv" cannot be written: No such file or directory.'
    )


def test_rows_without_a_digest_go_by_path(tmp_path: Path) -> None:
    file = tmp_path / "splits.csv"
    file.write_text("\ufeffPath, Split ,digest\na.jpg,Train,\n\nb.jpg,validation,22\n,test,33\n")
    assert read_split_file(file) == SplitFile({"22": "val", "33": "test"}, {"a.jpg": "train"})


def test_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "splits.csv").touch()
    with pytest.raises(ImageSetError) as error:
        read_split_file(tmp_path / "spilts.csv")
    assert str(error.value) == (
        f'There is no split file "{tmp_path}/spilts.csv". Did you mean "splits.csv"?'
    )


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ImageSetError, match=r'split file ".*" cannot be used: Is a directory\.'):
        read_split_file(tmp_path)


def test_wrong_headers(tmp_path: Path) -> None:
    start = (
        'The split file "FILE" cannot be used: its header needs the columns "split", and "digest" '
        'or "path"; it has '
    )
    file = tmp_path / "splits.csv"
    assert fault(file, "") == start + "none."
    assert fault(file, "splt,path\ntrain,a.jpg\n") == (
        start + '"splt", "path". Is "splt" meant to be "split"?'
    )
    assert fault(file, "split,paths\ntrain,a.jpg\n") == (
        start + '"split", "paths". Is "paths" meant to be "path"?'
    )


def test_no_rows(tmp_path: Path) -> None:
    assert fault(tmp_path / "splits.csv", "split,path\n") == (
        'The split file "FILE" cannot be used: it has no rows.'
    )


def test_all_faults_are_told_with_their_lines(tmp_path: Path) -> None:
    text = "split,digest,path\ntrain,11,a\ntset,22,b\ntest,11,c\nval,,\ntrain,,d\nval,,d\n,33,e\n"
    assert fault(tmp_path / "splits.csv", text).splitlines() == [
        'The split file "FILE" cannot be used: 5 faults.',
        '- line 3: "tset" is no split: train, val, test. Did you mean "test"?',
        '- line 4: test for the digest "11", which is train in line 2.',
        "- line 5: no digest and no path.",
        '- line 7: val for the path "d", which is train in line 6.',
        '- line 8: "" is no split: train, val, test.',
    ]


def test_many_faults_are_cut_short(tmp_path: Path) -> None:
    lines = fault(tmp_path / "splits.csv", "split,path\n" + "x,a.jpg\n" * 30).splitlines()
    assert (len(lines), lines[0][-10:], lines[-1]) == (22, "30 faults.", "- and 10 more.")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "splits.csv")
    with pytest.raises(ImageSetError, match=r"splits\.csv\" cannot be used: it is no file\."):
        read_split_file(tmp_path / "splits.csv")
