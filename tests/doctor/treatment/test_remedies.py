"""What is tried against what: from codes to recipes."""

import pytest
from support.patients import healthy_recipe

from vgg_transfer.doctor.catalogue import entry_of
from vgg_transfer.doctor.treatment.remedies import remedies_for
from vgg_transfer.recipe import Augmentation, named, names
from vgg_transfer.trials.trial import differences


def tried(recipe, *codes):
    return {one.name: one for one in remedies_for(recipe, codes, most=99)}


def test_without_findings_the_default_and_a_solved_head_are_worth_a_trial():
    assert [*tried(healthy_recipe())] == ["default", "exact-head"]
    assert [*tried(named("exact-first"))] == ["exact-head"]
    assert [*tried(named("probe"))] == ["default"]


@pytest.mark.parametrize(
    ("changes", "code", "name", "differs"),
    [
        ({"preprocess": "rescale"}, "foreign-preprocessing", "own-preprocessing", "preprocess"),
        ({}, "imbalance", "class-weights", "class_weights"),
        ({}, "imbalance", "balanced-sampling", "sampling"),
        ({}, "overfitting", "dropout-and-l2", "head.dropout (0.2, 0.5), head.l2 (0.0, 0.001)"),
        ({}, "high-rate", "slower", "stage.1.rate (0.001, 0.0001), stage.2.rate (3e-05, 3e-06)"),
        ({}, "small-pictures", "lower-blocks", "head.blocks"),
        ({}, "last-is-best", "longer", "stage.1.epochs (6, 12), stage.2.epochs (5, 10)"),
        ({}, "more-training", "found-rates", "stage.1.find_rate"),
        ({"stage_2": {"size": 96}}, "last-size", "last-size", "stage.2.size"),
        ({}, "asked-flip", "no-flip", "augmentation.flip (horizontal, none)"),
        ({}, "lucky-epoch", "falling-rate", "stage.1.keep (best, last)"),
        ({}, "overfitting", "best-epoch", "stage.2.keep (last, best)"),
        ({}, "unsettled-head", "exact-head-first", "stage.1.optimizer (adam, exact)"),
    ],
)
def test_a_finding_leads_to_its_remedy(changes, code, name, differs):
    recipe = healthy_recipe(**changes)
    remedy = tried(recipe, code)[name]
    assert remedy.because == (code,)
    assert differs in differences(recipe.changed(name=name), remedy.recipe, most=9)
    assert name not in tried(recipe)


def test_a_head_that_is_solved_is_given_no_dropout():
    assert "dropout-and-l2" not in tried(named("probe"), "overfitting")


def test_random_weights_are_treated_with_pretrained_ones():
    random = named("scratch")
    remedies = tried(random, "few-from-scratch")
    assert remedies["pretrained"].recipe.base.weights == "imagenet"
    assert remedies["pretrained"].recipe.size == random.size
    assert "exact-head" not in remedies


def test_no_more_than_asked_and_the_likeliest_first():
    recipe = healthy_recipe(preprocess="rescale")
    found = remedies_for(recipe, ("overfitting", "foreign-preprocessing"), most=2)
    assert [one.name for one in found] == ["own-preprocessing", "dropout-and-l2"]


def test_every_code_is_known_to_the_doctor_and_every_recipe_can_be_treated():
    codes = {
        "foreign-preprocessing", "frozen-noise", "few-from-scratch", "dying-signal", "imbalance",
        "tiny-class", "no-recall", "balanced-twice", "diverged", "oscillating", "high-rate",
        "overfitting", "large-head", "overconfident", "small-norm", "more-training", "cold-head",
        "unsettled-head", "switch-lost", "lucky-epoch", "small-input", "small-pictures",
        "last-is-best", "underfitting", "slow", "last-size", "asked-flip",
    }  # fmt: skip
    assert all(entry_of(code) for code in codes)
    by_code = {code for one in tried(all_wrong(), *codes).values() for code in one.because}
    assert by_code == codes
    for name in names():
        assert tried(named(name), *codes), name


def all_wrong():
    """Return a recipe on which every change does something."""
    return healthy_recipe(
        preprocess="rescale",
        head={"dense": (64,), "batch_norm": True},
        augmentation=Augmentation(flip="both"),
        stage_2={"size": 96},
    )
