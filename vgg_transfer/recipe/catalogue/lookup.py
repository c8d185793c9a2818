"""How the registries find what has a name: by the functions that they import."""

from collections.abc import Callable, Mapping
from inspect import isfunction
from typing import Any, TypeVar

from vgg_transfer.errors import RecipeError, did_you_mean
from vgg_transfer.words import excerpt

Found = TypeVar("Found")


def imported_builders(names: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """Return the functions that a registry has imported from the catalogue, as it orders them.

    Args:
        names: the registry's ``globals()``.

    Returns:
        The functions by their names as users write them: ``last-layers`` for ``last_layers``.
    """
    catalogue = __name__.rpartition(".")[0]
    others = (__name__, names["__name__"])
    return {
        name.replace("_", "-"): value
        for name, value in names.items()
        if isfunction(value)
        and value.__module__.startswith(catalogue)
        and value.__module__ not in others
    }


def find(builders: Mapping[str, Found], name: str, kind: str, command: str) -> Found:
    """Return the builder of that name.

    Raises:
        RecipeError: there is none; ``kind`` is what is searched, ``command`` lists them all.
    """
    if name not in builders:
        raise RecipeError(
            f'no {kind} is called "{excerpt(name)}".{did_you_mean(name, builders)} '
            f"See them all with: {command}"
        )
    return builders[name]
