"""Test-time augmentation: how it is asked for, in a recipe and by a person, and what it costs."""

import pytest

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import averaging_in_words, from_toml, override, read_averaging, to_toml
from vgg_transfer.recipe.averaging import renderings_of

STAGE = '[[stage]]\ntrain = ["head"]\n'
FLIPPED = 'augmentation.flip = "horizontal"\n'


@pytest.mark.parametrize(
    ("text", "meant"), [("none", "none"), ("flip", "flip"), ("1", 1), ("64", 64)]
)
def test_the_averaging_that_a_user_types(text, meant):
    assert read_averaging(text) == meant


@pytest.mark.parametrize("text", ["flipp", "0", "65", "-1", "1.5", "", "²"])
def test_any_other_averaging_is_refused(text):
    with pytest.raises(RecipeError) as caught:
        read_averaging(text)
    assert str(caught.value).startswith(
        'test-time augmentation is "none", "flip" (the image and its mirror image) or a number of '
        f'views from 1 to 64; received "{text}".'
    )
    assert ('Did you mean "flip"?' in str(caught.value)) == (text == "flipp")


@pytest.mark.parametrize("written", ['"none"', '"flip"', "8"])
def test_a_recipe_keeps_what_is_written(written):
    recipe = from_toml(f"tta = {written}\n{FLIPPED}{STAGE}")
    assert recipe.tta == (8 if written == "8" else written.strip('"'))
    assert from_toml(to_toml(recipe)) == recipe
    assert override(recipe, ["tta=flip"]).tta == "flip"


def test_a_recipe_averages_over_nothing_by_default():
    assert from_toml(STAGE).tta == "none"


@pytest.mark.parametrize("written", ['"flop"', "0", "65", '"8"', "true", "2.0"])
def test_a_recipe_refuses_anything_else(written):
    with pytest.raises(RecipeError) as caught:
        from_toml(f"tta = {written}\n{FLIPPED}{STAGE}")
    assert 'tta: "none", "flip" or a number from 1 to 64 is needed; received' in str(caught.value)


def test_views_that_change_nothing_are_refused_and_mirror_images_need_no_augmentation():
    with pytest.raises(RecipeError) as caught:
        from_toml(f"tta = 4\naugmentation.mixup = 0.2\n{STAGE}")
    assert str(caught.value) == (
        "the recipe has 1 fault:\n  tta = 4 judges augmented views, but augmentation changes no "
        'image: set augmentation, or tta = "flip"'
    )
    assert from_toml(f'tta = "flip"\n{STAGE}').tta == "flip"


@pytest.mark.parametrize(
    ("averaging", "count", "words"),
    [
        ("none", 1, ""),
        ("flip", 2, ", averaged over their mirror images too"),
        (1, 2, ", averaged over 1 augmented view too"),
        (4, 5, ", averaged over 4 augmented views too"),
    ],
)
def test_what_it_costs_and_how_it_is_said(averaging, count, words):
    assert renderings_of(averaging) == count
    assert averaging_in_words(averaging) == words
