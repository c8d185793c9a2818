"""A head that reads several blocks: what it reads, and that rows at every cut lead to the same."""

import keras
import numpy as np
import pytest

from vgg_transfer.network import at_size, build_network, servable
from vgg_transfer.network.parts import pooled, stretch, summarised, tail
from vgg_transfer.network.rows import activation_dtype, activation_shape, read_below
from vgg_transfer.recipe import Base, Head, Recipe, Stage

CUTS = ("block2", "block3", "block4", "head")
POOLED = {"average": ["mean"], "max": ["max"], "both": ["mean", "max"]}
# Numbers of filters at a width of 0.1.
FILTERS = {"block1": 6, "block2": 13, "block3": 26, "block4": 51}


def build(*read, pooling="both", policy="float32", size=32):
    recipe = Recipe(
        size=size,
        preprocess="rescale",
        base=Base(weights="none", blocks=4, width=0.1),
        head=Head(blocks=read, pooling=pooling),
        stage=(Stage(train=("head",)),),
    )
    return build_network(recipe, 3, None, seed=0, precision=policy)


def pixels(size=32):
    return np.random.default_rng(0).uniform(0, 255, (4, size, size, 3)).astype(np.float32)


def numbers(rows):
    return np.asarray(keras.ops.cast(rows, "float32"))


@pytest.mark.parametrize("pooling", POOLED)
def test_the_head_reads_each_block_pooled_lowest_first(pooling):
    outputs = stretch(build(), None, CUTS).predict_on_batch(pixels())
    of = {"block1": "block2", "block2": "block3", "block4": "head"}
    expected = [
        getattr(outputs[of[name]], kind)(axis=(1, 2)) for name in of for kind in POOLED[pooling]
    ]
    network = build("block4", "block1", "block2", pooling=pooling)
    found = pooled(network, None).predict_on_batch(pixels())
    np.testing.assert_allclose(found, np.concatenate(expected, axis=1), rtol=1e-5)


def test_the_last_block_alone_is_what_it_reads_anyway():
    left_out, named = build(), build("block4")
    assert [one.name for one in named.model.layers] == [one.name for one in left_out.model.layers]
    logits = [one.model.predict_on_batch(pixels()) for one in (left_out, named)]
    assert np.array_equal(*logits)


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("read", [("block3", "block4"), ("block1", "block4"), tuple(FILTERS)])
def test_rows_at_every_cut_lead_to_the_logits_of_the_pixels(read, policy):
    network = build(*read, policy=policy)
    expected = network.model.predict_on_batch(pixels())
    rows = stretch(network, None, CUTS).predict_on_batch(pixels())
    for place, cut in enumerate(CUTS):
        assert rows[cut].shape[1:] == activation_shape(network, cut)
        assert str(rows[cut].dtype) == activation_dtype(network, cut)
        assert np.array_equal(tail(network, cut).predict_on_batch(rows[cut]), expected)
        if CUTS[place + 1 :]:
            above = stretch(network, cut, CUTS[place + 1 :]).predict_on_batch(rows[cut])
            for higher in CUTS[place + 1 :]:
                assert np.array_equal(numbers(above[higher]), numbers(rows[higher]))


def test_a_row_has_what_lies_below_beside_the_activations_and_the_heads_own_only_features():
    network = build("block2", "block3", "block4", policy="mixed_bfloat16")
    assert {cut: read_below(network, cut) for cut in CUTS} == {
        "block2": (),
        "block3": (),  # what block3 receives is block2's output
        "block4": ("block2",),
        "head": ("block2", "block3"),
    }
    assert {cut: activation_shape(network, cut) for cut in CUTS} == {
        "block2": (16, 16, 6),
        "block3": (8, 8, 13),
        "block4": (1, 1, 4 * 4 * 26 + 2 * 13),
        "head": (1, 1, 2 * (13 + 26 + 51)),
    }
    assert [activation_dtype(network, cut) for cut in CUTS] == ["bfloat16"] * 2 + ["float32"] * 2


def test_what_blocks_receive_is_summed_up_from_rows_as_from_pixels():
    network = build("block2", "block4")
    expected = summarised(network, None, ("block4",), logits=True).predict_on_batch(pixels())
    rows = stretch(network, None, ("block4",)).predict_on_batch(pixels())["block4"]
    found = summarised(network, "block4", ("block4",), logits=True).predict_on_batch(rows)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_the_same_head_reads_images_of_another_size():
    network = build("block2", "block4")
    larger = at_size(network, 48)
    rows = stretch(larger, None, ("block4", "head")).predict_on_batch(pixels(48))
    assert rows["block4"].shape[1:] == (1, 1, 6 * 6 * 26 + 2 * 13)
    expected = larger.model.predict_on_batch(pixels(48))
    for cut, found in rows.items():
        assert np.array_equal(tail(larger, cut).predict_on_batch(found), expected)


def test_the_model_to_keep_reads_the_same_blocks_when_it_was_saved(tmp_path):
    network = build("block1", "block3", "block4")
    servable(network).save(tmp_path / "model.keras")
    found = keras.saving.load_model(tmp_path / "model.keras").predict_on_batch(pixels())
    logits = network.model.predict_on_batch(pixels())
    np.testing.assert_allclose(found, keras.ops.softmax(logits), atol=1e-6)
