"""The named schedules: which blocks each stage opens, and at what rate."""

import pytest

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe.catalogue import schedules
from vgg_transfer.recipe.stage import BASE_BLOCKS


def test_staged_opens_one_block_more_at_a_tenth_of_the_rate() -> None:
    stages = schedules.staged().stage
    assert [stage.train for stage in stages] == [
        ("head",),
        ("block5", "head"),
        ("block4", "block5", "head"),
    ]
    assert [stage.rate for stage in stages] == pytest.approx([1e-3, 1e-4, 1e-5])


def test_exact_first_depends_on_no_lucky_epoch() -> None:
    solved, opened, lower = schedules.exact_first(2).stage
    assert (solved.train, solved.optimizer) == (("head",), "exact")
    assert (opened.train, opened.rate, opened.keep) == (("block5", "head"), 3e-5, "last")
    assert (lower.train, lower.rate) == (("block4", "block5", "head"), pytest.approx(1e-5))
    assert {stage.plan.kind for stage in (opened, lower)} == {"cosine"}


@pytest.mark.parametrize("count", [0, 1, 5])
def test_staged_opens_as_many_blocks_as_it_is_told(count: int) -> None:
    stages = schedules.staged(count).stage
    assert len(stages) == 1 + count
    assert stages[-1].train == (*BASE_BLOCKS[5 - count :], "head")


def test_gradual_reaches_every_block_with_smaller_rates_for_lower_ones() -> None:
    recipe = schedules.gradual()
    assert [len(stage.train) for stage in recipe.stage] == [1, 2, 3, 4, 5, 6]
    last = recipe.stage[-1]
    assert last.rate == pytest.approx(1e-4 / 16)
    assert [recipe.rate_share(last, block) for block in last.train] == [
        *(1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2),
        1.0,
    ]


@pytest.mark.parametrize("count", [-1, 6])
@pytest.mark.parametrize("builder", [schedules.exact_first, schedules.staged, schedules.gradual])
def test_no_schedule_opens_blocks_that_are_not_there(builder, count: int) -> None:
    with pytest.raises(RecipeError) as caught:
        builder(count)
    assert str(caught.value) == (f"cannot unfreeze {count} blocks: the base has 5; give 0 to 5")


def test_what_the_other_schedules_train() -> None:
    trained = {
        builder.__name__: [stage.train for stage in builder().stage]
        for builder in (schedules.frozen, schedules.full, schedules.probe, schedules.scratch)
    }
    everything = (*BASE_BLOCKS, "head")
    assert trained == {
        "frozen": [("head",)],
        "full": [everything],
        "probe": [("head",)],
        "scratch": [everything],
    }


def test_the_probe_is_solved_and_not_stepped() -> None:
    recipe = schedules.probe()
    assert [stage.optimizer for stage in recipe.stage] == ["exact"]
    assert recipe.head.dense == ()
    assert recipe.augmentation.changes_nothing


def test_scratch_starts_from_nothing_with_batch_norm() -> None:
    recipe = schedules.scratch()
    assert (recipe.base.weights, recipe.base.batch_norm) == ("none", True)
    # Nothing of ImageNet is left, so its means have no meaning here.
    assert recipe.preprocess == "standardize"


def test_the_description_says_what_the_schedule_does() -> None:
    assert "4+5" not in schedules.staged(1).description
    assert "block1" not in schedules.gradual(2).description
