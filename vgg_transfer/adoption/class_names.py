"""The names of a model's classes: given, or read from a file beside it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vgg_transfer.disk import is_file
from vgg_transfer.errors import AdoptionError
from vgg_transfer.reading import read_text
from vgg_transfer.words import counted, excerpt, listed, printable

BESIDE = ("class_indices.json", "class_names.json", "labels.txt", "classes.txt")


def names_beside(model: Path) -> tuple[tuple[str, ...], Path] | None:
    """Return the class names in a file beside a model, and the file; None where there is none.

    Args:
        model: a file; or a folder, in which is looked as well.

    Raises:
        AdoptionError: there is such a file, and it cannot be read.
    """
    for folder in (model, model.absolute().parent):
        for name in BESIDE:
            if is_file(folder / name):
                return _names_in(folder / name), folder / name
    return None


def check_names(names: Sequence[str], classes: int, source: str) -> tuple[str, ...]:
    """Return class names that fit a model.

    Args:
        names: in the order of the model's outputs.
        classes: how many the model tells apart.
        source: where the names are from, for the message.

    Raises:
        AdoptionError: there are more or fewer, or two of one name.
    """
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise AdoptionError(f"{source}: classes must differ, and {listed(twice)} is there twice")
    if len(names) != classes:
        raise AdoptionError(
            f"{source} has {counted(len(names), 'class')} ({listed(names)}), and the model tells "
            f"{classes} apart: give their names in the order of its outputs, --classes cats,dogs"
        )
    return tuple(names)


def no_names(model: Path, classes: int) -> AdoptionError:
    """Return the error that asks for class names, and says how."""
    return AdoptionError(
        f'the model "{printable(model)}" tells {classes} classes apart and does not say which: '
        "give their names in the order of its outputs (Keras's flow_from_directory sorts folders "
        "by name), --classes cats,dogs; or put them, one a line, into a file labels.txt beside "
        "it; or give labelled images of every class, whose folders are taken in sorted order"
    )


def _names_in(file: Path) -> tuple[str, ...]:
    try:
        text = read_text(file)
        if file.suffix == ".json":
            return _from_json(json.loads(text))
    except (OSError, ValueError, RecursionError) as error:
        raise AdoptionError(
            f'the class names in "{printable(file)}" cannot be read: {excerpt(str(error), 200)}. '
            "Give them with --classes cats,dogs"
        ) from error
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _from_json(value: Any) -> tuple[str, ...]:
    """Return names of a list, of {name: number} as Keras has it, or of {number: name}."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if isinstance(value, dict):
        pairs = [
            (number, name) if isinstance(number, int) else (int(name), number)
            for name, number in value.items()
        ]
        pairs.sort(key=lambda pair: pair[0])
        if [number for number, _ in pairs] == list(range(len(pairs))):
            return tuple(str(name) for _, name in pairs)
    raise ValueError('a list of names, or numbers from 0 by name as {"cats": 0}, is expected')
