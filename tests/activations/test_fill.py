"""Filling stores: what is computed, from what, how often; and that it is what the network computes.

A network of four blocks and a dozen images; the blocks' work is counted, not timed.
"""

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from support.heard import Heard

from vgg_transfer.activations import passes
from vgg_transfer.activations.fill import FillRequest, fill
from vgg_transfer.activations.keys import Rendering
from vgg_transfer.activations.room import NoRoom, clear, discard, listing
from vgg_transfer.events import PassBegan, nobody
from vgg_transfer.images import load_images
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.stored_rows import as_stored
from vgg_transfer.images.tfdata.batches import plain_batches, rendered_batches
from vgg_transfer.network import build_network
from vgg_transfer.network.parts import stretch
from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage
from vgg_transfer.run import Filled

PLAIN = Augmentation()
TURNED = Augmentation(flip="horizontal", rotation=20.0, contrast=0.3)
BLOCKS = ("block1", "block2", "block3", "block4")
POLICIES = {"fp32": "float32", "bf16": "mixed_bfloat16"}


def build(precision="fp32", seed=0, **settings):
    recipe = Recipe(
        size=32,
        base=Base(weights="none", blocks=4, width=0.1),
        stage=(Stage(train=("head",)),),
        **{"preprocess": "rescale", **settings},
    )
    return build_network(recipe, 2, None, seed, POLICIES[precision])


@pytest.fixture(scope="module")
def network():
    return build()


@pytest.fixture(scope="module")
def records(tiny_folder):
    return load_images(tiny_folder).records[:12]


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def work(monkeypatch):
    """Count the images that each block computes, and note where each pass begins and ends."""
    noted = SimpleNamespace(images=Counter(), passes=[])

    def counting(network, start, ends):
        model, names = stretch(network, start, ends), list(network.blocks)
        blocks = names[names.index(start or "block1") : names.index(ends[-1])]
        noted.passes.append((start, ends))

        def predict(batch):
            noted.images.update(dict.fromkeys(blocks, len(batch)))
            return model.predict_on_batch(batch)

        return SimpleNamespace(predict_on_batch=predict)

    monkeypatch.setattr(passes, "stretch", counting)
    return noted


def asked(records, *cuts, views=(0,), augmentation=PLAIN, batch_size=5):
    renderings = [Rendering(record, view) for record in records for view in views]
    return FillRequest(renderings, cuts, augmentation, BatchForm(32, "squash", batch_size))


def filled(network, request, cache):
    """Fill, close, and return the rows in the order of the request."""
    with fill(network, request, cache, nobody)[0] as store:
        return store.read(store.places([rendering.name for rendering in request.renderings]))


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_rows_are_what_the_network_computes_whatever_the_batch(precision, records, cache):
    network = build(precision)
    pixels = next(iter(plain_batches(records, BatchForm(32, "squash", 12))))
    for cut in ("block2", "block4", "head"):
        expected = as_stored(stretch(network, None, (cut,)).predict_on_batch(pixels)[cut])
        # The store at block2 fills that at block4, and that the head's.
        found = filled(network, asked(records, cut), cache)
        assert found.dtype == ("float32" if precision == "fp32" else "uint16")
        assert np.array_equal(found, expected)
        assert found.any()


def test_views_are_rendered_from_their_number_and_the_image(network, records, cache):
    request = asked(records, "block3", views=(1, 2), augmentation=TURNED)
    found = filled(network, request, cache).reshape(12, 2, -1)
    shape = request.shape
    for view in (1, 2):
        batches = rendered_batches(records[5:7], [view] * 2, TURNED, shape)
        pixels = next(iter(batches))
        rows = stretch(network, None, ("block3",)).predict_on_batch(pixels)["block3"]
        assert np.array_equal(found[5:7, view - 1], np.asarray(rows).reshape(2, -1))
    assert not np.array_equal(found[:, 0], found[:, 1])


