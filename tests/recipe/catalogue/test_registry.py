"""Recipes by name; and that each example of the five texts is there with the text's own numbers."""

import re

import pytest

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import Augmentation, Recipe, Stage, Stopping, named, names
from vgg_transfer.recipe.catalogue import registry
from vgg_transfer.recipe.catalogue.registry import explanation
from vgg_transfer.recipe.stage import BASE_BLOCKS, CyclicalPlan, PlateauPlan

EVERYTHING = (*BASE_BLOCKS, "head")
TEXTS = (
    "What are the issues when training a model using VGG16?",
    "Why is VGG16 achieving low accuracy when training a dog/cat classifier in TensorFlow?",
    "Why is VGG16 performing poorly on ImageNet using Keras?",
    "Why is VGG16 struggling to train on CIFAR-100?",
    "Why isn't my PyTorch VGG model converging on CIFAR-10?",
)


def only_stage(name: str) -> Stage:
    """Return the stage of a recipe that has one."""
    (stage,) = named(name).stage
    return stage


def test_the_default_comes_first_and_no_name_is_there_twice() -> None:
    assert names()[0] == "exact-first"
    assert len(set(names())) == len(names())


@pytest.mark.parametrize("name", names())
def test_a_recipe_carries_the_name_it_is_found_by_and_says_what_it_does(name: str) -> None:
    recipe = named(name)
    assert recipe.name == name
    assert recipe.description


@pytest.mark.parametrize("name", names())
def test_the_explanation_gives_the_command(name: str) -> None:
    first, *lines = explanation(name).splitlines()
    assert first.endswith(".")
    (command,) = [line for line in lines if line.startswith("Command: ")]
    assert re.fullmatch(
        rf"Command: ``vgg-transfer train DATA --recipe {name}( --\w+ \w+)?``", command
    )


def test_a_near_miss_is_suggested() -> None:
    with pytest.raises(RecipeError) as near:
        named("stagd")
    assert str(near.value) == (
        'no recipe is called "stagd". Did you mean "staged"? '
        "See them all with: vgg-transfer recipes"
    )
    with pytest.raises(RecipeError) as far:
        explanation("resnet50-imagenet")
    assert str(far.value) == (
        'no recipe is called "resnet50-imagenet". See them all with: vgg-transfer recipes'
    )


def test_every_example_of_every_text_is_represented() -> None:
    found = set()
    for name in filter(lambda each: origin_of(each).startswith("texts"), names()):
        for source in filter(None, named(name).source.split("; ")):
            text, numbers = re.fullmatch(r"(.+) \(examples? ([^)]+)\)", source).groups()
            named_numbers = [int(digit) for digit in re.findall(r"\d", numbers)]
            if " to " in numbers:
                named_numbers = list(range(named_numbers[0], named_numbers[1] + 1))
            found |= {(text, number) for number in named_numbers}
    assert found == {(text, number) for text in TEXTS for number in (1, 2, 3)}


def origin_of(name: str) -> str:
    """Return the module that a recipe's function stands in."""
    return getattr(registry, name.replace("-", "_")).__module__.rpartition(".")[2]


def test_recipes_of_texts_and_publications_name_their_source_and_schedules_none() -> None:
    without = {name for name in names() if not named(name).source}
    assert without >= {"staged", "frozen", "gradual", "full", "probe", "scratch"}
    others = ("fastai_finetune", "keras_guide", "publications", "texts_cifar", "texts_photos")
    assert without == {name for name in names() if origin_of(name) not in others}


def test_issues_1_pooled_head() -> None:
    recipe = named("pooled-head")
    assert (recipe.size, recipe.batch_size, recipe.base.weights) == (224, 32, "imagenet")
    head = recipe.head
    assert (head.pooling, head.dense, head.l2, head.output) == ("average", (128,), 0.001, "softmax")
    assert only_stage("pooled-head") == Stage(
        train=("head",), epochs=100, optimizer="adam", rate=1e-3, stopping=Stopping(patience=10)
    )


def test_issues_2_and_imagenet_1_first_generator() -> None:
    recipe = named("generator-augmentation")
    assert recipe.augmentation == Augmentation(
        rotation=20.0, shift=0.2, shear=0.2, zoom=0.2, flip="horizontal", fill="nearest"
    )
    assert recipe.preprocess == "imagenet"  # not the text's 1/255, and the docstring says so
    assert "preprocess=rescale" in explanation("generator-augmentation")


def test_issues_3_last_five_layers_are_block5() -> None:
    first, second = named("last-layers").stage
    assert first == only_stage("pooled-head")
    assert (second.train, second.rate, second.epochs) == (("block5", "head"), 1e-4, 50)


