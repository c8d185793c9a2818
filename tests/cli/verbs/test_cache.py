"""``vgg-transfer cache``: what it lists, what it removes, what it refuses."""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest
from support.answers import checked

from vgg_transfer.activations.files import Row, open_store
from vgg_transfer.images import load_images

ROW = Row((250_000,), "float32")
SIZE = 10_000_000 + 10 * 68  # ten rows of a megabyte, and their names


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache with stores a, used an hour ago, and b, used ten days ago."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(folder))
    for letter, hours in (("a", 1), ("b", 240)):
        with opened(folder, letter) as store, store.filling(waiting=None):
            store.append(list("0123456789"), np.zeros((10, 250_000), np.float32))
        use(folder, letter, hours)
    return folder


def opened(folder, letter):
    return open_store(folder, letter * 32, ROW, {"what": f"activations {letter}"})


def use(folder, letter, hours_ago):
    os.utime(folder / (letter * 32), (time.time() - hours_ago * 3600,) * 2)


@pytest.fixture
def ran(ran):
    """Run ``vgg-transfer cache`` and return its lines, or what it says of an error."""

    def run(*arguments, code=0):
        written = ran("cache", *arguments, code=code)
        return written if code else [" ".join(line.split()) for line in written.splitlines()]

    return run


def asked(ran, *arguments):
    """Return the JSON answer with the letters of the stores that it names."""
    answer = checked("cache", "\n".join(ran("--json", *arguments)))
    return answer, *(
        "".join(Path(one["folder"]).name[0] for one in answer[part])
        for part in ("removed", "stores")
    )


def left(cache):
    return "".join(sorted(folder.name[0] for folder in cache.iterdir() if folder.is_dir()))


@pytest.mark.usefixtures("cache")
def test_stores_are_listed_with_size_and_age(ran, cache, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE_GB", "2.5")
    with opened(cache, "b"):
        use(cache, "b", 240)
        assert ran() == [
            "stored 11 MB activations a; last used 1 hours ago",
            "11 MB activations b; last used 10 days ago, in use",
            f"in all 21 MB of at most 2.5 GB, in {cache}",
        ]


def test_an_empty_cache_is_not_made(ran, tmp_path, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "none"))
    assert ran() == ["stored nothing", f"in all 0 MB of at most 50 GB, in {tmp_path / 'none'}"]
    assert ran("--clear") == ["removed nothing"]
    assert not (tmp_path / "none").exists()


def test_the_answer_in_json(ran, cache):
    answer, removed, stores = asked(ran)
    assert (removed, stores) == ("", "ab")
    assert answer["folder"] == str(cache)
    assert answer["limit_bytes"] == 50 * 10**9
    store = answer["stores"][0]
    assert store.pop("last_used") == pytest.approx(time.time() - 3600, abs=60)
    assert store == {
        "folder": str(cache / ("a" * 32)),
        "what": "activations a",
        "bytes": SIZE,
        "in_use": False,
    }
    assert answer["images"] == {"folder": str(cache / "images"), "bytes": 0}


def test_prepared_images_are_shown_and_never_cleared(ran, cache):
    image = cache / "images" / "archive-1" / "cats" / "1.png"
    image.parent.mkdir(parents=True)
    image.write_bytes(bytes(30_000_000))
    assert ran()[-1] == f"images 30 MB prepared, in {cache / 'images'}"
    assert json.loads("\n".join(ran("--json")))["images"]["bytes"] == 30_000_000
    ran("--clear")
    assert image.is_file()


def test_drawn_splits_are_never_cleared(ran, cache, tiny_folder):
    load_images(tiny_folder)
    (file,) = (cache / "splits").iterdir()
    assert ran("--clear")[0].startswith("removed 11 MB")
    assert file.is_file()


def test_clearing_leaves_what_is_in_use(ran, cache):
    with opened(cache, "a"):
        assert ran("--clear") == [
            "removed 11 MB activations b; last used 10 days ago",
            "in use 11 MB activations a; last used 0 hours ago, in use",
        ]
    assert left(cache) == "a"
    assert ran("--clear")[0].startswith("removed 11 MB activations a")
    assert left(cache) == ""


def test_clearing_what_is_old(ran, cache):
    assert asked(ran, "--clear", "--older-than", "10.5")[1:] == ("", "ab")
    assert asked(ran, "--clear", "--older-than", "9.5")[1:] == ("b", "a")
    assert left(cache) == "a"


def test_an_age_without_clearing_is_refused(ran, cache):
    message = ran("--older-than", "3", code=2)
    assert "--older-than says what to clear: write --clear as well" in message
    assert left(cache) == "ab"


def test_a_limit_that_is_no_number_is_one_sentence(ran, cache, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE_GB", "a lot")
    expected = (
        'error: VGG_TRANSFER_CACHE_GB must be a number of gigabytes, 0 or more; received "a lot"\n'
    )
    assert ran(code=1) == expected
    assert ran("--clear", code=1) == expected
    assert left(cache) == "ab"
