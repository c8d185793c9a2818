"""Frozen blocks in int8: what is computed, from which images, and that it is always the same.

A network of four blocks and a few filters, on images of noise.
"""

import importlib.metadata

import numpy as np
import pytest
from support.heard import Heard

from vgg_transfer.activations import calibration as calibrating
from vgg_transfer.activations import keys, listing
from vgg_transfer.activations.calibration import ranges, share_lost
from vgg_transfer.activations.fill import FillRequest, fill
from vgg_transfer.activations.keys import Calibration, Rendering, calibration_on, store_key
from vgg_transfer.activations.room import NoRoom, clear
from vgg_transfer.events import nobody
from vgg_transfer.images import load_images
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.tfdata.batches import plain_batches
from vgg_transfer.network import build_network
from vgg_transfer.network.parts import stretch
from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage

pytest.importorskip("openvino", reason="int8 needs OpenVINO (extra fast)")

FORM = BatchForm(32, "squash", 5)
POLICIES = {"fp32": "float32", "bf16": "mixed_bfloat16"}


def build(precision="fp32", **settings):
    recipe = Recipe(
        size=32,
        base=Base(weights="none", blocks=4, width=0.1),
        stage=(Stage(train=("head",)),),
        **settings,
    )
    return build_network(recipe, 2, None, 0, POLICIES[precision])


@pytest.fixture(scope="module")
def network():
    return build()


@pytest.fixture(scope="module")
def records(tiny_folder):
    return load_images(tiny_folder).records[:12]


@pytest.fixture(scope="module")
def calibration(records):
    return calibration_on(records[:8])


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def filled(network, records, cuts, cache, int8, batch_size=5, listen=nobody):
    form = BatchForm(32, "squash", batch_size)
    renderings = [Rendering(record, 0) for record in records]
    request = FillRequest(renderings, cuts, Augmentation(), form, int8)
    with fill(network, request, cache, listen)[0] as store:
        return store.read(store.places([rendering.name for rendering in renderings]))


def exact(network, records, cut):
    pixels = np.concatenate(list(plain_batches(records, FORM)))
    return np.asarray(stretch(network, None, (cut,)).predict_on_batch(pixels)[cut])


@pytest.mark.parametrize("preprocess", ["imagenet", "rescale"])
def test_rows_are_near_what_the_network_computes(records, calibration, cache, preprocess):
    network = build(preprocess=preprocess)
    rows = filled(network, records, ("head",), cache, calibration)
    expected = exact(network, records, "head")
    error = np.linalg.norm(rows - expected) / np.linalg.norm(expected)
    assert 0 < error < 0.1


def test_a_row_is_a_number_of_steps_of_the_largest_output(network, records, calibration, cache):
    top = ranges(network, "block3", calibration, FORM, cache, nobody)["block2_conv2"]
    steps = filled(network, records, ("block3",), cache, calibration) / (top / 255)
    assert np.abs(steps - steps.round()).max() < 1e-3
    assert steps.min() == 0
    assert 200 < steps.max() < 255.5


def test_ranges_are_the_largest_outputs_on_the_calibrating_images(
    network, records, calibration, cache
):
    found = ranges(network, "head", calibration, FORM, cache, nobody)
    assert list(found)[:3] == ["block1_conv1", "block1_conv2", "block2_conv1"]
    # Pooling keeps the largest value of an image whose side it divides.
    assert found["block4_conv3"] == exact(network, calibration.records, "head").max()
    others = Calibration(tuple(record for record in records if record not in calibration.records))
    assert ranges(network, "head", others, FORM, cache, nobody) != found


def test_a_calibration_takes_images_by_digest_each_once(records):
    found = calibration_on((*records[::-1], *records), most=5)
    assert found == calibration_on(records, most=5)
    digests = [record.digest for record in found.records]
    assert digests == sorted({record.digest for record in records})[:5]


def test_every_filling_gives_the_same_bytes(records, calibration, cache):
    network = build("bf16")
    whole = filled(network, records, ("head",), cache, calibration)
    assert whole.dtype == "uint16"
    clear(cache)
    heard = Heard()
    filled(network, records[:5], ("block3",), cache, calibration, 2)
    rows = filled(network, records, ("block3", "head"), cache, calibration, 12, heard)
    assert np.array_equal(rows, whole)
    # What is stored lower down is left where it is: its steps were rounded to bfloat16.
    assert [line.partition(" go once")[0] for line in heard.passes] == [
        "8 training images give int8 its ranges",
        "5 images",
        "7 images",
    ]


