"""The command line's short ways to change a recipe: size, epochs, stopping, blocks to open."""

from collections.abc import Sequence

import tomli_w

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe.catalogue import schedules
from vgg_transfer.recipe.recipe import Recipe
from vgg_transfer.recipe.toml import override


def with_settings(
    recipe: Recipe, weights: str | None, size: int | None, settings: Sequence[str]
) -> Recipe:
    """Change starting weights, image size and single ``key=value`` settings; None keeps its own."""
    changes = list(settings)
    if size is not None:
        changes.insert(0, f"size={size}")
    if weights is not None:
        # As TOML, so that no path can be taken for something else.
        quoted = tomli_w.dumps({"value": weights}).partition("=")[2].strip()
        changes.insert(0, f"base.weights={quoted}")
    return override(recipe, changes) if changes else recipe


def with_epochs_at_most(recipe: Recipe, epochs: int) -> Recipe:
    """Let no stage run longer than this many epochs."""
    if epochs < 1:
        raise RecipeError(f"--epochs {epochs}: a stage needs at least 1 epoch")
    stages = tuple(
        stage
        if stage.optimizer == "exact"
        else stage.model_copy(update={"epochs": min(stage.epochs, epochs)})
        for stage in recipe.stage
    )
    return recipe.model_copy(update={"stage": stages})


def with_epochs(recipe: Recipe, epochs: Sequence[int]) -> Recipe:
    """Give each stage its number of epochs, in order."""
    trained = [stage for stage in recipe.stage if stage.optimizer != "exact"]
    if len(epochs) != len(trained):
        titles = ", ".join(stage.title for stage in trained) or "none: its head is solved exactly"
        raise RecipeError(
            f'--epochs needs one number for each stage of the recipe "{recipe.name}" that takes '
            f"epochs: {len(trained)} ({titles}), received {len(epochs)}"
        )
    if any(number < 1 for number in epochs):
        raise RecipeError(f"--epochs {','.join(map(str, epochs))}: every number must be 1 or more")
    remaining = iter(epochs)
    stages = tuple(
        stage
        if stage.optimizer == "exact"
        else stage.model_copy(update={"epochs": next(remaining)})
        for stage in recipe.stage
    )
    return recipe.model_copy(update={"stage": stages})


def without_stopping(recipe: Recipe) -> Recipe:
    """Let every stage run all its epochs; best weights are still put back at its end."""
    stages = tuple(stage.model_copy(update={"stopping": None}) for stage in recipe.stage)
    return recipe.model_copy(update={"stage": stages})


def finding_rates(recipe: Recipe) -> Recipe:
    """Let every stage that has a rate find it by a short test."""
    stages = tuple(
        stage if stage.optimizer == "exact" else stage.model_copy(update={"find_rate": True})
        for stage in recipe.stage
    )
    return recipe.model_copy(update={"stage": stages})


def unfreezing(recipe: Recipe, blocks: int) -> Recipe:
    """Let a named schedule that opens blocks step by step open this many in the end."""
    builders = {"staged": schedules.staged, "gradual": schedules.gradual}
    builder = builders.get(recipe.name)
    if builder is None or recipe != builder():
        raise RecipeError(
            f"--unfreeze {blocks} applies to the schedules staged and gradual, not to "
            f'"{recipe.name}": choose --recipe staged, or name the blocks in the recipe\'s stages'
        )
    return builder(blocks)
