"""One stage: which blocks it may name, and settings that its optimizer would ignore."""

import pytest

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import Stage, from_toml, named, override, to_toml
from vgg_transfer.recipe.stage import CosinePlan, CyclicalPlan, OneCyclePlan, PlateauPlan

PLAN_MONITORS = "input should be 'val_loss' or 'val_accuracy'"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "train = []",
            'stage.1.train: no block trains; name at least one, for example ["head"]',
        ),
        (
            'train = ["blok5", "fc1"]',
            'stage.1.train: no block is called "blok5". Did you mean "block5"? Blocks: block1, '
            'block2, block3, block4, block5, head; no block is called "fc1". Blocks: block1, '
            "block2, block3, block4, block5, head",
        ),
        ("epochs = 3", "stage.1.train: field required"),
        (
            'train = ["block5", "head"]\noptimizer = "exact"',
            'stage.1: optimizer = "exact" trains the head only: train = ["head"]',
        ),
        (
            'train = ["head"]\noptimizer = "exact"\nepochs = 3\nrate = 0.1\n'
            'plan = {kind = "cosine"}\nstopping = {}\nviews = "fresh"',
            'stage.1: optimizer = "exact" does not use epochs, rate, plan, stopping, views: '
            "leave out",
        ),
        (
            'train = ["head"]\noptimizer = "exact"\nrate = "find"',
            'stage.1: optimizer = "exact" does not use find_rate: leave out',
        ),
        (
            'train = ["head"]\nmomentum = 0.9',
            'stage.1: optimizer = "adam" has no momentum: leave it out',
        ),
        (
            'train = ["head"]\noptimizer = "adamw"\nmomentum = 0.0',
            'stage.1: optimizer = "adamw" has no momentum: leave it out',
        ),
        (
            'train = ["head"]\noptimizer = "exact"\nkeep = "last"\nepsilon = 1e-8',
            'stage.1: optimizer = "exact" does not use epsilon, keep: leave out',
        ),
        (
            'train = ["head"]\nstrength = "cross-validation"',
            'stage.1: optimizer = "adam" has no strength to choose: leave strength out',
        ),
        (
            'train = ["head"]\noptimizer = "exact"\nstrength = "test"',
            "stage.1.strength: input should be 'validation' or 'cross-validation'; received "
            '"test"',
        ),
        (
            'train = ["head"]\noptimizer = "sgd"\nepsilon = 1e-8',
            'stage.1: optimizer = "sgd" has no epsilon: leave it out',
        ),
        (
            'train = ["head"]\nepsilon = 0.0',
            "stage.1.epsilon: input should be greater than 0; received 0.0",
        ),
        (
            'train = ["head"]\nkeep = "first"',
            "stage.1.keep: input should be 'best', 'last', 'ema' or 'swa'; received \"first\"",
        ),
        (
            'train = ["head"]\naverage_epochs = 2',
            'stage.1: keep = "best" averages nothing, so average_epochs has no effect: leave it '
            'out, or set keep = "ema" or "swa"',
        ),
        (
            'train = ["head"]\nkeep = "swa"\naverage_epochs = 1.5',
            'stage.1: keep = "swa" averages whole epochs; received average_epochs = 1.5: give a '
            'whole number, or set keep = "ema"',
        ),
        (
            'train = ["head"]\nkeep = "ema"\naverage_epochs = 0',
            "stage.1.average_epochs: input should be greater than 0; received 0",
        ),
        (
            'train = ["head"]\npull = -0.1',
            "stage.1.pull: input should be greater than or equal to 0; received -0.1",
        ),
        (
            'train = ["head"]\noptimizer = "exact"\nkeep = "ema"\naverage_epochs = 2\npull = 0.1',
            'stage.1: optimizer = "exact" does not use pull, keep, average_epochs: leave out',
        ),
        (
            'train = ["head"]\nrate = "1e-3"',
            'stage.1.rate: input should be a valid number; received "1e-3"',
        ),
        (
            'train = ["head"]\nrate = 0',
            "stage.1.rate: input should be greater than 0; received 0",
        ),
        (
            'train = ["head"]\nrate = 11',
            "stage.1.rate: input should be less than or equal to 10; received 11",
        ),
        (
            'train = ["head"]\nrate = nan',
            "stage.1.rate: input should be a finite number; received NaN",
        ),
        (
            'train = ["head"]\nepochs = 2.0',
            "stage.1.epochs: input should be a valid integer; received 2.0",
        ),
        (
            'train = ["head"]\nblock_decay = 0',
            "stage.1.block_decay: input should be greater than 0; received 0",
        ),
        (
            'train = ["head"]\nblock_decay = 1.5',
            "stage.1.block_decay: input should be less than or equal to 1; received 1.5",
        ),
        (
            'train = ["head", "block5"]\nrate_shares = {block5 = 0.1, block4 = 0.1, block1 = 0.1}',
            "stage.1: rate_shares names block1, block4, which the stage does not train: leave it "
            "out",
        ),
        (
            'train = ["head", "block5"]\nrate_shares = {blok5 = 0.1}',
            'stage.1.rate_shares.blok5: unknown key. Did you mean "block5"?',
        ),
        (
            'train = ["head", "block5"]\nrate_shares = {block5 = 0.0}',
            "stage.1.rate_shares.block5: input should be greater than 0; received 0.0",
        ),
        (
            'train = ["head"]\nweight_decay = inf',
            "stage.1.weight_decay: input should be a finite number; received Infinity",
        ),
        (
            'train = ["head"]\ndropout = 1.0',
            "stage.1.dropout: input should be less than 1; received 1.0",
        ),
        (
            'train = ["head"]\noptimizer = "lion"',
            "stage.1.optimizer: input should be 'adam', 'adamw', 'sgd', 'rmsprop' or 'exact'; "
            'received "lion"',
        ),
        (
            'train = ["head"]\nviews = 65',
            'stage.1.views: "auto", "plain", "fresh" or a number from 1 to 64 is needed; '
            "received 65",
        ),
        (
            'train = ["head"]\nstopping = {patience = 0}',
            "stage.1.stopping.patience: input should be greater than or equal to 1; received 0",
        ),
        (
            'train = ["head"]\nstopping = {monitor = "accuracy"}',
            f'stage.1.stopping.monitor: {PLAN_MONITORS}; received "accuracy"',
        ),
        (
            'train = ["head"]\nplan = {kind = "plateau", monitor = "loss"}',
            f'stage.1.plan.monitor: {PLAN_MONITORS}; received "loss"',
        ),
        (
            'train = ["head"]\nplan = {kind = "plateau", factor = 1.0}',
            "stage.1.plan.factor: input should be less than 1; received 1.0",
        ),
        (
            'train = ["head"]\nplan = {kind = "cyclical", cycle = 0}',
            "stage.1.plan.cycle: input should be greater than 0; received 0",
        ),
        (
            'train = ["head"]\nplan = {kind = "one-cycle", rise = 1.5}',
            "stage.1.plan.rise: input should be less than or equal to 1; received 1.5",
        ),
        (
            'train = ["head"]\nplan = {kind = "one-cycle", warm_up = 1.0}',
            "stage.1.plan.warm_up: unknown key. Known keys: final, kind, rise, start",
        ),
    ],
)
def test_each_rule_of_a_stage_has_its_text(text: str, fault: str) -> None:
    with pytest.raises(RecipeError) as caught:
        from_toml(f"[[stage]]\n{text}\n")
    assert str(caught.value) == f"the recipe has 1 fault:\n  {fault}"


