"""One store: rows in and out, two at once, and every way in which its files can be damaged."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest

from vgg_transfer.activations.files import Row, StoreDamaged, names_stored, open_store
from vgg_transfer.activations.room import discard, listing

KEY = "0123456789abcdef" * 2
ROW = Row((2, 3), "float32")
ENTRY = 68  # bytes: a name of 64, a checksum of 4
NOBODY_WAITS = None


def name(number):
    """Return a name as long as those that trainings give."""
    return f"{number:064x}"


def rows(*numbers, row=ROW):
    """Return a row for each number, filled with it."""
    return np.array([np.full(row.shape, number, row.dtype) for number in numbers])


def opened(cache, row=ROW):
    return open_store(cache, KEY, row, {"what": "a test"})


def add(store, *numbers):
    with store.filling(waiting=NOBODY_WAITS):
        store.append([name(number) for number in numbers], rows(*numbers, row=store.row))


def read(store, *numbers):
    """Return the first value of the row of each of these names."""
    return store.read(store.places([name(number) for number in numbers]))[:, 0, 0].tolist()


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def three(cache):
    """A closed store with rows 1, 2 and 3; returns its folder."""
    with opened(cache) as store:
        add(store, 1, 2, 3)
    return cache / KEY


@pytest.mark.parametrize("dtype", ["float32", "uint16"])
def test_rows_come_back_in_any_order_and_another_day(cache, dtype):
    row = Row((2, 3), dtype)
    with opened(cache, row) as store:
        assert store.missing([name(2), name(1), name(2)]) == [name(2), name(1)]
        add(store, 1, 2)
        add(store, 3)
        assert read(store, 3, 1, 1, 2) == [3, 1, 1, 2]
    with opened(cache, row) as store:
        assert store.missing([name(number) for number in range(5)]) == [name(0), name(4)]
        assert read(store, 2, 3, 1) == [2, 3, 1]
        assert store.read(store.places([name(3)])).dtype == dtype
    assert (cache / KEY / "rows.bin").stat().st_size == 3 * row.bytes
    assert (cache / KEY / "index.bin").stat().st_size == 3 * ENTRY


def test_a_name_that_is_added_twice_moves_nobody_elses_row(cache):
    with opened(cache) as store:
        with store.filling(waiting=NOBODY_WAITS):
            store.append([name(1), name(1), name(2)], rows(1, 1, 2))
            store.append([name(3)], rows(3))
        assert read(store, 1, 2, 3) == [1, 2, 3]


def test_rows_of_another_form_are_refused(cache):
    with opened(cache) as store, store.filling(waiting=NOBODY_WAITS):
        with pytest.raises(ValueError, match=r"rows of \(3, 2\) float32 do not fit Row"):
            store.append([name(1)], np.zeros((1, 3, 2), np.float32))
        with pytest.raises(ValueError, match=r"rows of \(2, 3\) float64 do not fit Row"):
            store.append([name(1)], np.zeros((1, 2, 3)))
        assert store.missing([name(1)]) == [name(1)]


def test_what_another_training_adds_is_seen_and_checked(cache):
    with opened(cache) as first, opened(cache) as second:
        add(first, 1, 2)
        assert second.missing([name(1), name(2), name(3)]) == [name(3)]
        assert read(second, 2, 1) == [2, 1]
        add(second, 3)
        add(first, 4)  # its place follows from what the other has added
        assert read(first, 3, 4) == [3, 4]
        assert second.missing([name(4)]) == []
        data = bytearray((cache / KEY / "rows.bin").read_bytes())
        add(first, 5)
        data.extend(b"\xff" * ROW.bytes)
        (cache / KEY / "rows.bin").write_bytes(data)
        with pytest.raises(StoreDamaged, match="1 of 5 rows are not what was written"):
            second.missing([])


def test_one_fills_and_the_other_waits_and_finds_all_done(cache):
    events, waits = [], threading.Event()

    def wait_and_look():
        def say():
            events.append("waits")
            waits.set()

        with opened(cache) as store, store.filling(say):
            events.append(store.missing([name(1), name(2)]))

    with opened(cache) as store:
        with store.filling(waiting=NOBODY_WAITS):
            other = threading.Thread(target=wait_and_look)
            other.start()
            assert waits.wait(10)
            store.append([name(1), name(2)], rows(1, 2))
        other.join(10)
    assert events == ["waits", []]


@pytest.mark.parametrize(
    ("more_rows", "more_index"),
    [(b"", b"\x01" * 30), (b"\x01" * 5, b""), (b"\x01" * ROW.bytes, b"\x01" * (ENTRY - 1))],
)
def test_what_a_killed_process_left_half_written_is_cut_off(three, cache, more_rows, more_index):
    for file, more in (("rows.bin", more_rows), ("index.bin", more_index)):
        with (three / file).open("ab") as end:
            end.write(more)
    with opened(cache) as store:
        assert store.missing([name(3), name(4)]) == [name(4)]
        add(store, 4)
        assert read(store, 1, 2, 3, 4) == [1, 2, 3, 4]
    with opened(cache) as store:
        assert read(store, 4, 3) == [4, 3]


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_shorter_index_is_a_shorter_store(three, cache, kept):
    index = (three / "index.bin").read_bytes()
    (three / "index.bin").write_bytes(index[: kept * ENTRY + 7])
    with opened(cache) as store:
        gone = list(range(kept + 1, 4))
        assert store.missing([name(number) for number in (1, 2, 3)]) == [name(n) for n in gone]
        add(store, *reversed(gone))
        assert read(store, 1, 2, 3) == [1, 2, 3]


def alter(file, place):
    data = bytearray(file.read_bytes())
    data[place] ^= 0xFF
    file.write_bytes(data)


DAMAGES = {
    "3 rows are listed, 2 are there": lambda f: (f / "rows.bin").write_bytes(b"\0" * 71),
    "3 rows are listed, 0 are there": lambda f: (f / "rows.bin").unlink(),
    "1 of 3 rows are not what was written": lambda f: alter(f / "rows.bin", 30),
    "1 of 3 rows are not what was written ": lambda f: alter(f / "index.bin", ENTRY + 2),
    "about.json is not what was written": lambda f: (f / "about.json").write_text('{"format": 1'),
    "about.json is not what was written ": lambda f: (f / "about.json").write_bytes(b"\xff\xfe"),
    "about.json is not what was written  ": lambda f: (f / "about.json").write_text("[1, 2]"),
    "about.json is not what was written   ": lambda f: (f / "about.json").write_text("[" * 50_000),
    "index.bin is larger than any store of ours": lambda f: os.truncate(f / "index.bin", 2**40),
    "about.json describes other rows": lambda f: (f / "about.json").write_text("{}"),
}


@pytest.mark.parametrize("text", DAMAGES)
def test_damage_is_found_when_a_store_is_opened(three, cache, text):
    DAMAGES[text](three)
    with pytest.raises(StoreDamaged) as damage:
        opened(cache)
    assert str(damage.value) == text.strip()
    assert discard(three)  # what was not opened is not in use
    with opened(cache) as store:
        assert store.missing([name(1)]) == [name(1)]


def test_what_cannot_be_looked_at_lists_no_rows(three):
    assert names_stored(three) == {name(1), name(2), name(3)}
    os.truncate(three / "index.bin", 2**40)
    assert names_stored(three) == frozenset()
    (three / "index.bin").unlink()
    (three / "index.bin").symlink_to(three / "rows.bin")
    assert names_stored(three) == frozenset()


def test_a_store_of_other_rows_is_not_read(three, cache):
    with pytest.raises(StoreDamaged, match=r"about\.json describes other rows"):
        opened(cache, Row((3, 2), "float32"))
    assert json.loads((three / "about.json").read_text()) == {
        "format": 1,
        "shape": [2, 3],
        "dtype": "float32",
        "what": "a test",
    }


def test_rows_that_are_cut_short_while_they_are_read(three, cache):
    with opened(cache) as store:
        (three / "rows.bin").write_bytes(b"\0" * (2 * ROW.bytes + 5))
        assert store.read(np.array([0, 1])).shape == (2, 2, 3)
        with pytest.raises(StoreDamaged, match="row 2 is cut short"):
            store.read(np.array([0, 2]))


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte."""
    if sys.platform != "linux":
        pytest.skip("mounts a small disk as Linux does")
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"mounting a small disk is not permitted here: {error}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_leaves_what_was_complete(small_disk):
    row = Row((100, 1000), "uint16")  # 200 kB: five do not fit beside the rest
    with opened(small_disk, row) as store, store.filling(waiting=NOBODY_WAITS):
        with pytest.raises(OSError, match="No space left") as full:
            [store.append([name(number)], rows(number, row=row)) for number in range(10)]
        assert full.value.errno == errno.ENOSPC
    with opened(small_disk, row) as store:
        missing = store.missing([name(number) for number in range(10)])
        assert missing == [name(number) for number in range(10 - len(missing), 10)]
        assert 3 <= 10 - len(missing) <= 5
        assert read(store, *range(10 - len(missing))) == list(range(10 - len(missing)))
        with store.filling(waiting=NOBODY_WAITS):  # cuts off the half row
            pass
    assert (small_disk / KEY / "rows.bin").stat().st_size == (10 - len(missing)) * row.bytes


