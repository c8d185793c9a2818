"""Checkpoints: whole, at most two, and never believed before they are checked."""

import io
import json
import zipfile

import numpy as np
import pytest
from support.killed import progress

from vgg_transfer.errors import RunError
from vgg_transfer.run import (
    Checkpoint,
    has_checkpoint,
    keep_checkpoint,
    read_checkpoint,
    read_progress,
)
from vgg_transfer.run.checkpoint import drop_checkpoints

ARRAYS = {
    "weights/a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "optimizer/iterations": np.array(7, dtype=np.int64),
}


def keep(folder, *epochs):
    for number in epochs:
        keep_checkpoint(folder, Checkpoint(progress(epochs=number), ARRAYS))


def files(folder):
    return sorted(folder.glob("*"))


def members(file):
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(file, packed=zipfile.ZIP_STORED, **changes):
    """Write an archive again with other members; None leaves one out."""
    kept = members(file) | {name.replace("_", "."): content for name, content in changes.items()}
    with zipfile.ZipFile(file, "w", packed) as archive:
        for name, content in kept.items():
            if content is not None:
                archive.writestr(name, content)


def with_facts(file, change):
    facts = json.loads(members(file)["progress.json"])
    change(facts)
    rewrite(file, progress_json=json.dumps(facts))


def test_what_is_kept_comes_back(tmp_path):
    assert (read_checkpoint(tmp_path), read_progress(tmp_path)) == (None, None)
    assert not has_checkpoint(tmp_path)
    keep(tmp_path, 2)
    found = read_checkpoint(tmp_path)
    assert found.progress == progress(epochs=2) == read_progress(tmp_path)
    assert found.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert found.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(found.arrays[name], array)


def test_there_are_two_at_most_and_the_newest_counts(tmp_path):
    for number in range(1, 6):
        keep(tmp_path, number)
        assert len(files(tmp_path)) == min(number, 2)
        assert read_progress(tmp_path).within.epoch == number
    drop_checkpoints(tmp_path)
    assert files(tmp_path) == []


def test_a_full_disk_leaves_the_last_one(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    keep(tmp_path, 1, 2)
    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space left"):
        keep(tmp_path, 3)
    assert [file.suffix for file in files(tmp_path)] == [".npz"]
    assert read_progress(tmp_path).within.epoch == 2


def cut_short(file):
    file.write_bytes(file.read_bytes()[:-30])


def one_bit(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def pickled(file):
    stream = io.BytesIO()
    np.save(stream, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    rewrite(file, **{"0_npy": stream.getvalue()})


def huge(file):
    """Say that an array has a million million numbers."""
    stream = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": (10**12,)}
    np.lib.format.write_array_header_1_0(stream, header)
    rewrite(file, **{"0_npy": stream.getvalue()})


def too_large(file):
    rewrite(file, progress_json=b" " * 60_000_000 + b"{}")


def nested(file):
    rewrite(file, progress_json='{"format": ' + "[" * 100_000 + "]" * 100_000 + "}")


DAMAGES = {
    "cut short": cut_short,
    "empty": lambda file: file.write_bytes(b""),
    "one bit": one_bit,
    "no archive": lambda file: file.write_bytes(b"x" * 5000),
    "pickled array": pickled,
    "an array less": lambda file: rewrite(file, **{"1_npy": None}),
    "an array that is longer": lambda file: rewrite(
        file, **{"0_npy": members(file)["0.npy"] + b"x"}
    ),
    "an array that is huge": huge,
    "a bomb": lambda file: rewrite(file, zipfile.ZIP_DEFLATED),
    "no facts": lambda file: rewrite(file, progress_json=None),
    "facts too large": too_large,
    "facts nested": nested,
    "another version": lambda file: with_facts(file, lambda facts: facts.update(format=2)),
    "NaN": lambda file: with_facts(file, lambda facts: facts["progress"].update(seconds=np.nan)),
    "a word for a number": lambda file: with_facts(
        file, lambda facts: facts["progress"]["within"].update(epoch="two")
    ),
    "a key more": lambda file: with_facts(file, lambda facts: facts["progress"].update(more=1)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_where_the_newest_is_damaged_the_older_one_is_used(damage, tmp_path):
    keep(tmp_path, 1, 2)
    DAMAGES[damage](files(tmp_path)[1])
    assert read_checkpoint(tmp_path).progress.within.epoch == 1


@pytest.mark.parametrize("damage", DAMAGES)
def test_where_all_are_damaged_nothing_goes_on(damage, tmp_path):
    keep(tmp_path, 1, 2)
    for file in files(tmp_path):
        DAMAGES[damage](file)
    with pytest.raises(RunError) as refused:
        read_checkpoint(tmp_path)
    said = str(refused.value)
    assert said.startswith(f'"{files(tmp_path)[1]}" is damaged (')
    assert said.endswith(
        "), and there is no older one that is whole: this training cannot go on. Train again: "
        "activations that are stored already are not computed anew"
    )
    assert len(said) < 1000


def test_files_of_other_names_are_none_of_ours(tmp_path):
    for name in ("checkpoint-1.npz.bak", "checkpoint-x.npz", "checkpoint-.npz"):
        (tmp_path / name).write_text("mine")
    assert not has_checkpoint(tmp_path)
    keep(tmp_path, 1, 2, 3)
    drop_checkpoints(tmp_path)
    assert len(files(tmp_path)) == 3
