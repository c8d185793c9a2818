"""Each problem of a recipe is found where it is, and nowhere else."""

import pytest
from support.patients import counts_of, healthy_recipe

from vgg_transfer.doctor.recipes import ENTRIES, RecipeCase, examine_recipe
from vgg_transfer.recipe import Augmentation, Base, Head, named, names, override
from vgg_transfer.recipe.stage import PlateauPlan


def case(images=None, classes=("cat", "cow", "dog", "owl"), pixel_range=(0, 255), **changes):
    return RecipeCase(healthy_recipe(**changes), counts_of(images, classes), pixel_range)


RANDOM = Base(weights="none", batch_norm=True)
BLOCKS = ("head", "block1", "block2", "block3", "block4", "block5")
MANY = {"train": 40_000}
PLANTED = {
    "frozen-noise": case(base=RANDOM, images=MANY),
    "foreign-preprocessing": case(preprocess="rescale"),
    "balanced-twice": case(sampling="balanced", class_weights="balanced"),
    "last-size": case(stage_2={"size": 192}),
    "divided-twice": case(pixel_range=(0, 1)),
    "small-input": case(size=32),
    "dying-signal": case(
        base=Base(weights="none", initialisation="glorot"), stage_2={"train": BLOCKS}, images=MANY
    ),
    "few-from-scratch": case(base=RANDOM, stage_2={"train": BLOCKS}),
    "large-head": case(
        head=Head(pooling="flatten", dense=(256,)), augmentation=Augmentation(), stage_1={}
    ),
    "wrong-output": case(head={"output": "sigmoid"}),
    "high-rate": case(stage_2={"rate": 1e-3}),
    "cold-head": RecipeCase(named("full"), counts_of()),
    "one-step": case(batch_size=1024),
    "small-norm": case(head=Head(dropout=0.2, dense=(64,), batch_norm=True), batch_size=4),
    "idle-patience": case(stage_1={"stopping": {"patience": 6}}),
    "no-validation": case(images={"val": 0}),
    "lucky-epoch": case(images={"val": 80}, stage_2={"plan": {"kind": "constant"}, "keep": "best"}),
    "asked-flip": case(classes=("3", "5", "6", "9")),
    "nothing-left": case(augmentation=Augmentation(shift=0.6)),
}


def codes(found):
    return [finding.code for finding in found]


def test_a_model_from_elsewhere_has_no_images_and_misses_none():
    assert examine_recipe(case(images={"train": 0, "val": 0})) == ()


def test_the_head_of_a_run_is_not_untrained(tmp_path):
    (tmp_path / "run.json").write_text("{}")
    onwards = override(named("full"), [f'base.weights="{tmp_path}"'])
    assert "cold-head" in codes(examine_recipe(RecipeCase(named("full"), counts_of())))
    assert "cold-head" not in codes(examine_recipe(RecipeCase(onwards, counts_of())))


def test_a_healthy_recipe_has_no_findings():
    assert examine_recipe(case()) == ()


def test_every_entry_has_a_planted_case():
    assert set(PLANTED) == {entry.code for entry in ENTRIES}
    assert len(ENTRIES) == len(PLANTED)


@pytest.mark.parametrize("code", PLANTED)
def test_each_problem_is_found_and_no_other(code):
    found = examine_recipe(PLANTED[code])
    (entry,) = [entry for entry in ENTRIES if entry.code == code]
    assert set(codes(found)) == {code}
    assert {finding.severity for finding in found} == {entry.severity}
    assert all(finding.seen and finding.remedy for finding in found)


# Those that repeat what somebody else did, right or wrong, may be warned of.
SCHEDULES = [name for name in names() if not named(name).source] + [
    "keras-guide",
    "fastai-finetune",
]


@pytest.mark.parametrize("name", SCHEDULES)
def test_our_schedules_are_not_warned_of(name):
    images = {"train": 1600} if named(name).base.weights == "imagenet" else MANY
    found = examine_recipe(RecipeCase(named(name), counts_of(images), (0, 255)))
    assert [one for one in found if one.severity != "note"] == []


def test_of_unknown_images_nothing_is_said():
    recipe = healthy_recipe(head=Head(pooling="flatten", dense=(256,)), batch_size=1024)
    assert examine_recipe(RecipeCase(recipe.changed(augmentation="none"))) == ()


def test_a_size_says_how_large_the_last_map_is():
    (found,) = examine_recipe(case(size=32))
    assert found.seen == "at 32 px, block5 sees maps of 2 x 2 pixels"
    assert "--set size=96 (at least 48)" in found.remedy
    assert examine_recipe(case(size=48)) == ()
    assert examine_recipe(case(size=32, base={"blocks": 4}, stage_2={"train": ["head"]})) == ()


def test_a_rate_says_in_how_many_steps_a_weight_is_overwritten():
    (found,) = examine_recipe(case(stage_2={"rate": 1e-3}))
    assert (found.where, found.remedy) == ("stage 2", "--set stage.2.rate=3e-5")
    assert found.seen == ("block5 at rate 0.001 with adam: as far as a weight is large in 8 steps")
    # A tenth for the block is another matter, and so is a step of sgd, which follows the gradient.
    assert examine_recipe(case(stage_2={"rate": 1e-3, "block_decay": 0.1})) == ()
    sgd = {"optimizer": "sgd", "momentum": 0.9}
    assert examine_recipe(case(stage_2={"rate": 1e-2, **sgd})) == ()
    assert codes(examine_recipe(case(stage_2={"rate": 3e-2, **sgd}))) == ["high-rate"]


def test_a_large_head_is_let_be_where_something_holds_it():
    free = {"head": Head(pooling="flatten", dense=(256,)), "augmentation": Augmentation()}
    (found,) = examine_recipe(case(**free))
    # 7 x 7 x 512 inputs to 256 units, and those to 4 classes.
    assert "the head has 6,423,552 weights for 800 training images" in found.seen
    for held in ({"dropout": 0.5}, {"l2": 1e-3}, {"l1": 1e-4}):
        assert examine_recipe(case(**free | {"head": free["head"].changed(**held)})) == ()
    assert examine_recipe(case(**free | {"augmentation": Augmentation(mixup=0.2)})) == ()
    # The one hidden layer of 2 units on 512 features has fewer weights than 2n + d.
    assert examine_recipe(case(**free | {"head": Head(dense=(2,))})) == ()


def test_patience_of_a_plateau_is_looked_at_too():
    plan = PlateauPlan(patience=9)
    (found,) = examine_recipe(case(stage_1={"plan": plan}))
    assert found.seen == "plan.patience = 9 in a stage of 6 epochs"
    assert found.remedy == "--set stage.1.plan.patience=2, or more epochs"


def test_plain_views_are_not_augmented():
    changed = {"augmentation": Augmentation(shift=0.9), "views": "plain"}
    assert examine_recipe(case(**changed)) == ()


@pytest.mark.parametrize("classes", [("left turn", "right turn"), ("arrow_up", "arrow_down")])
def test_sides_are_asked_about(classes):
    assert codes(examine_recipe(case(classes=classes))) == ["asked-flip"]
    assert examine_recipe(case(classes=classes, augmentation=Augmentation())) == ()


def test_a_pup_is_no_side():
    assert examine_recipe(case(classes=("pup", "downy", "leftover", "upright"))) == ()
