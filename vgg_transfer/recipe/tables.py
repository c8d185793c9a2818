"""Parts of a recipe as nested tables: how one is changed, and all its faults at once."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from vgg_transfer.errors import RecipeError, did_you_mean
from vgg_transfer.words import excerpt

Part = TypeVar("Part", bound=BaseModel)

# Where pydantic chooses between kinds of rate plan, the kind stands in the path of a fault.
_RATE_PLAN_KINDS = frozenset({"constant", "plateau", "cosine", "cyclical", "one-cycle"})


def checked(
    part: type[Part], table: Mapping[str, Any], origin: str, faults: Iterable[str] = ()
) -> Part:
    """Return the part of a recipe that a table describes.

    Args:
        part: the kind of part, such as ``Recipe``.
        table: its settings; nested parts are nested tables.
        origin: what names the table in an error.
        faults: what was found wrong before, to be reported with the rest.

    Raises:
        RecipeError: with every fault, one a line.
    """
    found = list(faults)
    try:
        value = part.model_validate(table)
    except ValidationError as error:
        found += [_fault(dict(fault), part) for fault in error.errors()]
    if found:
        number = f"{len(found)} faults" if len(found) > 1 else "1 fault"
        raise RecipeError("\n  ".join([f"{origin} has {number}:", *found]))
    return value


def merge(table: Any, changes: Mapping[Any, Any], path: str = "") -> list[str]:
    """Put changes into a table, tables among them key by key; return what has no place in it."""
    faults: list[str] = []
    for name, value in sorted(changes.items(), key=_what_decides_first):
        where = f"{path}.{name}" if path else str(name)
        stage = re.fullmatch("stage_(.+)", str(name))
        try:
            place = step(table, "stage", where) if stage else table
            key = stage[1] if stage else str(name)
            if isinstance(value, Mapping):
                faults += merge(step(place, key, where), value, where)
            else:
                put(place, key, plain(value), where)
        except RecipeError as error:
            faults.append(str(error))
    return faults


def step(place: Any, key: str, said: str) -> Any:
    """Return what lies at a key of a table, or the stage of that number; an absent table is made.

    Args:
        place: a table, or a list of stages, which count from 1.
        key: one part of a dotted path.
        said: names the change in errors.
    """
    if isinstance(place, list):
        if not re.fullmatch("[0-9]{1,9}", key) or not 1 <= int(key) <= len(place):
            raise RecipeError(
                f"{said}: there is no stage {excerpt(key)}; this recipe has stages 1 to "
                f"{len(place)}"
            )
        place = place[int(key) - 1]
        if not isinstance(place, dict):
            raise RecipeError(f"{said}: nothing lies below a single value")
        return place
    below = place.setdefault(key, {})
    if not isinstance(below, dict | list):
        raise RecipeError(f'{said}: "{excerpt(key)}" is a single value, nothing lies below it')
    return below


def put(place: Any, key: str, value: Any, said: str) -> None:
    """Put one value into a table, or a whole stage into the list of stages."""
    if isinstance(place, list):
        if not isinstance(value, dict):
            raise RecipeError(f"{said} names a whole stage; name a setting of it")
        step(place, key, said)
        place[int(key) - 1] = value
        return
    if key == "kind" and place.get("kind") != value:
        place.clear()  # the settings of another kind of rate plan do not apply to the new one
    place[key] = value


def plain(value: Any) -> Any:
    """Return parts of a recipe, alone or in a list, as tables; anything else as it is."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def _what_decides_first(change: tuple[Any, Any]) -> tuple[bool, bool]:
    """Sort the kind of a rate plan before its settings, and whole values before parts of them."""
    return change[0] != "kind", isinstance(change[1], Mapping)


def _fault(fault: Mapping[str, Any], part: type[BaseModel]) -> str:
    """Turn one of pydantic's faults into: where, what is wrong, what was received, what to do."""
    path = tuple(key for key in fault["loc"] if key not in _RATE_PLAN_KINDS)
    where = excerpt(".".join(str(key + 1) if isinstance(key, int) else key for key in path))
    if fault["type"] == "extra_forbidden":
        known = _known_keys(fault["loc"][:-1], part)
        hint = did_you_mean(str(path[-1]), known)
        return f"{where}: unknown key.{hint or ' Known keys: ' + ', '.join(known)}"
    message = excerpt(str(fault["msg"]).removeprefix("Value error, "), 500)
    message = message[:1].lower() + message[1:]
    if fault["type"] in ("value_error", "missing"):
        return f"{where}: {message}" if where else message
    return f"{where}: {message}; received {_shown(fault['input'])}"


def _shown(value: Any) -> str:
    """Return a value as JSON has it; not all of a long one, which may be of anybody's making."""
    try:
        return excerpt(json.dumps(value, default=str, ensure_ascii=False), 200)
    except (ValueError, RecursionError):  # thousands of digits, or of brackets
        return "a value that is too large to show"


def _known_keys(path: tuple[Any, ...], part: type[BaseModel]) -> list[str]:
    """Return the keys that may stand at a place in a part."""
    models = [part]
    for key in path:
        if key in _RATE_PLAN_KINDS:
            models = [model for model in models if model.model_fields["kind"].default == key]
        elif isinstance(key, str):
            models = [
                below
                for model in models
                if key in model.model_fields
                for below in _models_in(model.model_fields[key].annotation)
            ]
    return sorted({key for model in models for key in model.model_fields})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the parts of a recipe that an annotation mentions, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for inner in getattr(annotation, "__args__", ()) for m in _models_in(inner)]
