"""fastai's policy: its own defaults, as far as a recipe can say them."""

import pytest

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe.catalogue.registry import fastai_finetune
from vgg_transfer.recipe.stage import BASE_BLOCKS, OneCyclePlan


def test_one_frozen_epoch_then_all_blocks_in_the_epochs_asked_for() -> None:
    frozen, all_blocks = fastai_finetune(epochs=7).stage
    assert (frozen.train, frozen.epochs, frozen.rate) == (("head",), 1, 2e-3)
    assert (all_blocks.train, all_blocks.epochs) == ((*BASE_BLOCKS, "head"), 7)
    assert all_blocks.rate == frozen.rate / 2
    # pct_start; div of 25 and of 5; div_final of 1e5
    assert frozen.plan == OneCyclePlan(rise=0.99, start=1 / 25, final=1e-5)
    assert all_blocks.plan == OneCyclePlan(rise=0.3, start=1 / 5, final=1e-5)


def test_three_groups_of_blocks_share_the_range_from_a_hundredth_of_the_rate() -> None:
    recipe = fastai_finetune()
    rates = {
        block: recipe.stage[1].rate * recipe.rate_share(recipe.stage[1], block)
        for block in (*BASE_BLOCKS, "head")
    }
    assert list(rates.values()) == pytest.approx([1e-5, 1e-5, 1e-5, 1e-4, 1e-4, 1e-3])


def test_adam_and_its_decay_are_those_of_fastai_and_the_last_weights_are_kept() -> None:
    for stage in fastai_finetune().stage:
        assert (stage.optimizer, stage.weight_decay, stage.epsilon) == ("adamw", 0.01, 1e-5)
        assert (stage.keep, stage.stopping) == ("last", None)


def test_epochs_and_changes_are_checked() -> None:
    assert fastai_finetune(3, stage_2={"epochs": 4}).stage[1].epochs == 4
    with pytest.raises(RecipeError) as caught:
        fastai_finetune(epochs=0)
    assert str(caught.value) == (
        "the changed Recipe has 1 fault:\n  stage.2.epochs: input should be greater than or equal "
        "to 1; received 0"
    )
