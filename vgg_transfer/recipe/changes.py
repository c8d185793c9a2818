"""The command line's short ways to change a recipe: size, epochs, stopping, blocks to open."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe.catalogue.registry import exact_first, gradual, small_images, staged
from vgg_transfer.recipe.recipe import Recipe
from vgg_transfer.recipe.stage import Stage
from vgg_transfer.recipe.toml import override
from vgg_transfer.words import listed

_SMALL = 64  # pixels: it was measured at this size

_OPENING_STEP_BY_STEP = {"exact-first": exact_first, "staged": staged, "gradual": gradual}
STEP_BY_STEP = listed(_OPENING_STEP_BY_STEP, quoted=False)
"""The names of the schedules whose number of blocks can be chosen."""


def usual(size: int | None, settings: Iterable[str]) -> Recipe:
    """Return what is done unless a recipe is named, by the size that the images will have."""
    photographs = exact_first()
    wanted = with_settings(photographs, None, size, settings).size
    return small_images() if wanted <= _SMALL else photographs


def with_settings(
    recipe: Recipe, weights: str | None, size: int | None, settings: Iterable[str]
) -> Recipe:
    """Change starting weights, image size and single ``key=value`` settings; None keeps its own."""
    changes: dict[str, Any] = {} if size is None else {"size": size}
    if weights is not None:
        changes["base"] = {"weights": weights}
    return override(recipe, settings, changes)


def continuing(recipe: Recipe | None, kept: Recipe, folder: str) -> Recipe:
    """Return a recipe that begins with the weights of a run.

    Args:
        recipe: what is to be done; None: what the run's own recipe does.
        kept: the run's own recipe, whose base and preprocessing hold for its weights.
        folder: the run's.
    """
    wanted = recipe or kept.changed(name=f"{kept.name}-continued")
    base = kept.base.changed(weights=folder)
    return wanted.changed(base=base, preprocess=kept.preprocess)


def with_epochs_at_most(recipe: Recipe, epochs: int) -> Recipe:
    """Let no stage run longer than this many epochs."""
    if epochs < 1:
        raise RecipeError(f"--epochs {epochs}: a stage needs at least 1 epoch")
    return recipe.changed(
        **{key: {"epochs": min(stage.epochs, epochs)} for key, stage in _learning(recipe)}
    )


def with_epochs(recipe: Recipe, epochs: Sequence[int]) -> Recipe:
    """Give each stage its number of epochs, in order."""
    learning = dict(_learning(recipe))
    if len(epochs) != len(learning):
        titles = ", ".join(stage.title for stage in learning.values())
        raise RecipeError(
            f'--epochs needs one number for each stage of the recipe "{recipe.name}" that takes '
            f"epochs: {len(learning)} ({titles or 'none: its head is solved exactly'}), received "
            f"{len(epochs)}"
        )
    if any(number < 1 for number in epochs):
        raise RecipeError(f"--epochs {','.join(map(str, epochs))}: every number must be 1 or more")
    pairs = zip(learning, epochs, strict=True)
    return recipe.changed(**{key: {"epochs": number} for key, number in pairs})


def without_stopping(recipe: Recipe) -> Recipe:
    """Let every stage run all its epochs; best weights are still put back at its end."""
    return recipe.changed(**{key: {"stopping": None} for key, _ in _learning(recipe)})


def finding_rates(recipe: Recipe) -> Recipe:
    """Let every stage that has a rate find it by a short test."""
    return recipe.changed(**{key: {"find_rate": True} for key, _ in _learning(recipe)})


def opens_step_by_step(recipe: Recipe) -> bool:
    """Return whether the recipe has the name of a schedule that opens blocks step by step."""
    return recipe.name in _OPENING_STEP_BY_STEP


def unfreezing(recipe: Recipe, blocks: int) -> Recipe:
    """Let a named schedule that opens blocks step by step open this many in the end."""
    schedule = _OPENING_STEP_BY_STEP.get(recipe.name)
    if schedule is None or recipe != schedule():
        raise RecipeError(
            f"--unfreeze {blocks} applies to the schedules {STEP_BY_STEP}, not to "
            f'"{recipe.name}": choose one of them, or name the blocks in the recipe\'s stages'
        )
    return schedule(blocks)


def _learning(recipe: Recipe) -> Iterator[tuple[str, Stage]]:
    """Yield the stages that learn by steps, each with its name in ``recipe.changed``."""
    for number, stage in enumerate(recipe.stage, start=1):
        if stage.optimizer != "exact":
            yield f"stage_{number}", stage
