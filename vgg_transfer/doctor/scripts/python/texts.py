"""Methods of texts, and values put into them, where the result is plain and short."""

import re
from typing import Any

from vgg_transfer.doctor.scripts.values.calling import Call
from vgg_transfer.doctor.scripts.values.unknown import LARGEST, Unknown, is_known

_FIELD = re.compile(r"\{(\w*)\}")
_PERCENT = re.compile(r"%[sdi]")
_PLAIN = (str, int, float)
_WITHOUT_ARGUMENTS = ("lower", "upper", "strip", "title", "rstrip", "lstrip", "capitalize")


def of_text(of: str, name: str, call: Call) -> Any:
    """Return what a method of a text gives."""
    given = call.given
    if name in _WITHOUT_ARGUMENTS and not given:
        return getattr(of, name)()
    if name in ("startswith", "endswith") and given and isinstance(given[0], str | tuple):
        try:
            return getattr(of, name)(given[0])
        except TypeError:
            return Unknown("text")
    if name == "split" and all(isinstance(one, str) and one for one in given):
        return of.split(*given)
    if name == "format" and not call.open:
        return _formatted(of, call)
    if name == "replace" and len(given) == 2 and all(isinstance(one, str) for one in given):
        return _short(of.replace(*given)) if len(of) <= LARGEST else Unknown("text")
    if name == "join" and given and isinstance(given[0], list | tuple):
        return _joined(of, given[0])
    return Unknown("text")


def percent(text: str, values: Any) -> Any:
    """Return a text with values in the places of ``%s`` and ``%d``."""
    several = values if isinstance(values, tuple) else (values,)
    places = _PERCENT.findall(text)
    plain = text.count("%") == len(places) == len(several)
    if not plain or not all(isinstance(one, _PLAIN) for one in several):
        return Unknown("text")
    waiting = iter(several)
    return _short(_PERCENT.sub(lambda _: str(next(waiting)), text))


def _formatted(of: str, call: Call) -> Any:
    fields = _FIELD.findall(of)
    if of.count("{") != len(fields) or of.count("}") != len(fields):
        return Unknown("text")
    waiting = iter(range(len(fields)))
    found: list[Any] = []
    for one in fields:
        place = int(one) if one.isdigit() else None if one else next(waiting)
        found.append(call.get(one) if place is None else call.get("", place))
    if not all(isinstance(one, _PLAIN) for one in found):
        return Unknown("text")
    parts = iter(found)
    return _short(_FIELD.sub(lambda _: str(next(parts)), of))


def _joined(of: str, parts: Any) -> Any:
    known = is_known(parts) and all(isinstance(one, str) for one in parts)
    long = known and sum(len(one) + len(of) for one in parts) > LARGEST
    return of.join(parts) if known and not long else Unknown("text")


def _short(text: str) -> Any:
    return text if len(text) <= LARGEST else Unknown("text")
