"""Recipes in and out: TOML text, ``--set`` overrides, and every fault reported at once."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel, ValidationError

from vgg_transfer.errors import RecipeError, did_you_mean
from vgg_transfer.recipe.augmentation import named_augmentation
from vgg_transfer.recipe.catalogue.registry import named
from vgg_transfer.recipe.recipe import Recipe


def from_table(table: Mapping[str, Any], origin: str) -> Recipe:
    """Check a nested table and return the recipe; ``origin`` names it in the error."""
    try:
        return Recipe.model_validate(table)
    except ValidationError as error:
        faults = [f"  {line}" for line in _faults(error)]
        number = f"{len(faults)} faults" if len(faults) > 1 else "1 fault"
        raise RecipeError("\n".join([f"{origin} has {number}:", *faults])) from None


def from_toml(text: str, origin: str = "the recipe") -> Recipe:
    """Read a recipe from TOML text."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{origin} is not valid TOML: {error}") from None
    return from_table(table, origin)


def read(path: Path) -> Recipe:
    """Read a recipe file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise RecipeError(f'cannot read the recipe file "{path}": {reason}') from None
    return from_toml(text, origin=f'the recipe file "{path}"')


def choose(name_or_file: str) -> Recipe:
    """Return the recipe of that name, or the one in that TOML file."""
    path = Path(name_or_file).expanduser()
    if path.suffix == ".toml" or path.is_file():
        return read(path)
    return named(name_or_file)


def to_toml(recipe: Recipe) -> str:
    """Write a recipe as TOML with every setting shown, ready to edit and give back."""
    return tomli_w.dumps(recipe.model_dump(mode="json", exclude_none=True))


def override(recipe: Recipe, settings: Iterable[str]) -> Recipe:
    """Return the recipe with ``key=value`` settings, such as ``stage.1.rate=1e-5``.

    Stages count from 1. A value is read as TOML; where that fails it is taken as text. A named
    augmentation is written out, so that a further setting may change one of its numbers.
    """
    table = recipe.model_dump(mode="json", exclude_none=True)
    faults = []
    # What decides on other settings goes first, whatever the order: the kind of a plan, the name
    # of an augmentation.
    for setting in sorted(settings, key=_is_detail):
        try:
            _put(table, setting)
        except RecipeError as error:
            faults.append(str(error))
    if faults:
        raise RecipeError("\n".join(faults))
    return from_table(table, f'the recipe "{recipe.name}" with --set')


def _is_detail(setting: str) -> bool:
    return setting.partition("=")[0].strip().rpartition(".")[2] not in ("kind", "augmentation")


def _put(table: dict[str, Any], setting: str) -> None:
    path, equals, text = setting.partition("=")
    if not equals or not path.strip():
        raise RecipeError(
            f'--set "{setting}" is not KEY=VALUE; write for example --set stage.1.rate=1e-5'
        )
    *parents, key = path.strip().split(".")
    place: Any = table
    for parent in parents:
        place = _step(place, parent, setting)
    if isinstance(place, list):
        raise RecipeError(f'--set "{setting}" names a whole stage; name a setting of it')
    value = _read_value(text.strip())
    if key == "kind" and place.get("kind") != value:
        place.clear()  # the settings of another kind of plan do not apply to the new one
    if key == "augmentation" and isinstance(value, str):
        value = _numbers_of(value, setting)
    place[key] = value


def _numbers_of(augmentation: str, setting: str) -> dict[str, Any]:
    try:
        return named_augmentation(augmentation).model_dump(mode="json")
    except RecipeError as error:
        raise RecipeError(f'--set "{setting}": {error}') from None


def _step(place: Any, key: str, setting: str) -> Any:
    """Walk one step down a dotted path; an absent table is made."""
    if isinstance(place, list):
        if not re.fullmatch("[0-9]+", key) or not 1 <= int(key) <= len(place):
            raise RecipeError(
                f'--set "{setting}": there is no stage {key}; this recipe has stages '
                f"1 to {len(place)}"
            )
        place = place[int(key) - 1]
        if not isinstance(place, dict):
            raise RecipeError(f'--set "{setting}": nothing lies below a single value')
        return place
    below = place.setdefault(key, {})
    if not isinstance(below, dict | list):
        raise RecipeError(f'--set "{setting}": "{key}" is a single value, nothing lies below it')
    return below


def _read_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _faults(error: ValidationError) -> list[str]:
    return [_fault(dict(fault)) for fault in error.errors()]


def _fault(fault: Mapping[str, Any]) -> str:
    """Turn one of pydantic's faults into: where, what is wrong, what was received, what to do."""
    path = tuple(part for part in fault["loc"] if part not in _PLAN_KINDS)
    where = ".".join(str(p + 1) if isinstance(p, int) else str(p) for p in path)
    if fault["type"] == "extra_forbidden":
        known = _known_keys(fault["loc"][:-1])
        hint = did_you_mean(str(path[-1]), known)
        return f"{where}: unknown key.{hint or ' Known keys: ' + ', '.join(known)}"
    message = str(fault["msg"]).removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if fault["type"] in ("value_error", "missing"):
        return f"{where}: {message}" if where else message
    received = json.dumps(fault["input"], default=str)
    return f"{where}: {message}; received {received}"


_PLAN_KINDS = frozenset({"constant", "plateau", "cosine", "cyclical"})


def _known_keys(path: tuple[Any, ...]) -> list[str]:
    """Return the keys that may stand at a place in a recipe."""
    models: list[type[BaseModel]] = [Recipe]
    for part in path:
        if part in _PLAN_KINDS:
            models = [model for model in models if model.model_fields["kind"].default == part]
        elif isinstance(part, str):
            models = [
                below
                for model in models
                if part in model.model_fields
                for below in _models_in(model.model_fields[part].annotation)
            ]
    return sorted({key for model in models for key in model.model_fields})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the recipe parts that an annotation mentions, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for inner in getattr(annotation, "__args__", ()) for m in _models_in(inner)]
