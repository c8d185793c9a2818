"""The published recipes: the publications' own numbers."""

import pytest

from vgg_transfer.recipe import Augmentation, Head, Stage, named
from vgg_transfer.recipe.catalogue.registry import published_names

# Sizes, what pixels become, images a batch, and hidden layers of all recipes of a publication.
DENSE = Head(pooling="flatten", dense=(256,), dropout=0.5, output="sigmoid")
LINEAR = Head(pooling="flatten", dense=(256,), activation="none", dropout=0.5, output="sigmoid")
WITHOUT_DROPOUT = Head(pooling="flatten", dense=(256,), output="sigmoid")


@pytest.mark.parametrize("name", published_names())
def test_all_start_from_imagenet_squash_their_images_and_compute_in_fp32(name: str) -> None:
    recipe = named(name)
    assert (recipe.base.weights, recipe.base.blocks, recipe.resize, recipe.precision) == (
        *("imagenet", 5, "squash", "fp32"),
    )
    assert all(stage.stopping is None for stage in recipe.stage)
    assert recipe.source


@pytest.mark.parametrize(
    ("publication", "form"),
    [
        ("chollet-2016", (150, "rescale", 32)),
        ("dlwp1", (150, "rescale", 20)),
        ("dlwp2", (180, "imagenet", 32)),
    ],
)
def test_form_of_the_images(publication: str, form: tuple[int, str, int]) -> None:
    for name in published_names():
        if name.startswith(publication):
            recipe = named(name)
            assert (recipe.size, recipe.preprocess, recipe.batch_size) == form


def test_heads() -> None:
    heads = {name: named(name).head for name in published_names()}
    assert heads == {
        "chollet-2016-bottleneck": DENSE,
        "chollet-2016-finetune": DENSE,
        "dlwp1-features": DENSE,
        "dlwp1-augmented": WITHOUT_DROPOUT,
        "dlwp1-finetune": WITHOUT_DROPOUT,
        "dlwp2-features": LINEAR,
        "dlwp2-augmented": LINEAR,
        "dlwp2-finetune": LINEAR,
    }


def facts(stage: Stage) -> tuple[object, ...]:
    return stage.train, stage.epochs, stage.optimizer, stage.rate, stage.views, stage.keep


HEAD, BLOCK5 = ("head",), ("block5", "head")


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("chollet-2016-bottleneck", [(HEAD, 50, "rmsprop", 1e-3, "plain", "last")]),
        (
            "chollet-2016-finetune",
            [
                (HEAD, 50, "rmsprop", 1e-3, "plain", "last"),
                (BLOCK5, 50, "sgd", 1e-4, "fresh", "last"),
            ],
        ),
        ("dlwp1-features", [(HEAD, 30, "rmsprop", 2e-5, "plain", "last")]),
        ("dlwp1-augmented", [(HEAD, 30, "rmsprop", 2e-5, "fresh", "last")]),
        (
            "dlwp1-finetune",
            [
                (HEAD, 30, "rmsprop", 2e-5, "fresh", "last"),
                (BLOCK5, 100, "rmsprop", 1e-5, "fresh", "last"),
            ],
        ),
        ("dlwp2-features", [(HEAD, 20, "rmsprop", 1e-3, "plain", "best")]),
        ("dlwp2-augmented", [(HEAD, 50, "rmsprop", 1e-3, "fresh", "best")]),
        (
            "dlwp2-finetune",
            [
                (HEAD, 50, "rmsprop", 1e-3, "fresh", "last"),
                (BLOCK5, 30, "rmsprop", 1e-5, "fresh", "best"),
            ],
        ),
    ],
)
def test_stages(name: str, stages: list[tuple[object, ...]]) -> None:
    assert [facts(stage) for stage in named(name).stage] == stages


def test_augmentation_of_what_is_augmented() -> None:
    finetune = named("chollet-2016-finetune").stage[1]
    assert finetune.augmentation == Augmentation(shear=0.2, zoom=0.2, flip="horizontal")
    assert finetune.momentum == 0.9
    assert named("dlwp1-augmented").augmentation == Augmentation(
        rotation=40.0, shift=0.2, shear=0.2, zoom=0.2, flip="horizontal", fill="nearest"
    )
    # RandomRotation(0.1) turns by up to a tenth of a full circle.
    assert named("dlwp2-augmented").augmentation == Augmentation(
        rotation=36.0, zoom=0.2, flip="horizontal", fill="reflect"
    )


def test_cached_features_are_of_images_as_they_are() -> None:
    for name in ("chollet-2016-bottleneck", "dlwp1-features", "dlwp2-features"):
        assert named(name).augmentation == Augmentation()


def test_epsilon_is_the_square_of_what_was_added_to_the_root() -> None:
    found = {
        name: {stage.epsilon for stage in named(name).stage if stage.optimizer == "rmsprop"}
        for name in published_names()
    }
    assert found == {
        name: {1e-14 if name.startswith("dlwp2") else 1e-16} for name in published_names()
    }