def test_blocks_that_put_out_nothing_but_zeros_stay_zero(records, calibration, cache):
    network = build()
    network.blocks["block2"][1].bias.assign_sub(np.full(13, 1e6, np.float32))
    assert not filled(network, records, ("block3",), cache, calibration).any()


def test_all_that_decides_a_row_decides_its_store(network, records, calibration, monkeypatch):
    def key(int8):
        return store_key(network, "block3", Augmentation(), int8)

    same = Calibration(calibration.records)
    found = {key(None), key(calibration), key(same), key(calibration_on(records))}
    assert len(found) == 3
    monkeypatch.setattr(keys, "version", lambda _: "another")
    assert key(calibration) not in found
    assert key(None) in found


def test_stores_of_both_precisions_lie_side_by_side(network, records, calibration, cache):
    plain = filled(network, records, ("block3",), cache, None)
    rows = filled(network, records, ("block3",), cache, calibration)
    assert np.array_equal(plain, exact(network, records, "block3"))
    assert not np.array_equal(rows, plain)
    assert sorted(entry.what for entry in listing(cache)) == [
        "vgg16 at block3, 32 px, float32 from int8, plain",
        "vgg16 at block3, 32 px, float32, plain",
        "what int8 needs to know: ranges",
    ]


def test_what_was_measured_is_kept(network, records, calibration, cache):
    first, again = Heard(), Heard()
    arguments = (network, "head", calibration, records, FORM, cache)
    lost = share_lost(*arguments, first)
    assert sorted(first.passes) == [
        "12 validation images try int8",
        "8 training images give int8 its ranges",
    ]
    assert share_lost(*arguments, again) == lost
    assert again.events == []
    filled(network, records, ("head",), cache, calibration, listen=again)
    assert again.passes == ["12 images go once through the frozen blocks below head (1 MB stored)"]


def test_the_share_lost_is_the_square_error_over_the_variance(network, records, calibration, cache):
    rows = filled(network, records, ("block3",), cache, calibration).mean(axis=(1, 2))
    full = exact(network, records, "block3").mean(axis=(1, 2))
    expected = np.square(rows - full).mean(axis=0).sum() / full.var(axis=0).sum()
    found = share_lost(network, "block3", calibration, records, FORM, cache, nobody)
    assert 0 < found == pytest.approx(expected, rel=1e-3)


def test_images_that_do_not_differ_cannot_show_that_nothing_is_lost(
    network, records, calibration, cache
):
    found = share_lost(network, "block3", calibration, records[:1], FORM, cache, nobody)
    assert found == np.inf


def test_a_disk_that_fails_is_no_room(network, calibration, cache, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(calibrating, "open_anew", refuse)
    with pytest.raises(NoRoom, match=r"a store could not be written .*No space left on device"):
        ranges(network, "head", calibration, FORM, cache, nobody)


def test_the_engine_is_named_with_its_version(calibration):
    engine = f"openvino {importlib.metadata.version('openvino')}"
    assert calibration.facts["engine"] == engine


@pytest.mark.parametrize("precision", POLICIES)
def test_what_the_head_reads_below_lies_beside_activations_in_int8_too(
    precision, records, calibration, cache
):
    usual = build(precision)
    several = build(precision, head=Head(blocks=("block1", "block2", "block4"), pooling="both"))
    cuts = ("block2", "block3", "block4", "head")

    def rows(network, cuts):
        found = filled(network, records, cuts, cache, calibration)
        # Rows in bfloat16 lie there as the first half of float32 numbers.
        return (found.astype("<u4") << 16).view("<f4") if found.dtype == np.uint16 else found

    outputs = {cut: rows(usual, (cut,)) for cut in cuts}
    mean, largest = (
        [getattr(outputs[cut], kind)(axis=(1, 2)) for cut in ("block2", "block3", "head")]
        for kind in ("mean", "max")
    )
    features = [one for pair in zip(mean, largest, strict=True) for one in pair]
    at_head = rows(several, ("block4", "head"))[:, 0, 0]
    np.testing.assert_allclose(at_head, np.concatenate(features, axis=1), rtol=1e-5)
    at_block4 = rows(several, ("block4",))[:, 0, 0]
    beside = 2 * (6 + 13)
    assert np.array_equal(at_block4[:, :-beside], outputs["block4"].reshape(len(records), -1))
    assert np.array_equal(at_block4[:, -beside:], at_head[:, :beside])


def test_ranges_are_measured_once_whatever_the_head_reads(records, calibration, cache):
    heard = Heard()
    for read in ((), ("block3", "block4")):
        network = build(head=Head(blocks=read))
        ranges(network, "head", calibration, FORM, cache, heard)
        share_lost(network, "head", calibration, records[:6], FORM, cache, heard)
    assert len(heard.passes) == 2
