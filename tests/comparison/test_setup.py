"""Which trials a comparison has, and what is refused before anything is done."""

import pytest
from support import drawn

from vgg_transfer.comparison import set_up
from vgg_transfer.errors import ComparisonError


def test_every_recipe_comes_with_one_seed_before_any_comes_with_the_next(tmp_path):
    recipes = [drawn.recipe_of("frozen"), drawn.recipe_of("staged")]
    names = [trial.name for trial in set_up(recipes, tmp_path / "out", 2).trials]
    assert names == ["frozen-seed0", "staged-seed0", "frozen-seed1", "staged-seed1"]


def refused(recipes, seeds=3):
    with pytest.raises(ComparisonError) as caught:
        set_up(recipes, "nowhere", seeds)
    return str(caught.value)


def test_all_that_is_wrong_is_said_at_once():
    message = refused([drawn.recipe_of("../staged")], seeds=0)
    assert message.splitlines() == [
        "each recipe needs at least 1 seed, received 0: 3 are a good start",
        'a comparison needs at least two recipes, received "../staged" alone: name them all, such '
        "as frozen,staged, or use `vgg-transfer train` for one",
        '"../staged" cannot be the name of a folder, and each trial is a folder that is named '
        "after its recipe: change `name` in the recipe's file",
    ]


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "a\\b", "a:b", "line\nbreak", "x" * 101])
def test_names_that_are_no_folders(name):
    assert "cannot be the name of a folder" in refused(
        [drawn.recipe_of(name), drawn.recipe_of("staged")]
    )


def test_two_different_recipes_of_one_name():
    recipes = [drawn.recipe_of("staged"), drawn.recipe_of("staged", batch_size=8)]
    assert refused(recipes) == (
        'two different recipes are called "staged"; they differ in batch_size (32, 8): change '
        "`name` in one of their files"
    )


def test_the_same_recipe_twice():
    recipes = [drawn.recipe_of("staged"), drawn.recipe_of("staged", description="in other words")]
    assert refused(recipes) == 'the recipe "staged" is there twice: leave one out'
