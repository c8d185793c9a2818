"""From an answer to JSON text; it loads nothing that an answer does not need."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import PurePath

# Of a field: it is left out where its value is None, since nobody asked for it.
ONLY_WHEN_ASKED = {"only when asked": True}


def as_text(answer: object, indent: int | None = 2) -> str:
    """Return an answer as one JSON object; NaN and infinity raise ``ValueError``.

    Args:
        answer: a value of ``answers`` and its neighbours.
        indent: by how much inner lines are moved in; None gives one line. [default: 2]
    """
    # ASCII, so that any file name in it is valid JSON whatever the terminal's encoding.
    return json.dumps(answer, indent=indent, allow_nan=False, default=_plain)


def _plain(value: object) -> object:
    """Return one step towards what JSON knows."""
    if hasattr(value, "model_dump"):  # of pydantic, which is there then
        from vgg_transfer.recipe import Recipe

        return value.model_dump(mode="json", exclude_none=isinstance(value, Recipe))
    if is_dataclass(value):
        return {
            each.name.removesuffix("_"): getattr(value, each.name)
            for each in fields(value)
            if not (each.metadata == ONLY_WHEN_ASKED and getattr(value, each.name) is None)
        }
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