def test_a_cut_that_moves_down_costs_one_pass(network, records, cache, work):
    request = asked(records, "block3", "block4", "head")
    filled(network, request, cache)
    assert work.passes == [(None, ("block3", "block4", "head"))]
    assert work.images == dict.fromkeys(BLOCKS, 12)
    for cuts in (("block3",), ("block4",), ("head",), ("block3", "block4", "head")):
        filled(network, asked(records, *cuts, batch_size=7), cache)
    assert work.images["block1"] == 12
    assert len(listing(cache)) == 3


def test_another_head_and_another_seed_of_it_compute_nothing(records, cache, work):
    network = build(seed=0)
    filled(network, asked(records, "head"), cache)
    other = build(seed=7, head=Head(dense=(5,), pooling="both", dropout=0.5))
    for block in BLOCKS:
        for mine, its in zip(other.blocks[block], network.blocks[block], strict=True):
            mine.set_weights(its.get_weights())
    work.passes.clear()
    filled(other, asked(records, "head"), cache)
    assert work.passes == []


def test_another_tensor_below_the_cut_is_another_store(records, cache, work):
    network = build()
    filled(network, asked(records, "block3", "block4"), cache)
    work.passes.clear()
    network.blocks["block3"][0].bias.assign_add(np.ones(26, np.float32))
    filled(network, asked(records, "block3"), cache)
    assert work.passes == []  # block3 lies above
    filled(network, asked(records, "block4"), cache)
    assert work.passes == [("block3", ("block4",))]


@pytest.mark.parametrize(
    ("settings", "augmentation", "stores"),
    [
        ({"preprocess": "imagenet"}, TURNED, 2),
        ({"resize": "crop"}, TURNED, 2),
        ({"precision": "bf16"}, TURNED, 2),
        ({}, TURNED.changed(rotation=21.0), 2),
        # Images are mixed after they are read, so mixing needs no rows of its own.
        ({}, TURNED.changed(mixup=0.3), 1),
        ({"batch_size": 2}, TURNED, 1),
    ],
)
def test_what_decides_the_rows_decides_the_store(
    network, records, cache, work, settings, augmentation, stores
):
    filled(network, asked(records[:2], "block2", views=(1,), augmentation=TURNED), cache)
    other = asked(records[:2], "block2", views=(1,), augmentation=augmentation, batch_size=1)
    listener = Heard()
    fill(build(**settings), other, cache, listener)[0].close()
    assert listener.lines == []
    assert len(listing(cache)) == len(work.passes) == stores


def test_added_images_are_the_only_ones_computed(network, records, cache, work):
    filled(network, asked(records[:7], "block3", "head"), cache)
    work.images.clear()
    found = filled(network, asked(records[::-1], "block3", "head"), cache)
    assert work.images == dict.fromkeys(BLOCKS, 5)
    assert np.array_equal(found[::-1], filled(network, asked(records, "head"), cache))


def test_a_higher_cut_is_computed_from_a_lower_store(network, records, cache, work):
    filled(network, asked(records[:8], "block3"), cache)
    filled(network, asked(records[:2], "block2"), cache)
    work.passes.clear()
    work.images.clear()
    filled(network, asked(records, "head"), cache)
    assert work.passes == [("block3", ("head",)), (None, ("head",))]
    assert work.images == {"block1": 4, "block2": 4, "block3": 12, "block4": 12}


def test_a_lower_cut_is_filled_beside_a_higher_one(network, records, cache, work):
    filled(network, asked(records[:3], "block4"), cache)
    work.passes.clear()
    filled(network, asked(records, "block3", "block4", "head"), cache)
    # Three images have block4: block3 is computed for them, and the head's from what is there.
    assert work.passes == [
        (None, ("block3",)),
        ("block4", ("head",)),
        (None, ("block3", "block4", "head")),
    ]
    assert work.images["block4"] == 12
    assert [len(listing(cache)), work.images["block1"]] == [3, 3 + 3 + 9]


def test_images_with_the_same_bytes_are_computed_once(network, records, cache, work):
    twice = (records[0], records[0], records[1], records[0], records[2])
    found = filled(network, asked(twice, "block2", "head"), cache)
    assert work.images == dict.fromkeys(BLOCKS, 3)
    once = filled(network, asked(records[:3], "head"), cache)
    assert np.array_equal(found, once[[0, 0, 1, 0, 2]])


