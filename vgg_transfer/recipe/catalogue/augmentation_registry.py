"""All augmentations that have a name, one line for each, and how to find one."""

# ruff: noqa: PLC0414 (a name imported as itself is handed on)

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe.augmentation import Augmentation
from vgg_transfer.recipe.catalogue.lookup import find, imported_builders

# One line for each, in the order in which they are listed.
# isort: off
from vgg_transfer.recipe.catalogue.augmentations import none as none
from vgg_transfer.recipe.catalogue.augmentations import light as light
from vgg_transfer.recipe.catalogue.augmentations import standard as standard
from vgg_transfer.recipe.catalogue.augmentations import strong as strong
from vgg_transfer.recipe.catalogue.augmentations import cifar as cifar
from vgg_transfer.recipe.catalogue.augmentations import generator_photos as generator_photos
from vgg_transfer.recipe.catalogue.augmentations import generator_cifar as generator_cifar
# isort: on

_BUILDERS: dict[str, Callable[[], Augmentation]] = imported_builders(globals())


def augmentation_names() -> tuple[str, ...]:
    """Return the names of all sets, from none to the texts' own."""
    return tuple(_BUILDERS)


def named_augmentation(name: str) -> Augmentation:
    """Return the set of that name.

    Args:
        name: one of ``augmentation_names()``, such as ``"strong"``.

    Raises:
        RecipeError: there is no such set.
    """
    return _builder(name)()


def augmentation_purpose(name: str) -> str:
    """Return in one sentence what a set does, and what it is for."""
    return (_builder(name).__doc__ or "").splitlines()[0]


def _builder(name: str) -> Callable[[], Augmentation]:
    return find(_BUILDERS, name, "augmentation", "vgg-transfer recipes --augmentations")


def _by_name(value: Any) -> Any:
    """Read the name of a set as its numbers."""
    if not isinstance(value, str):
        return value
    try:
        return named_augmentation(value)
    except RecipeError as error:
        raise ValueError(str(error)) from None


# An augmentation in a recipe, where the name of a set is as good.
ByNameToo = Annotated[Augmentation, BeforeValidator(_by_name)]
