"""Stores of activations that went wrong: the right rows, or a store that is known to be damaged."""

import contextlib
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st
from support.mutated import changes, changes_of, tried

from vgg_transfer.activations.files import Row, StoreDamaged, open_store
from vgg_transfer.activations.room import NoRoom, clear, listing, make_room, open_anew

KEY, ROW = "0123456789abcdef" * 2, Row((2, 3), "float32")
NAMES = [f"{number:064x}" for number in range(4)]
ROWS = np.arange(24, dtype=np.float32).reshape(4, 2, 3)
FILES = ("about.json", "rows.bin", "index.bin")


def fill(store) -> None:
    with store.filling(waiting=lambda: None):
        missing = store.missing(NAMES)
        if missing:
            store.append(missing, ROWS[[NAMES.index(name) for name in missing]])


@pytest.fixture
def whole(tmp_path) -> Path:
    with open_store(tmp_path / "whole", KEY, ROW, {"what": "a test"}) as store:
        fill(store)
    return tmp_path / "whole"


def changed_files(folder: Path):
    files = {name: (folder / KEY / name).read_bytes() for name in FILES}
    one = st.sampled_from(FILES).flatmap(
        lambda name: st.tuples(st.just(name), changes_of(files[name], name))
    )
    # What other programs left there: a lock that is none, and a store that is gone in the middle.
    left = st.tuples(st.sampled_from(("fill.lock", "use-1-a.lock")), changes(b"1"))
    return st.lists(one | left, min_size=1, max_size=2, unique_by=lambda pair: pair[0])


def put(cache: Path, whole: Path, changed) -> None:
    shutil.rmtree(cache, ignore_errors=True)
    shutil.copytree(whole, cache)
    for name, change in changed:
        (cache / KEY / name).touch()
        change(cache / KEY / name)


def check_rows(store) -> None:
    """Whatever is handed out is what was put in."""
    fill(store)
    assert (store.read(store.places(NAMES)) == ROWS).all()


@pytest.mark.parametrize("inputs", [100, pytest.param(350, marks=pytest.mark.slow)])
def test_stores(inputs, whole, tmp_path):
    cache = tmp_path / "cache"

    def door(changed) -> None:
        put(cache, whole, changed)
        assert len(listing(cache)) <= 1
        with (  # open_anew and fill take these as facts
            contextlib.suppress(StoreDamaged, OSError),
            open_store(cache, KEY, ROW, {"what": "a test"}) as store,
        ):
            check_rows(store)
        with (
            contextlib.suppress(NoRoom, OSError),
            open_anew(cache, KEY, ROW, "a test", lambda _: None) as store,
        ):
            check_rows(store)
        assert len(listing(cache)) <= 1
        make_room(cache, 1)
        clear(cache)

    tried(inputs, changed_files(whole), door, cache)