def test_what_was_asked_and_what_it_took_is_told(network, records, cache):
    twice = (*records[:7], records[0])
    store, first = fill(network, asked(twice, "block3", "head"), cache, nobody)
    store.close()
    assert (first.store, first.rows, first.computed) == (store.folder.name, 7, 7)
    assert first.seconds > 0
    store, more = fill(network, asked(records, "head"), cache, nobody)
    store.close()
    assert (more.store, more.rows, more.computed) == (first.store, 12, 5)
    store, again = fill(network, asked(records, "head"), cache, nobody)
    store.close()
    assert again == Filled(first.store, rows=12, computed=0, seconds=0.0)


def test_a_damaged_lower_store_is_computed_again(network, records, cache, work):
    expected = filled(network, asked(records, "head"), cache)
    clear(cache)
    filled(network, asked(records, "block3"), cache)
    (entry,) = listing(cache)
    with (entry.folder / "rows.bin").open("r+b") as file:
        file.write(b"\xff\xff\xff")
    work.passes.clear()
    listener = Heard()
    with fill(network, asked(records, "block3", "head"), cache, listener)[0] as store:
        found = store.read(store.places([Rendering(record, 0).name for record in records]))
    assert np.array_equal(found, expected)
    assert work.passes == [(None, ("block3", "head"))]
    assert listener.lines == [
        "a store was altered (1 of 12 rows are not what was written); it is computed again"
    ]


def test_a_damaged_store_that_another_training_reads_is_left_to_it(network, records, cache):
    with fill(network, asked(records, "block3"), cache, nobody)[0] as store:
        (store.folder / "about.json").write_text("{}")
        with pytest.raises(NoRoom) as trouble:
            fill(network, asked(records, "block3"), cache, nobody)
        assert str(trouble.value) == (
            f"the store {store.folder} was altered (about.json describes other rows), and another "
            "training uses it"
        )


def test_a_store_cannot_be_evicted_from_its_opening_to_its_end(network, records, cache):
    removed = []

    class Evictor(Heard):
        def on(self, event):
            if isinstance(event, PassBegan):
                removed.extend(clear(cache)[0])

        def stepped(self):
            removed.extend(clear(cache)[0])

    with fill(network, asked(records, "block3", "head"), cache, Evictor())[0] as store:
        assert removed == []
        assert not discard(store.folder)
        assert store.missing([Rendering(record, 0).name for record in records]) == []
        (lower,) = clear(cache)[0]  # the store at block3 is not read any more
        assert lower.folder != store.folder
    assert discard(store.folder)


def test_room_for_a_higher_cut_is_not_made_with_what_it_is_computed_from(
    network, records, cache, work, monkeypatch
):
    filled(network, asked(records, "block2"), cache)  # 16 x 16 x 6 numbers an image
    filled(network, asked(records, "block2", augmentation=TURNED, views=(1,)), cache)
    size = listing(cache)[0].bytes
    monkeypatch.setenv("VGG_TRANSFER_CACHE_GB", str((size + 12 * 4 * (8 * 8 * 13 + 17)) / 1e9))
    work.passes.clear()
    filled(network, asked(records, "block3"), cache)
    assert work.passes == [("block2", ("block3",))]
    assert sorted(entry.bytes < size for entry in listing(cache)) == [False, True]


def test_no_room_is_a_sentence_with_a_size(network, records, cache, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE_GB", "0.0001")
    with pytest.raises(NoRoom) as trouble:
        fill(network, asked(records, "block2", "block3"), cache, nobody)
    # 12 images of 16 x 16 x 6 and 8 x 8 x 13 numbers of four bytes: 113,664, rounded up.
    assert str(trouble.value).startswith(f"1 MB would be needed in {cache}; ")
    assert "stores may take 0.0001 GB together (VGG_TRANSFER_CACHE_GB)" in str(trouble.value)
    assert not any(entry.in_use or entry.bytes for entry in listing(cache))
