"""What a recipe gives up first where the time is short."""

import pytest
from support.exact_first import EXACT_FIRST

from vgg_transfer.recipe import Head, from_toml, named, names, to_toml
from vgg_transfer.training.planning.smaller import left_out, smaller_recipes


def phrases(recipe, stores=True):
    """Return what the smaller recipes leave out, each phrase once."""
    found = [left_out(recipe, smaller) for smaller in smaller_recipes(recipe, stores)]
    return list(dict.fromkeys(found))


def test_views_go_first_then_epochs_then_blocks():
    assert phrases(from_toml(EXACT_FIRST)) == [
        "",
        "3 views instead of 4",
        "2 views instead of 4",
        "2 views instead of 4, 4 epochs instead of 5",
        "2 views instead of 4, 3 epochs instead of 5",
        "2 views instead of 4, 2 epochs instead of 5",
        "1 view instead of 4, 1 epoch instead of 5",
        "plain images instead of 4 views, 1 epoch instead of 5",
        "block5 stays frozen",
    ]


def test_a_stage_with_fewer_epochs_goes_the_same_way_in_them():
    recipe = from_toml(EXACT_FIRST)
    three_epochs = list(smaller_recipes(recipe, stores=True))[4]
    assert three_epochs.stage[0] == recipe.stage[0]
    last = three_epochs.stage[1]
    assert (last.epochs, last.views, last.plan.warm_up, last.keep) == (3, 2, 0.6, "last")


def test_every_block_that_is_given_up_brings_back_views_and_epochs():
    found = phrases(named("staged").changed(until="worth it"))
    assert found[:4] == [
        "",
        "3 views instead of 4",
        "2 views instead of 4",
        "2 views instead of 4, 9 epochs instead of 10",
    ]
    first = found.index("block4 stays frozen")
    assert found[first - 1] == "plain images instead of 4 views, 1 epoch instead of 10"
    assert found[first + 1] == "3 views instead of 4; block4 stays frozen"
    # Epochs of the head alone cost next to nothing where its inputs are stored.
    assert found[found.index("block5, block4 stay frozen") :] == [
        "block5, block4 stay frozen",
        "3 views instead of 4; block5, block4 stay frozen",
        "2 views instead of 4; block5, block4 stay frozen",
        "plain images instead of 4 views; block5, block4 stay frozen",
        "block5, block4 stay frozen; the head is solved exactly on plain images",
    ]


def test_what_stops_before_a_block_goes_with_the_blocks():
    smaller = list(smaller_recipes(named("staged").changed(until="worth it"), stores=True))
    assert {(len(one.stage), one.until) for one in smaller} == {
        (3, "worth it"),
        (2, "worth it"),
        (1, "end"),
    }


def test_without_stores_only_epochs_and_blocks_are_given_up():
    assert phrases(from_toml(EXACT_FIRST), stores=False) == [
        "",
        *(f"{epochs} epochs instead of 5" for epochs in (4, 3, 2)),
        "1 epoch instead of 5",
        "block5 stays frozen",
    ]


def test_fresh_views_become_stored_ones():
    found = phrases(from_toml(EXACT_FIRST).changed(views="fresh"))
    assert found[1:3] == ["4 views instead of fresh ones", "3 views instead of fresh ones"]


def test_random_weights_are_never_left_frozen():
    recipe = named("scratch")
    smaller = list(smaller_recipes(recipe, stores=True))
    assert [one.stage[0].epochs for one in smaller] == list(range(100, 0, -1))
    assert {one.stage[0].train for one in smaller} == {recipe.stage[0].train}


def test_a_head_with_hidden_layers_cannot_be_solved_exactly():
    recipe = named("full").changed(head=Head(dense=(8,)))
    *_, plain = smaller_recipes(recipe, stores=True)
    (stage,) = plain.stage
    assert (stage.train, stage.optimizer, stage.views) == (("head",), "adam", "plain")


@pytest.mark.parametrize("name", names())
def test_every_smaller_recipe_can_be_written_down(name):
    recipe = named(name)
    for smaller in smaller_recipes(recipe, stores=True):
        assert from_toml(to_toml(smaller)) == smaller
        assert (smaller == recipe) == (left_out(recipe, smaller) == "")
