"""The place of prepared images, beside the stored activations."""

import pytest

from vgg_transfer.activations import clear, listing
from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.sources.prepared import prepare, prepare_streamed
from vgg_transfer.places import cache_folder, prepared_images


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "cache"))


def test_it_is_beside_the_activations_and_the_store_leaves_it_alone(tmp_path, monkeypatch):
    assert prepared_images() == tmp_path / "cache" / "images"
    folder = prepare("0" * 32, lambda partial: (partial / "index.bin").touch())
    assert listing(cache_folder()) == []
    assert clear(cache_folder()) == ([], [])
    assert (folder / "index.bin").exists()
    monkeypatch.delenv("VGG_TRANSFER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert prepared_images() == tmp_path / "vgg-transfer" / "images"


def test_a_key_is_filled_once():
    calls = []
    for _ in range(2):
        assert prepare("key", calls.append).name == "key"
    assert len(calls) == 1


def test_what_was_streamed_is_kept_under_the_key_that_it_gives():
    def fill(partial):
        (partial / "file").write_text("first" if not (prepared_images() / "key").exists() else "")
        return "key"

    folders = [prepare_streamed(fill) for _ in range(2)]
    assert folders[0] == folders[1]
    assert (folders[0] / "file").read_text() == "first"
    assert list(prepared_images().glob(".*.partial")) == []


def test_a_place_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(ImageSetError, match="images cannot be prepared in"):
        prepare("key", print)
