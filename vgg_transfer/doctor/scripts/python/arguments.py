"""``argparse``: options have their defaults, as nobody can see what is typed."""

from dataclasses import dataclass, field
from typing import Any

from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.calling import Call
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Unknown


@dataclass(eq=False)
class Arguments:
    """A parser of options, and what it makes: values by name."""

    values: dict[str, Any] = field(default_factory=dict)


def arguments_of(scene: Scene, call: Call) -> Arguments:
    """Return a parser that knows no option yet."""
    return Arguments()


def of_arguments(of: Arguments, name: str, call: Call) -> Any:
    """Return what a method of a parser gives."""
    if name == "add_argument":
        _add(of, call)
        return None
    if name == "parse_args":
        return of
    if name == "parse_known_args":
        return (of, UNKNOWN)
    return of if name in ("add_argument_group", "add_mutually_exclusive_group") else UNKNOWN


def option(of: Arguments, name: str) -> Any:
    """Return the value of an option; None where it has none of that name."""
    return of.values.get(name)


def _converted(default: Any, kind: Any) -> Any:
    """Return a default that is written as a text, as the number that the parser makes of it."""
    reader = {"builtins.int": int, "builtins.float": float}.get(getattr(kind, "path", ""))
    if reader is None or not isinstance(default, str):
        return default
    try:
        return reader(default)
    except ValueError:
        return UNKNOWN


def _add(of: Arguments, call: Call) -> None:
    flags = [one for one in call.given if isinstance(one, str)]
    longest = next((one for one in flags if one.startswith("--")), flags[0] if flags else "")
    name = call.named.get("dest", longest.lstrip("-").replace("-", "_"))
    default = _converted(call.named.get("default"), call.named.get("type"))
    switched = isinstance(call.named.get("action"), str) and "store" in call.named["action"]
    if isinstance(name, str) and name:
        of.values[name] = Unknown(name) if default is None or switched else default
