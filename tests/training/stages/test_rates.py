"""The learning rate of every step, compared with what each plan promises."""

import itertools
import math

import pytest

from vgg_transfer.recipe import Stage
from vgg_transfer.recipe.stage import (
    ConstantPlan,
    CosinePlan,
    CyclicalPlan,
    OneCyclePlan,
    PlateauPlan,
)
from vgg_transfer.training.stages.rates import rate_at

STEPS = 4  # in an epoch


def rates(plan, epochs=4, rate=0.8):
    stage = Stage(train=("head",), epochs=epochs, rate=rate, plan=plan)
    return [rate_at(stage, step, STEPS) for step in range(epochs * STEPS)]


@pytest.mark.parametrize("plan", [ConstantPlan(), PlateauPlan()])
def test_a_rate_without_a_plan_is_set_once_and_then_left_to_keras(plan):
    assert rates(plan) == [0.8, *[None] * 15]


@pytest.mark.parametrize("plan", [ConstantPlan(warm_up=1.0), PlateauPlan(warm_up=1.0)])
def test_warm_up_rises_in_equal_steps_and_reaches_the_rate(plan):
    assert rates(plan) == pytest.approx([0.2, 0.4, 0.6, 0.8, 0.8, *[None] * 11])


def test_warm_up_of_a_part_of_an_epoch():
    # 0.6 epochs are 2.4 steps: the first three steps rise.
    assert rates(ConstantPlan(warm_up=0.6))[:5] == pytest.approx([0.8 / 3, 1.6 / 3, 0.8, 0.8, None])


def test_cosine_falls_from_the_rate_to_its_final_share():
    found = rates(CosinePlan(final=0.25))
    assert found[0] == pytest.approx(0.8)
    assert found[8] == pytest.approx((0.8 + 0.2) / 2)  # half way: the mean of both ends
    assert found[4] == pytest.approx(0.2 + 0.6 * (1 + math.sqrt(0.5)) / 2)
    assert all(later < earlier for earlier, later in itertools.pairwise(found))
    assert 0.2 < found[-1] < 0.21


def test_cosine_falls_over_what_the_warm_up_leaves():
    found = rates(CosinePlan(warm_up=1.0), epochs=3)
    assert found[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 0.8])
    assert found[8] == pytest.approx(0.4)


def test_cosine_never_rises_again():
    stage = Stage(train=("head",), epochs=1, rate=0.8, plan=CosinePlan(final=0.25))
    assert rate_at(stage, 100, STEPS) == pytest.approx(0.2)


def test_cosine_after_a_warm_up_that_takes_every_step():
    found = rates(CosinePlan(warm_up=4.0))
    assert found == pytest.approx([0.8 * (step + 1) / 16 for step in range(16)])


def test_cyclical_rises_linearly_from_its_floor_to_the_rate_and_falls_back():
    found = rates(CyclicalPlan(cycle=2.0, floor=0.5))  # a cycle of 8 steps, 0.4 to 0.8
    one_cycle = [0.4, 0.5, 0.6, 0.7, 0.8, 0.7, 0.6, 0.5]
    assert found == pytest.approx(one_cycle * 2)


def test_cyclical_begins_after_the_warm_up():
    found = rates(CyclicalPlan(cycle=2.0, floor=0.5, warm_up=1.0))
    assert found[:6] == pytest.approx([0.2, 0.4, 0.6, 0.8, 0.4, 0.5])


def test_one_cycle_rises_over_its_share_of_the_steps_and_falls_over_the_rest():
    found = rates(OneCyclePlan(rise=0.25, start=0.25, final=0.5))  # 4 steps up, 12 down
    assert found[0] == pytest.approx(0.25 * 0.8)
    assert found[2] == pytest.approx((0.2 + 0.8) / 2)  # half way up
    assert found[4] == max(found) == pytest.approx(0.8)
    assert found[10] == pytest.approx((0.8 + 0.4) / 2)  # half way down
    assert all(earlier < later for earlier, later in itertools.pairwise(found[:5]))
    assert all(earlier > later for earlier, later in itertools.pairwise(found[4:]))
    assert 0.4 < found[-1] < 0.41


def test_one_cycle_as_fastai_has_it_by_default():
    found = rates(OneCyclePlan())
    assert found[0] == pytest.approx(0.8 / 25)
    stage = Stage(train=("head",), epochs=1, rate=0.8, plan=OneCyclePlan())
    assert rate_at(stage, 100, STEPS) == pytest.approx(0.8 * 1e-5)  # never rises again


@pytest.mark.parametrize(("rise", "at"), [(0.0, [0.8, 0.4]), (1.0, [0.0, 0.4])])
def test_one_cycle_that_only_falls_or_only_rises(rise, at):
    found = rates(OneCyclePlan(rise=rise, start=0.0, final=0.0))
    assert [found[0], found[8]] == pytest.approx(at)
    stage = Stage(train=("head",), epochs=1, rate=0.8, plan=OneCyclePlan(rise=rise, final=0.0))
    assert rate_at(stage, STEPS, STEPS) == pytest.approx(0.0 if rise == 0 else 0.8)
