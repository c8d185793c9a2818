"""Names of stores: what a head reads counts where rows depend on it, and nowhere else."""

import keras

from vgg_transfer.activations.keys import store_key
from vgg_transfer.network import build_network
from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage

CUTS = ("block2", "block3", "block4", "head")


def keys(*read, pooling="average", policy="float32"):
    recipe = Recipe(
        size=32,
        base=Base(weights="none", blocks=4, width=0.1),
        head=Head(blocks=read, pooling=pooling),
        stage=(Stage(train=("head",)),),
    )
    network = build_network(recipe, 2, None, 0, policy)
    return {cut: store_key(network, cut, Augmentation()) for cut in CUTS}


def test_heads_share_the_stores_in_which_nothing_lies_beside_the_activations():
    usual, two, three = keys(), keys("block3", "block4"), keys("block2", "block3", "block4")
    assert keys(pooling="max") == usual == keys("block4", pooling="both")
    assert {cut for cut in CUTS if two[cut] == usual[cut]} == {"block2", "block3", "block4"}
    assert {cut for cut in CUTS if three[cut] == usual[cut]} == {"block2", "block3"}
    assert three["head"] != two["head"]


def test_what_lies_beside_depends_on_pooling_and_on_the_precision_of_the_base():
    usual = keys("block3", "block4")
    assert keys("block3", "block4", pooling="both")["head"] != usual["head"]
    half = keys("block3", "block4", policy="mixed_bfloat16")
    assert not any(half[cut] == usual[cut] for cut in CUTS)


def test_rows_of_another_backend_have_a_store_of_their_own(monkeypatch):
    usual = keys()
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    assert not set(keys().values()) & set(usual.values())
