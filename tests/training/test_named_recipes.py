"""Every named recipe runs end to end, and trains the layers it claims to and no others."""

from collections.abc import Sequence

import keras
import numpy as np
import pytest

from vgg_transfer import recipe as recipes
from vgg_transfer.recipe import Recipe
from vgg_transfer.recipe.changes import with_epochs
from vgg_transfer.run import read
from vgg_transfer.training import train
from vgg_transfer.training.stages import run_stage as stages

pytestmark = pytest.mark.usefixtures("step_by_step")
ALL_BLOCKS = ("block1", "block2", "block3", "block4", "block5", "head")
# Which blocks train in each stage, as the recipes' descriptions say it; a recipe that is not here
# is held to its own stages.
CLAIMS = {
    "exact-first": [["head"], ["block5", "head"]],
    "staged": [["head"], ["block5", "head"], ["block4", "block5", "head"]],
    "frozen": [["head"]],
    "gradual": [["head"], *([*ALL_BLOCKS[5 - opened : 5], "head"] for opened in range(1, 6))],
    "full": [[*ALL_BLOCKS]],
    "probe": [["head"]],
    "scratch": [[*ALL_BLOCKS]],
    "pooled-head": [["head"]],
    "generator-augmentation": [["head"]],
    "last-layers": [["head"], ["block5", "head"]],
    "dog-cat-frozen-noise": [["head"]],
    "dog-cat-everything": [[*ALL_BLOCKS]],
    "dog-cat-augmented": [[*ALL_BLOCKS]],
    "plateau": [["head"]],
    "plateau-sgd": [["head"]],
    "plateau-rmsprop": [["head"]],
    "streaming-weighted": [["head"]],
    "cifar-truncated": [["block1", "block2", "block3", "block4", "head"]],
    "cifar-augmented": [["block1", "block2", "block3", "block4", "head"]],
    "cifar-transfer": [["head"], ["block5", "head"]],
    "cifar-batch-norm": [[*ALL_BLOCKS]],
    "cifar-batch-norm-sgd": [[*ALL_BLOCKS]],
    "chollet-2016-bottleneck": [["head"]],
    "chollet-2016-finetune": [["head"], ["block5", "head"]],
    "dlwp1-features": [["head"]],
    "dlwp1-augmented": [["head"]],
    "dlwp1-finetune": [["head"], ["block5", "head"]],
    "dlwp2-features": [["head"]],
    "dlwp2-augmented": [["head"]],
    "dlwp2-finetune": [["head"], ["block5", "head"]],
}
# The stages that are run where not all are: those between them open one block more each.
RUN = {"gradual": (0, 1, 5)}
# Without block5, in the saved model as well.
TRUNCATED = ("cifar-truncated", "cifar-augmented")


def stages_run(name: str) -> Sequence[int]:
    return RUN.get(name, range(len(recipes.named(name).stage)))


def small(name: str) -> Recipe:
    """Return the named recipe on a base of a few filters, with one epoch a stage."""
    recipe = recipes.override(
        recipes.named(name),
        ['base.weights="none"', "base.width=0.05", "size=32", 'precision="fp32"'],
    )
    recipe = recipe.changed(stage=tuple(recipe.stage[number] for number in stages_run(name)))
    graded = [stage for stage in recipe.stage if stage.optimizer != "exact"]
    return with_epochs(recipe, [1] * len(graded)) if graded else recipe


SMALL = {name: small(name) for name in sorted({*CLAIMS, *recipes.names()})}


def continued(recipe: Recipe) -> str | None:
    """Return the name of a recipe that begins with all stages of this one, and has more."""
    for name, other in SMALL.items():
        words = {field: getattr(recipe, field) for field in ("name", "description", "source")}
        begun = other.stage[: len(recipe.stage)]
        if begun != other.stage and other.changed(**words, stage=begun) == recipe:
            return name
    return None


CONTINUED = {name: longer for name, recipe in SMALL.items() if (longer := continued(recipe))}


def tensors_of(network):
    return {
        block: [np.array(weight.numpy()) for layer in layers for weight in layer.weights]
        for block, layers in network.blocks.items()
    }


@pytest.fixture
def watched(monkeypatch):
    """Collect each stage's outcome, the tensors before and after it, and the blocks that train."""
    seen = []
    run_stage = stages.run_stage

    def watch(context, plan, before, keeping):
        tensors = tensors_of(context.network)
        finished = run_stage(context, plan, before, keeping)
        trainable = {
            block
            for block, layers in context.network.blocks.items()
            if any(layer.trainable for layer in layers)
        }
        seen.append((finished.outcome, tensors, tensors_of(context.network), trainable))
        return finished

    monkeypatch.setattr("vgg_transfer.training.course.run_stage", watch)
    return seen


def test_a_recipe_that_another_goes_on_with_is_run_as_part_of_it():
    assert CONTINUED["dlwp1-augmented"] == "dlwp1-finetune"
    for name, longer in CONTINUED.items():
        assert CLAIMS[name] == CLAIMS[longer][: len(CLAIMS[name])]


@pytest.mark.parametrize("name", [name for name in SMALL if name not in CONTINUED])
def test_a_named_recipe_does_what_it_claims(name, images, tmp_path, watched):
    recipe, whole = SMALL[name], recipes.named(name)
    claims = CLAIMS.get(name, [stage.train for stage in whole.stage])
    assert [set(stage.train) for stage in whole.stage] == [set(claim) for claim in claims]
    claims = [claims[number] for number in stages_run(name)]
    run = train(recipe, images, tmp_path / "run")
    assert run.status == "complete"
    assert run.metrics is not None
    assert read(run.folder).history == run.history
    assert len(watched) == len(claims)
    for (outcome, before, after, trainable), claim in zip(watched, claims, strict=True):
        assert trainable == set(claim)
        for block, tensors in before.items():
            same = all(np.array_equal(a, b) for a, b in zip(tensors, after[block], strict=True))
            if block not in claim:
                assert same, f"{block} is frozen and moved"
            elif outcome.best_epoch and tensors:
                assert not same, f"{block} trains and did not move"
    if name in TRUNCATED:
        layers = [layer.name for layer in keras.saving.load_model(run.model_file).layers]
        assert "block4_conv3" in layers
        assert not [layer for layer in layers if layer.startswith("block5")]


def test_frozen_noise_is_said_to_be_noise():
    """That it stays as it was drawn is its claim above: the head trains, and no other block."""
    assert "frozen-noise" in [finding.code for finding in SMALL["dog-cat-frozen-noise"].findings]