@pytest.mark.parametrize("file", ["rows.bin", "index.bin"])
@pytest.mark.parametrize("kind", ["soft", "hard", "dangling", "pipe"])
def test_what_was_planted_under_a_files_name_is_not_written_to(cache, tmp_path, file, kind):
    precious = tmp_path / "precious"
    precious.write_bytes(b"here before")
    (cache / KEY).mkdir(parents=True)
    planted = cache / KEY / file
    match kind:
        case "soft":
            planted.symlink_to(precious)
        case "hard":
            planted.hardlink_to(precious)
        case "dangling":
            planted.symlink_to(tmp_path / "new")
        case "pipe":
            os.mkfifo(planted)
    with pytest.raises(OSError, match=re.escape(str(planted))), opened(cache) as store:
        add(store, 1, 2)
    assert precious.read_bytes() == b"here before"
    assert not (tmp_path / "new").exists()


def test_a_store_that_is_a_link_is_refused_and_never_removed(cache, three, tmp_path):
    three.rename(tmp_path / "elsewhere")
    three.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="it is a link, which is not followed"), opened(cache):
        pass
    assert listing(cache) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="gives a folder to another user")
def test_a_store_of_another_user_is_refused():
    with tempfile.TemporaryDirectory() as place:
        cache = Path(place)
        cache.chmod(0o777)
        (cache / KEY).mkdir()
        (cache / KEY).chmod(0o777)
        os.chown(cache / KEY, 65_533, -1)
        os.seteuid(65_534)
        try:
            with pytest.raises(OSError, match="it belongs to another user"), opened(cache):
                pass
        finally:
            os.seteuid(0)


@pytest.mark.parametrize("gone", ["rows.bin", "the store", "the cache"])
def test_rows_that_vanish_while_they_are_read_are_a_damage(three, cache, gone):
    with opened(cache) as store:
        if gone == "rows.bin":
            (three / "rows.bin").unlink()
        else:
            shutil.rmtree(three if gone == "the store" else cache)
        with pytest.raises(StoreDamaged) as damage:
            store.read(np.array([0]))
    assert str(damage.value) == f'"{three / "rows.bin"}": no such file or directory'


@pytest.mark.parametrize("file", ["rows.bin", "index.bin"])
def test_no_row_is_added_behind_rows_that_vanished(three, cache, file):
    """It would be taken for the one that stood there."""
    with opened(cache) as store, store.filling(waiting=NOBODY_WAITS):
        (three / file).unlink()
        with pytest.raises(StoreDamaged, match=f"{file} was changed while rows were added"):
            store.append([name(4)], rows(4))


def test_of_an_index_that_is_a_link_no_names_are_told(three, tmp_path):
    assert len(names_stored(three)) == 3
    (three / "index.bin").rename(tmp_path / "index.bin")
    (three / "index.bin").symlink_to(tmp_path / "index.bin")
    assert names_stored(three) == frozenset()
