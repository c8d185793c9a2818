"""Recipes in and out: by name or file, as TOML text, and with ``--set`` settings."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vgg_transfer.disk import is_file
from vgg_transfer.errors import RecipeError
from vgg_transfer.reading import read_text
from vgg_transfer.recipe.catalogue.augmentation_registry import named_augmentation
from vgg_transfer.recipe.catalogue.registry import named
from vgg_transfer.recipe.recipe import Recipe
from vgg_transfer.recipe.tables import checked, merge, plain, put, step
from vgg_transfer.words import excerpt, printable


def from_toml(text: str, origin: str = "the recipe") -> Recipe:
    """Read a recipe from TOML text.

    Args:
        text: the content of a recipe file.
        origin: what names the text in an error.

    Raises:
        RecipeError: with every fault.
    """
    try:
        table = _parsed(text)
    except ValueError as error:
        raise RecipeError(f"{origin} is not valid TOML: {error}") from None
    return checked(Recipe, table, origin)


def read(path: Path) -> Recipe:
    """Read a recipe file.

    Args:
        path: a TOML file in UTF-8.

    Raises:
        RecipeError: it cannot be read, or with every fault.
    """
    try:
        text = read_text(path)
        text.encode("utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise RecipeError(f'cannot read the recipe file "{printable(path)}": {reason}') from None
    return from_toml(text, origin=f'the recipe file "{printable(path)}"')


def choose(recipe: Recipe | Path | str) -> Recipe:
    """Return the recipe of that name, the one in that TOML file, or a recipe as it is.

    Args:
        recipe: a name from ``vgg-transfer recipes``, the path of a TOML file, or a recipe.

    Raises:
        RecipeError: there is no such recipe, or the file cannot be used.
    """
    if isinstance(recipe, Recipe):
        return recipe
    path = Path(recipe).expanduser()
    if isinstance(recipe, Path) or path.suffix == ".toml" or is_file(path):
        return read(path)
    return named(recipe)


def to_toml(recipe: Recipe) -> str:
    """Write a recipe as TOML with every setting shown, ready to edit and give back.

    Args:
        recipe: any recipe; settings that are left open are not shown.
    """
    import tomli_w  # what serves an exported model writes no recipe, and comes without it

    return tomli_w.dumps(plain(recipe))


def override(
    recipe: Recipe, settings: Iterable[str], changes: Mapping[str, Any] | None = None
) -> Recipe:
    """Return the recipe with ``key=value`` settings, as after ``--set`` on the command line.

    Args:
        recipe: what is changed; in a program, ``recipe.changed(size=96)`` says it more directly.
        settings: such as ``stage.1.rate=1e-5``; stages count from 1. A value is read as TOML; where
            that fails it is taken as text. A named augmentation is written out, so that a further
            setting may change one of its numbers.
        changes: what is changed before, as in ``recipe.changed``. [default: nothing]

    Raises:
        RecipeError: with every setting that names no place; else with every fault of the result.
    """
    table = plain(recipe)
    faults = merge(table, changes or {})
    # What decides on other settings goes first, whatever the order: the kind of a rate plan, the
    # name of an augmentation.
    for setting in sorted(settings, key=_is_detail):
        try:
            _set(table, setting)
        except RecipeError as error:
            faults.append(str(error))
    if faults:
        raise RecipeError("\n".join(faults))
    return checked(Recipe, table, f'the recipe "{recipe.name}" with --set')


def _is_detail(setting: str) -> bool:
    return setting.partition("=")[0].strip().rpartition(".")[2] not in ("kind", "augmentation")


def _set(table: dict[str, Any], setting: str) -> None:
    path, equals, text = setting.partition("=")
    said = f'--set "{excerpt(setting, 200)}"'
    if not equals or not path.strip():
        raise RecipeError(f"{said} is not KEY=VALUE; write for example --set stage.1.rate=1e-5")
    *parents, key = path.strip().split(".")
    place: Any = table
    for parent in parents:
        place = step(place, parent, said)
    value = _read_value(text.strip())
    if key == "augmentation" and isinstance(value, str):
        try:
            value = plain(named_augmentation(value))
        except RecipeError as error:
            raise RecipeError(f"{said}: {error}") from None
    put(place, key, value, said)


def _read_value(text: str) -> Any:
    try:
        return _parsed(f"value = {text}")["value"]
    except ValueError:
        return text


def _parsed(text: str) -> dict[str, Any]:
    """Return what TOML says; a ``ValueError`` is all that can be wrong with it."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply for a recipe") from None
