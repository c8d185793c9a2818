"""Where stores lie, how much room they take, and which go first."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from vgg_transfer.activations.files import Row, open_store
from vgg_transfer.activations.room import clear, discard, listing, make_room
from vgg_transfer.errors import VggTransferError
from vgg_transfer.places import cache_folder, size_limit

ROW = Row((250_000,), "float32")  # a megabyte
MEGABYTE = 1_000_000
NOW = time.time()
# Opens the store KEY in the folder CACHE, says so, and keeps it open until it is ended.
HOLDER = """
import sys
from pathlib import Path
from vgg_transfer.activations.files import Row, open_store
store = open_store(Path(sys.argv[1]), sys.argv[2], Row((250_000,), "float32"), {"what": "held"})
print("open", flush=True)
sys.stdin.read()
"""


def key(letter):
    return letter * 32


@pytest.fixture(autouse=True)
def limit(monkeypatch):
    """Return a function that sets the limit in megabytes; there is room on the disk."""
    disk = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk(10**12, 0, 10**12))

    def set_to(megabytes):
        monkeypatch.setenv("VGG_TRANSFER_CACHE_GB", str(megabytes / 1000))

    return set_to


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def opened(cache, letter):
    return open_store(cache, key(letter), ROW, {"what": f"store {letter}"})


def make(cache, letter, megabytes, hours_ago):
    """Make a store of that size, last used so long ago."""
    with opened(cache, letter) as store, store.filling(waiting=None):
        store.append(list(map(str, range(megabytes))), np.zeros((megabytes, 250_000), np.float32))
    entries = megabytes * 68
    use(cache, letter, hours_ago)
    return megabytes * MEGABYTE + entries


def use(cache, letter, hours_ago):
    os.utime(cache / key(letter), (NOW - hours_ago * 3600,) * 2)


def letters(entries):
    return "".join(entry.folder.name[0] for entry in entries)


def test_the_folder_is_chosen_or_in_the_users_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("VGG_TRANSFER_CACHE", "~/my activations")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "my activations"
    monkeypatch.setenv("VGG_TRANSFER_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/of-the-user")
    assert cache_folder() == Path("/var/of-the-user/vgg-transfer/activations")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == tmp_path / ".cache" / "vgg-transfer" / "activations"


@pytest.mark.parametrize(
    ("text", "expected"), [("", 50 * 10**9), ("0.5", 5 * 10**8), ("0", 0), ("1e2", 10**11)]
)
def test_the_limit_is_fifty_gigabytes_or_what_is_chosen(monkeypatch, text, expected):
    monkeypatch.setenv("VGG_TRANSFER_CACHE_GB", text)
    assert size_limit() == expected


@pytest.mark.parametrize("text", ["lots", "5 GB", "-1", "nan", "inf"])
def test_a_limit_that_is_no_size(monkeypatch, text):
    monkeypatch.setenv("VGG_TRANSFER_CACHE_GB", text)
    with pytest.raises(VggTransferError) as error:
        size_limit()
    assert str(error.value) == (
        f'VGG_TRANSFER_CACHE_GB must be a number of gigabytes, 0 or more; received "{text}"'
    )


def test_the_list_begins_with_what_was_used_last_and_changes_nothing(cache):
    assert listing(cache) == []
    size = make(cache, "a", 2, hours_ago=5)
    make(cache, "b", 1, hours_ago=1)
    make(cache, "c", 1, hours_ago=9)
    (cache / key("c") / "use-1-dead.lock").touch()
    (cache / key("b") / "about.json").write_text("not JSON")
    use(cache, "b", hours_ago=1)
    use(cache, "c", hours_ago=9)
    with opened(cache, "c"):
        use(cache, "c", hours_ago=9)
        found = listing(cache)
        assert listing(cache) == found
    assert letters(found) == "bac"
    assert [entry.what for entry in found] == ["damaged", "store a", "store c"]
    assert [entry.in_use for entry in found] == [False, False, True]
    assert found[1].bytes == size
    assert found[1].last_used == pytest.approx(NOW - 5 * 3600)
    assert letters(listing(cache)) == "cba"  # closing it was a use


@pytest.mark.parametrize("last_seen", [".", "about.json", "rows.bin"])
def test_what_vanishes_while_the_list_is_made_is_left_out(cache, limit, monkeypatch, last_seen):
    """Another process removes the store just before it is asked for that file."""
    for letter, hours in (("a", 3), ("b", 2), ("c", 1)):
        make(cache, letter, 1, hours)
    stat, asked_for = Path.stat, cache / key("b") / last_seen

    def vanish(path, **how):
        if path == asked_for:
            shutil.rmtree(cache / key("b"), ignore_errors=True)
        return stat(path, **how)

    monkeypatch.setattr(Path, "stat", vanish)
    assert letters(listing(cache)) == "ca"
    limit(megabytes=2.5)
    assert make_room(cache, MEGABYTE) is None
    assert letters(listing(cache)) == "c"


def test_nothing_but_stores_is_listed_or_removed(cache, limit):
    make(cache, "a", 1, hours_ago=1)
    for foreign in ("website", key("e")):
        (cache / foreign).mkdir()
        (cache / foreign / "photos.bin").write_bytes(b"precious")
    (cache / "website" / "about.json").write_text('{"what": "mine"}')
    (cache / key("f")).write_text("a file")
    limit(megabytes=0)
    assert make_room(cache, 0) is None
    assert clear(cache) == ([], [])
    assert (cache / "website" / "photos.bin").read_bytes() == b"precious"
    assert (cache / key("e") / "photos.bin").read_bytes() == b"precious"
    assert (cache / key("f")).exists()


def test_room_is_made_by_what_was_not_used_for_longest(cache, limit):
    for letter, hours in (("a", 3), ("b", 9), ("c", 1), ("d", 6)):
        make(cache, letter, 1, hours)
    limit(megabytes=5.1)
    assert make_room(cache, MEGABYTE) is None
    assert letters(listing(cache)) == "cadb"
    assert make_room(cache, 2 * MEGABYTE) is None
    assert letters(listing(cache)) == "cad"
    with opened(cache, "d"):  # using it makes it the last to go
        pass
    assert make_room(cache, 4 * MEGABYTE) is None
    assert letters(listing(cache)) == "d"


def test_what_is_open_stays(cache, limit):
    for letter, hours in (("a", 9), ("b", 1)):
        make(cache, letter, 1, hours)
    limit(megabytes=2.1)
    with opened(cache, "a"):
        use(cache, "a", hours_ago=9)
        assert make_room(cache, MEGABYTE) is None
        assert letters(listing(cache)) == "a"
        assert not discard(cache / key("a"))


def test_nothing_is_removed_in_vain(cache, limit):
    make(cache, "a", 1, hours_ago=1)
    limit(megabytes=3)
    assert make_room(cache, 5 * MEGABYTE) == (
        f"5 MB would be needed in {cache}; 1000 GB are free there, of which 500 MB "
        "stay free for everything else, and stores may take "
        "0.003 GB together (VGG_TRANSFER_CACHE_GB)"
    )
    assert letters(listing(cache)) == "a"


def test_a_full_disk_makes_room_like_a_limit(cache, monkeypatch):
    make(cache, "a", 1, hours_ago=1)
    make(cache, "b", 1, hours_ago=2)
    disk = namedtuple("usage", "total used free")
    # Half a gigabyte is always left to others: half a megabyte is free for stores.
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk(10**12, 0, 500_500_000))
    assert make_room(cache, MEGABYTE) is None
    assert letters(listing(cache)) == "a"
    said = make_room(cache, 2 * 10**9)
    assert said.startswith(f"2 GB would be needed in {cache}; 501 MB are free there")


def test_what_another_process_has_open_stays_until_it_is_killed(cache, limit):
    make(cache, "a", 1, hours_ago=9)
    limit(megabytes=0)
    command = [sys.executable, "-c", HOLDER, str(cache), key("a")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as other:
        assert other.stdout.readline() == b"open\n"
        (entry,) = listing(cache)
        assert entry.in_use
        assert not discard(entry.folder)
        assert clear(cache) == ([], [entry])
        assert "would be needed" in make_room(cache, 1)
        assert entry.folder.exists()
        other.kill()
        other.wait()
        assert list(entry.folder.glob("use-*.lock"))  # a dead process's lock is no obstacle
        assert [gone.folder for gone in clear(cache)[0]] == [entry.folder]
    assert not entry.folder.exists()


def test_clearing_what_is_old(cache):
    for letter, hours in (("a", 1), ("b", 30), ("c", 80)):
        make(cache, letter, 1, hours)
    with opened(cache, "c"):
        use(cache, "c", hours_ago=80)
        gone, kept = clear(cache, older_than=24 * 3600)
        assert (letters(gone), letters(kept)) == ("b", "c")
    assert letters(listing(cache)) == "ca"
    gone, kept = clear(cache)
    assert (letters(gone), letters(kept)) == ("ca", "")
    assert [path.name for path in cache.iterdir()] == ["cache.lock"]


def test_what_a_killed_removal_left_is_swept_away(cache, limit):
    make(cache, "a", 1, hours_ago=1)
    (cache / key("a")).rename(cache / f".{key('a')}.0badcafe.removed")
    assert listing(cache) == []
    limit(megabytes=1.5)
    make_room(cache, MEGABYTE)
    assert [path.name for path in cache.iterdir()] == ["cache.lock"]


def test_a_store_is_never_removed_between_its_opening_and_its_use(cache):
    """One thread opens and closes a store, the other one removes it whenever it can."""
    faults, removed, done = [], [], threading.Event()

    def remove():
        while not done.is_set():
            removed.append(discard(cache / key("a")))

    other = threading.Thread(target=remove)
    other.start()
    try:
        for _ in range(60):
            with opened(cache, "a") as store:
                if not (store.folder / "about.json").exists():
                    faults.append("removed while it was open")
    finally:
        done.set()
        other.join()
    assert faults == []
    assert any(removed)
