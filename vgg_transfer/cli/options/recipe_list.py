"""Several recipes in one option, ``frozen,staged,my recipe.toml``, and what changes all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vgg_transfer.errors import RecipeError

if TYPE_CHECKING:
    from vgg_transfer.recipe import Recipe


@dataclass(frozen=True)
class Changes:
    """What the options change in every recipe; ``unfreeze`` only where blocks open in steps."""

    unfreeze: int | None = None
    weights: str | None = None
    size: int | None = None
    settings: tuple[str, ...] = ()
    epochs: int | None = None


def read_recipes(text: str, changes: Changes) -> "list[Recipe]":
    """Return the recipes of a list of names and files, changed.

    Raises:
        RecipeError: with the faults of all of them.
    """
    from vgg_transfer.recipe import changes as ways
    from vgg_transfer.recipe import choose

    names = [name.strip() for name in text.split(",") if name.strip()]
    chosen = _each(names, choose)
    if changes.unfreeze is not None and not any(map(ways.opens_step_by_step, chosen)):
        raise RecipeError(
            f"--unfreeze {changes.unfreeze} applies to the schedules {ways.STEP_BY_STEP}, and "
            f"none of them is compared: {', '.join(recipe.name for recipe in chosen)}"
        )
    return _each(chosen, lambda recipe: _changed(recipe, changes))


def _changed(recipe: "Recipe", changes: Changes) -> "Recipe":
    from vgg_transfer.recipe import changes as ways

    if changes.unfreeze is not None and ways.opens_step_by_step(recipe):
        recipe = ways.unfreezing(recipe, changes.unfreeze)
    recipe = ways.with_settings(recipe, changes.weights, changes.size, changes.settings)
    return recipe if changes.epochs is None else ways.with_epochs_at_most(recipe, changes.epochs)


def _each(given: Sequence[Any], made: "Callable[[Any], Recipe]") -> "list[Recipe]":
    found, faults = [], dict[str, None]()
    for one in given:
        try:
            found.append(made(one))
        except RecipeError as error:
            faults[str(error)] = None
    if faults:
        raise RecipeError("\n".join(faults))
    return found
