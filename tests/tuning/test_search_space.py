"""What is searched in a recipe: only what has an effect, always with the recipe's own value."""

import pytest

from vgg_transfer.errors import ComparisonError
from vgg_transfer.recipe import Augmentation, Head, Recipe, Stage, named, names
from vgg_transfer.tuning.search_space import (
    STORED_VIEWS,
    Choice,
    Range,
    in_words,
    own_settings,
    own_values,
    search_space,
    settled,
    with_values,
)

FLIPPED = Augmentation(flip="horizontal")
HEAD = Stage(train=("head",))
LEARNING = [
    name for name in names() if any(stage.optimizer != "exact" for stage in named(name).stage)
]


def test_the_space_of_the_default_recipe():
    space = search_space(settled(named("staged")))
    assert list(space) == [
        "head.pooling",
        "head.dense",
        "head.dropout",
        "head.l2",
        "stage.1.rate",
        "stage.2.rate",
        "stage.3.rate",
        "views",
    ]
    assert space["stage.2.rate"] == Range(1e-4 / 30, 1e-4 * 30, logarithmic=True)
    assert space["views"] == Choice(("plain", "2", "4"))
    assert "head.dropout: 0 to 0.7" in in_words(space)
    assert "stage.1.rate: 3.3e-05 to 0.03, log scale" in in_words(space)


@pytest.mark.parametrize("name", LEARNING)
def test_the_own_values_give_the_recipe_itself(name):
    recipe = settled(named(name))
    space = search_space(recipe)
    own = own_values(recipe, space)
    assert with_values(recipe, own)[0] == recipe
    for key, one in space.items():
        inside = (
            own[key] in one.values if isinstance(one, Choice) else one.low <= own[key] <= one.high
        )
        assert inside, key


@pytest.mark.parametrize("name", LEARNING)
def test_every_end_of_the_space_is_a_recipe(name):
    recipe = settled(named(name))
    space = search_space(recipe)
    own = own_values(recipe, space)
    for key, one in space.items():
        for value in one.values if isinstance(one, Choice) else (one.low, one.high):
            with_values(recipe, {**own, key: value})


def test_numbers_are_rounded_to_three_digits_but_never_the_own_ones():
    recipe = Recipe(head=Head(dropout=0.123456), stage=(HEAD,))
    changed, written = with_values(recipe, {"head.dropout": 0.123456, "stage.1.rate": 0.00123456})
    assert written == {"head.dropout": "0.123456", "stage.1.rate": "0.00123"}
    assert changed.head.dropout == 0.123456
    assert changed.stage[0].rate == 0.00123


def test_what_is_written_can_be_set_again():
    recipe = settled(named("staged"))
    values = {"head.pooling": "max", "head.dense": "[256]", "views": "plain", "head.l2": "1e-05"}
    changed, written = with_values(recipe, values)
    assert (changed.head.pooling, changed.head.dense) == ("max", (256,))
    assert (changed.views, changed.head.l2) == ("plain", 1e-5)
    assert with_values(recipe, written)[0] == changed


def test_own_values_that_are_unusual_join_the_others():
    recipe = Recipe(
        head=Head(pooling="flatten", dense=(64, 32), l2=0.5, dropout=0.9), stage=(HEAD,)
    )
    space = search_space(recipe)
    assert space["head.pooling"] == Choice(("average", "max", "both", "flatten"))
    assert space["head.dense"].values[-1] == "[64, 32]"
    assert space["head.l2"].values[-1] == "0.5"
    assert space["head.dropout"] == Range(0.0, 0.9)


def test_a_recipe_that_is_solved_exactly_has_nothing_to_search():
    with pytest.raises(ComparisonError) as caught:
        own_settings(named("probe"))
    assert str(caught.value).startswith('there is nothing to search in the recipe "probe": its')
    assert "--recipe frozen" in str(caught.value)


def test_after_an_exact_stage_the_head_keeps_its_form():
    exact = Stage(train=("head",), optimizer="exact")
    space = search_space(Recipe(stage=(exact, Stage(train=("head", "block5")))))
    assert "head.dense" not in space
    assert "stage.1.rate" not in space
    assert "stage.2.rate" in space


def test_what_fits_the_validation_images_is_not_chosen_by_them():
    exact = Stage(train=("head",), optimizer="exact", strength="cross-validation")
    recipe = Recipe(name="mine", stage=(exact, Stage(train=("head", "block5"), keep="last")))
    with pytest.raises(ComparisonError) as caught:
        search_space(recipe)
    assert str(caught.value) == (
        'settings of the recipe "mine" cannot be chosen by validation images, because strength = '
        '"cross-validation" fits them: set strength = "validation"'
    )


def test_a_rate_that_is_found_is_not_searched():
    space = search_space(Recipe(stage=(Stage(train=("head",), rate="find"), HEAD)))
    assert [key for key in space if key.endswith("rate")] == ["stage.2.rate"]


def test_dropout_of_the_stages_own_leaves_none_to_search():
    space = search_space(Recipe(stage=(Stage(train=("head",), dropout=0.5),)))
    assert "head.dropout" not in space


def test_another_activation_needs_a_hidden_layer():
    recipe = Recipe(head=Head(dense=(256,), activation="none"), stage=(HEAD,))
    assert "[]" not in search_space(recipe)["head.dense"].values


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(stage=(HEAD,)),
        Recipe(augmentation=Augmentation(mixup=0.2), stage=(HEAD,)),
        Recipe(augmentation=Augmentation(flip="both", cutmix=0.5), stage=(HEAD,)),
        Recipe(augmentation=FLIPPED, stage=(Stage(train=("head",), views=2),)),
        settled(named("full")),
    ],
    ids=["nothing changes", "mixing alone", "cutmix", "the stage says", "nothing is frozen"],
)
def test_views_that_would_change_nothing_are_not_searched(recipe):
    assert "views" not in search_space(recipe)
    assert settled(recipe) == recipe


def test_auto_is_decided_for_all_trials_alike():
    stages = (HEAD, Stage(train=("head", "block5"), views="auto"))
    recipe = settled(Recipe(augmentation=FLIPPED, stage=stages))
    assert recipe.views == STORED_VIEWS
    assert [stage.views for stage in recipe.stage] == [None, STORED_VIEWS]
    plain = Recipe(augmentation=FLIPPED, views="plain", stage=(HEAD,))
    assert settled(plain) == plain


def test_stored_views_are_as_many_as_auto_takes():
    from vgg_transfer.training.planning.views import AUTO_VIEWS

    assert STORED_VIEWS == AUTO_VIEWS