def test_blocks_are_kept_from_the_lowest_to_the_head_and_once() -> None:
    stage = Stage(train=("head", "block5", "block4", "head"))
    assert stage.train == ("block4", "block5", "head")
    assert stage.title == "head + block5 + block4"


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop"])
def test_momentum_belongs_to_sgd_and_rmsprop(optimizer: str) -> None:
    text = f'[[stage]]\ntrain = ["head"]\noptimizer = "{optimizer}"\nmomentum = 0.5\n'
    assert from_toml(text).stage[0].momentum == 0.5


@pytest.mark.parametrize("written", ['rate = "find"', "find_rate = true"])
def test_a_rate_may_be_left_to_be_found(written: str) -> None:
    recipe = from_toml(f'[[stage]]\ntrain = ["head"]\n{written}\n')
    assert recipe.stage[0] == Stage(train=("head",), find_rate=True)
    assert from_toml(to_toml(recipe)) == recipe


@pytest.mark.parametrize(("keep", "epochs"), [("ema", 0.5), ("swa", 3)])
def test_an_average_is_written_with_its_epochs(keep: str, epochs: float) -> None:
    text = f'[[stage]]\ntrain = ["head"]\nkeep = "{keep}"\naverage_epochs = {epochs}\n'
    recipe = from_toml(text)
    assert (recipe.stage[0].keeps_average, recipe.stage[0].average_epochs) == (True, epochs)
    assert from_toml(to_toml(recipe)) == recipe
    assert not Stage(train=("head",), keep="last").keeps_average


def test_an_exact_stage_is_written_with_nothing_else() -> None:
    stage = from_toml('[[stage]]\ntrain = ["head"]\noptimizer = "exact"\n').stage[0]
    assert (stage.optimizer, stage.title) == ("exact", "head")


def test_the_strength_of_an_exact_stage_may_be_cross_validated() -> None:
    recipe = override(named("probe"), ["stage.1.strength=cross-validation"])
    assert recipe.stage[0].strength == "cross-validation"
    assert named("probe").stage[0].strength == "validation"
    assert from_toml(to_toml(recipe)) == recipe


@pytest.mark.parametrize(
    ("kind", "plan"),
    [
        ("plateau", PlateauPlan()),
        ("cosine", CosinePlan()),
        ("cyclical", CyclicalPlan()),
        ("one-cycle", OneCyclePlan()),
    ],
)
def test_a_plan_is_chosen_by_its_kind(
    kind: str, plan: PlateauPlan | CosinePlan | CyclicalPlan | OneCyclePlan
) -> None:
    text = f'[[stage]]\ntrain = ["head"]\nplan = {{kind = "{kind}"}}\n'
    assert from_toml(text).stage[0].plan == plan


def test_plateau_defaults_are_those_of_the_text_it_comes_from() -> None:
    plan = PlateauPlan()
    assert (plan.monitor, plan.factor, plan.patience, plan.minimum) == ("val_loss", 0.1, 5, 1e-6)
