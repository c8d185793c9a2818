"""What ``--json`` printed, held against its schema: no key missing, unknown or of another type."""

import json

from pydantic import TypeAdapter

from vgg_transfer.cli.json.schemas import ANSWERS


def checked(verb, text):
    """Return the JSON object after comparing it with what its schema makes of it."""
    adapter = TypeAdapter(ANSWERS[verb])
    known = adapter.validate_json(text)
    again = json.loads(adapter.dump_json(known, by_alias=True, exclude_none=False))
    printed = json.loads(text)
    # An open setting of a recipe is left out when it is printed.
    assert _without_none(again) == _without_none(printed)
    return printed


def _without_none(value):
    if isinstance(value, dict):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    return [_without_none(each) for each in value] if isinstance(value, list) else value
