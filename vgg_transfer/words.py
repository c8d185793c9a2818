"""What a person reads, the same everywhere: printable names, lists, counts, durations and sizes."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Literal


def printable(name: str | Path) -> str:
    """Return a name fit for one line of a terminal: line breaks and stray bytes as escapes."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in str(name)
    )


def excerpt(text: str, most: int = 60) -> str:
    """Return a text from somewhere else as it may stand in a message: printable, and not long."""
    shown = printable(text[: most + 1])
    return shown if len(shown) <= most else f"{shown[:most]}…"


def inert(cell: str) -> str:
    """Return a cell of a CSV file that no spreadsheet takes for a formula: behind an apostrophe.

    Names come from anywhere, and ``=cmd|...`` would be carried out when the table is opened.
    """
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell


def listed(names: Iterable[str | Path], most: int = 5, quoted: bool = True) -> str:
    """Return ``"cats", "dogs" and 3 more``: the first names, and how many follow.

    Of a path the last part is shown. Phrases are listed with ``quoted=False``.
    """
    texts = [printable(name.name if isinstance(name, Path) else name) for name in names]
    shown = ", ".join(f'"{text}"' if quoted else text for text in texts[:most])
    return f"{shown} and {len(texts) - most} more" if len(texts) > most else shown


def counted(count: int, noun: str, form: Literal["", ","] = "") -> str:
    """Return ``1 image``, ``1200 images`` or ``2 classes``; ``1,200 images`` in the form ``,``."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{count:{form}} {noun if count == 1 else plural}"


def duration(seconds: float, form: Literal["precise", "rough", "round"] = "precise") -> str:
    """Return a time in words.

    Args:
        seconds: how long something takes or took.
        form: ``precise`` for what was measured (``3.2 s``, ``4 min 05 s``, ``2 h 03 min``),
            ``rough`` for an estimate (``40 s``, ``11 min``, ``1.6 h``), ``round`` for a mark on an
            axis, which is a round number of its unit (``30 s``, ``1.5 min``, ``2 h``).
    """
    minutes, hours = seconds / 60, seconds / 3600
    if form == "rough":
        if seconds < 90:
            return f"{max(seconds, 1):.0f} s"
        return f"{minutes:.0f} min" if seconds < 5400 else f"{hours:.1f} h"
    if form == "round":
        if seconds < 60:
            return f"{seconds:g} s"
        return f"{minutes:g} min" if seconds < 3600 else f"{hours:g} h"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole, rest = divmod(round(seconds), 60)
    return f"{whole} min {rest:02} s" if whole < 60 else f"{whole // 60} h {whole % 60:02} min"


def size_in_words(count: int) -> str:
    """Return a number of bytes as ``12 MB``, rounded up, or from 1 GB on as ``1.23 GB``."""
    if count < 1e9:
        return f"{math.ceil(count / 1e6)} MB"
    return f"{float(f'{count / 1e9:.3g}'):g} GB"  # three digits, 1000 GB and more in full
