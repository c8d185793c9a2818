"""The command line's short ways to change a recipe."""

import pytest

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import Recipe, Stage, named
from vgg_transfer.recipe.changes import (
    continuing,
    finding_rates,
    unfreezing,
    usual,
    with_epochs,
    with_epochs_at_most,
    with_settings,
    without_stopping,
)


def test_weights_and_size_are_settings_among_others() -> None:
    after = with_settings(named("frozen"), "none", 64, ["stage.1.rate=0.5", "base.blocks=3"])
    assert (after.base.weights, after.size, after.stage[0].rate, after.base.blocks) == (
        "none",
        64,
        0.5,
        3,
    )
    assert with_settings(named("frozen"), 'a "path"/1e-3', None, []).base.weights == 'a "path"/1e-3'
    assert with_settings(named("frozen"), None, None, []) == named("frozen")


@pytest.mark.parametrize(
    ("size", "settings", "name"),
    [
        (None, [], "exact-first"),
        (65, [], "exact-first"),
        (64, [], "small-images"),
        (None, ["size=32"], "small-images"),
        (64, ["size=224"], "exact-first"),
    ],
)
def test_what_is_usual_depends_on_the_size(size, settings, name) -> None:
    assert usual(size, settings) == named(name)


def test_no_stage_runs_longer_than_the_most() -> None:
    stages = (
        Stage(train=("head",), optimizer="exact"),
        Stage(train=("head",), epochs=9),
        Stage(train=("head", "block5"), epochs=2),
    )
    after = with_epochs_at_most(Recipe(stage=stages), 3)
    assert [stage.epochs for stage in after.stage[1:]] == [3, 2]
    assert after.stage[0] == stages[0]
    with pytest.raises(RecipeError) as caught:
        with_epochs_at_most(Recipe(stage=stages), 0)
    assert str(caught.value) == "--epochs 0: a stage needs at least 1 epoch"


def test_epochs_go_to_the_stages_in_order_and_change_nothing_else() -> None:
    before = named("staged")
    after = with_epochs(before, [3, 2, 1])
    assert [stage.epochs for stage in after.stage] == [3, 2, 1]
    assert after == before.changed(
        stage=tuple(
            stage.changed(epochs=epochs)
            for stage, epochs in zip(before.stage, [3, 2, 1], strict=True)
        )
    )


def test_a_stage_that_is_solved_takes_no_epochs() -> None:
    solved, stepped = (
        Stage(train=("head",), optimizer="exact"),
        Stage(train=("head", "block5")),
    )
    after = with_epochs(Recipe(stage=(solved, stepped)), [4])
    assert after.stage == (solved, stepped.changed(epochs=4))


def test_too_few_epochs_name_the_stages() -> None:
    with pytest.raises(RecipeError) as caught:
        with_epochs(named("staged"), [3, 2])
    assert str(caught.value) == (
        '--epochs needs one number for each stage of the recipe "staged" that takes epochs: 3 '
        "(head, head + block5, head + block5 + block4), received 2"
    )


def test_a_recipe_without_epochs_says_so() -> None:
    with pytest.raises(RecipeError, match="none: its head is solved exactly"):
        with_epochs(named("probe"), [3, 2])


def test_no_stage_trains_for_less_than_an_epoch() -> None:
    with pytest.raises(RecipeError) as caught:
        with_epochs(named("staged"), [3, 0, 1])
    assert str(caught.value) == "--epochs 3,0,1: every number must be 1 or more"


def test_without_stopping_every_stage_runs_its_epochs() -> None:
    before = named("gradual")
    after = without_stopping(before)
    assert {stage.stopping for stage in after.stage} == {None}
    assert [stage.epochs for stage in after.stage] == [stage.epochs for stage in before.stage]


def test_every_stage_that_has_a_rate_may_find_it() -> None:
    assert {stage.find_rate for stage in finding_rates(named("staged")).stage} == {True}
    assert finding_rates(named("probe")) == named("probe")


def test_unfreezing_rebuilds_the_schedule() -> None:
    assert len(unfreezing(named("staged"), 4).stage) == 5
    assert unfreezing(named("staged"), 2) == named("staged")
    assert unfreezing(named("gradual"), 5) == named("gradual")


@pytest.mark.parametrize("name", ["full", "probe", "last-layers"])
def test_unfreezing_is_refused_where_it_means_nothing(name: str) -> None:
    with pytest.raises(RecipeError) as caught:
        unfreezing(named(name), 3)
    assert str(caught.value) == (
        f'--unfreeze 3 applies to the schedules exact-first, staged, gradual, not to "{name}": '
        "choose one of them, or name the blocks in the recipe's stages"
    )


def test_unfreezing_never_throws_away_what_was_changed_by_hand() -> None:
    changed = named("staged").changed(size=96)
    with pytest.raises(RecipeError, match="--unfreeze 3"):
        unfreezing(changed, 3)


def test_to_continue_takes_the_base_and_the_pixels_of_a_run():
    kept = named("staged").changed(preprocess="rescale", base={"architecture": "vgg19"})
    found = continuing(named("exact-first"), kept, "runs/one")
    assert (found.name, found.preprocess) == ("exact-first", "rescale")
    assert (found.base.weights, found.base.architecture) == ("runs/one", "vgg19")
    assert found.stage == named("exact-first").stage


def test_to_continue_without_a_recipe_does_what_the_run_did():
    found = continuing(None, named("staged"), "runs/one")
    assert found.name == "staged-continued"
    assert found.stage == named("staged").stage
