"""A target that is a script: a file by its ending, or standard input."""

import sys
from pathlib import Path
from typing import Any

from vgg_transfer.disk import is_there
from vgg_transfer.doctor.scripts.read import read_script
from vgg_transfer.doctor.scripts.source import MOST_BYTES
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.errors import ScriptError
from vgg_transfer.reading import read_bytes
from vgg_transfer.words import printable

_ENDINGS = (".py", ".ipynb", ".md")
_STANDARD_INPUT = "-"


def is_script(target: Any) -> bool:
    """Return whether a target is meant as a script: ``train.py``, ``train.ipynb``, ``-``."""
    if not isinstance(target, str | Path):
        return False
    name = str(target)
    return name == _STANDARD_INPUT or (name.lower().endswith(_ENDINGS) and ":" not in name)


def open_script(target: Path | str) -> Story:
    """Read a script from a file or from standard input.

    Args:
        target: the path of a script, a notebook or a text with code; or ``-``.

    Raises:
        ScriptError: it is not there, is no text, or has no Python in it.
    """
    if str(target) == _STANDARD_INPUT:
        name, data = "standard input", sys.stdin.buffer.read(MOST_BYTES + 1)
        return read_script(data, name)
    name = str(target)
    if not is_there(Path(target)):
        raise ScriptError(f'there is no script "{printable(name)}"')
    try:
        data = read_bytes(Path(target))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ScriptError(f'cannot read the script "{printable(name)}": {reason}') from None
    return read_script(data, name)