def test_dog_cat_1_frozen_noise() -> None:
    recipe = named("dog-cat-frozen-noise")
    assert (recipe.base.weights, recipe.base.initialisation) == ("none", "glorot")
    assert recipe.preprocess == "rescale"
    head = recipe.head
    assert (head.pooling, head.dense, head.output) == ("flatten", (256,), "sigmoid")
    assert recipe.augmentation == Augmentation(shear=0.2, zoom=0.2, flip="horizontal")
    assert recipe.stage == (Stage(train=("head",), epochs=20, rate=1e-4),)
    assert "FAILS" in recipe.description
    assert "FAILS" in explanation(recipe.name)


def test_dog_cat_2_and_3_train_everything() -> None:
    plain, augmented = named("dog-cat-everything"), named("dog-cat-augmented")
    for recipe in (plain, augmented):
        assert recipe.base.weights == "imagenet"
        assert recipe.stage == (Stage(train=EVERYTHING, epochs=20, rate=1e-5),)
    assert (plain.head.dropout, augmented.head.dropout) == (0.0, 0.5)
    assert augmented.augmentation == Augmentation(
        shear=0.2, zoom=0.2, flip="horizontal", rotation=20.0, shift=0.2
    )


def test_imagenet_2_plateau_with_three_optimizers() -> None:
    stages = {name: only_stage(name) for name in ("plateau", "plateau-sgd", "plateau-rmsprop")}
    assert {name: stage.optimizer for name, stage in stages.items()} == {
        "plateau": "adam",
        "plateau-sgd": "sgd",
        "plateau-rmsprop": "rmsprop",
    }
    for stage in stages.values():
        assert stage.plan == PlateauPlan(monitor="val_loss", factor=0.1, patience=5, minimum=1e-6)
        assert (stage.epochs, stage.stopping) == (100, None)


def test_imagenet_3_class_weights() -> None:
    assert named("streaming-weighted").class_weights == "balanced"
    weighted = {name for name in names() if named(name).class_weights != "none"}
    assert weighted == {"streaming-weighted"}


def test_cifar_100_1_and_2_are_really_without_block5() -> None:
    plain, augmented = named("cifar-truncated"), named("cifar-augmented")
    for recipe in (plain, augmented):
        assert (recipe.size, recipe.base.weights, recipe.base.blocks) == (32, "none", 4)
        head = recipe.head
        assert (head.pooling, head.dense, head.dropout) == ("flatten", (512,), 0.5)
        (stage,) = recipe.stage
        assert (stage.train, stage.epochs) == ((*BASE_BLOCKS[:4], "head"), 100)
    assert plain.augmentation.changes_nothing
    assert augmented.augmentation == Augmentation(
        rotation=15.0, shift=0.1, shear=0.2, zoom=0.2, flip="horizontal", fill="nearest"
    )


def test_cifar_100_3_opens_block5_and_not_the_head_alone() -> None:
    recipe = named("cifar-transfer")
    assert (recipe.size, recipe.base.weights) == (32, "imagenet")
    assert (recipe.head.pooling, recipe.head.dense, recipe.head.dropout) == (
        "flatten",
        (1024,),
        0.5,
    )
    first, second = recipe.stage
    assert (first.train, first.rate, first.epochs) == (("head",), 1e-3, 10)
    assert (second.train, second.rate, second.epochs) == (("block5", "head"), 1e-4, 20)


def cifar_10() -> tuple[Recipe, Recipe]:
    """Return the two recipes of the last text."""
    return named("cifar-batch-norm"), named("cifar-batch-norm-sgd")


def test_cifar_10_1_augmentation_and_normalize() -> None:
    for recipe in cifar_10():
        assert (recipe.size, recipe.preprocess) == (32, "standardize")
        assert recipe.augmentation == Augmentation(
            crop_padding=4,
            flip="horizontal",
            rotation=15.0,
            fill="black",
            brightness=0.2,
            contrast=0.2,
            saturation=0.2,
            hue=0.1,
            erasing=0.5,
        )


def test_cifar_10_2_schedules() -> None:
    adam, sgd = (recipe.stage[0] for recipe in cifar_10())
    assert (adam.optimizer, adam.rate) == ("adam", 1e-3)
    assert isinstance(adam.plan, PlateauPlan)
    assert (adam.plan.factor, adam.plan.patience) == (0.1, 5)
    assert sgd.optimizer == "sgd"
    assert sgd.momentum is None  # which is 0.9
    assert isinstance(sgd.plan, CyclicalPlan)


def test_cifar_10_3_batch_norm_and_he() -> None:
    for recipe in cifar_10():
        base = recipe.base
        assert (base.weights, base.batch_norm, base.initialisation) == ("none", True, "he")
        assert recipe.stage[0].train == EVERYTHING
