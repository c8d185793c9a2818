"""What is given, as one program: a script, a notebook or a text with code; where its lines are."""

import ast
import json
import re
import time
import warnings
from dataclasses import dataclass, field

from vgg_transfer.errors import ScriptError
from vgg_transfer.words import printable

MOST_BYTES = 5_000_000
_PARSING_SECONDS = 0.8
_MOST_MENDED = 40
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)\s*([\w+-]*)")
_PYTHON = ("", "python", "py", "python3", "ipython", "jupyter", "keras", "tensorflow")
_SHELL_VALUE = re.compile(r"^(\s*[\w, ]+=\s*)[!%].*$")
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


@dataclass(frozen=True)
class Source:
    """A program that was read, with what of it could not be.

    Args:
        name: what it is called in messages.
        tree: its statements; those that are no Python are left out.
        lines: its text, one entry for each line of the program.
        places: what each line is called where it came from: ``cell 3, line 2``; empty where its
            number says it.
        unread: what could not be read: the line, and why.
    """

    name: str
    tree: ast.Module
    lines: tuple[str, ...]
    places: tuple[str, ...] = ()
    unread: tuple[tuple[int, str], ...] = field(default=())

    def where(self, line: int) -> str:
        """Return what a line of the program is called by who wrote it."""
        return self.places[line - 1] if 0 < line <= len(self.places) else f"line {line}"


def source_of(text: str, name: str) -> Source:
    """Return the program in a text, as far as it is Python.

    Args:
        text: a script, the JSON of a notebook, or a text with code in fences.
        name: what it is called; its ending says which of them it is, and without one it is seen.

    Raises:
        ScriptError: there is no Python in it.
    """
    lines, places = _lines(text, name)
    if not any(line.strip() for line in lines):
        raise ScriptError(f'"{printable(name)}" has no code in it: give a script that trains')
    tree, unread = _parsed(lines)
    if all(isinstance(one, ast.Pass) for one in tree.body) and (unread or not tree.body):
        line, why = unread[0] if unread else (1, "there is no statement")
        where = places[line - 1] if places else f"line {line}"
        raise ScriptError(
            f'"{printable(name)}" cannot be read as Python: {where}: {why}. Give a script of '
            "Python 3, a notebook, or a text with code between ```"
        )
    return Source(name, tree, tuple(lines), tuple(places), tuple(unread))


def decoded(data: bytes, name: str) -> str:
    """Return the text in a file of any encoding.

    Raises:
        ScriptError: it is no text, or far longer than a script.
    """
    if len(data) > MOST_BYTES:
        raise ScriptError(
            f'"{printable(name)}" has {len(data):,} bytes, and no script is that long: give the '
            "part that trains"
        )
    if data[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return data.decode("utf-32", "replace")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise ScriptError(f'"{printable(name)}" is no text: there are NUL bytes in it')
    declared = next(
        (found for line in data.split(b"\n")[:2] if (found := _CODING.match(line))), None
    )
    for encoding in ("utf-8-sig", declared.group(1).decode("ascii") if declared else "utf-8"):
        try:
            return data.decode(encoding)
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1")


def _lines(text: str, name: str) -> tuple[list[str], list[str]]:
    """Return the lines of the program, and what they are called where they came from."""
    looks_like_json = (text.lstrip()[:1] == "{" and '"cells"' in text) or name.endswith(".ipynb")
    if looks_like_json:
        return _of_notebook(text, name)
    # Not splitlines(), which ends lines where Python does not.
    lines = [_plain(line) for line in re.split(r"\r\n|\r|\n", text.lstrip("\ufeff"))]
    if not name.endswith(".py") and any(_FENCE.match(line) for line in lines):
        return _of_fences(lines), []
    return lines, []


def _of_notebook(text: str, name: str) -> tuple[list[str], list[str]]:
    try:
        data = json.loads(text)
        if "worksheets" in data:  # notebooks before 2014
            data = {"cells": [one for sheet in data["worksheets"] for one in sheet["cells"]]}
        cells = [one for one in data["cells"] if isinstance(one, dict)]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise ScriptError(
            f'"{printable(name)}" is no notebook: it is not the JSON of one, with "cells"'
        ) from None
    lines: list[str] = []
    places: list[str] = []
    for number, cell in enumerate(cells, start=1):
        content = cell.get("source", cell.get("input", ""))
        if isinstance(content, list):
            content = "".join(part for part in content if isinstance(part, str))
        if cell.get("cell_type") != "code" or not isinstance(content, str):
            continue
        if content.startswith("%%") and not content.startswith(("%%time", "%%capture")):
            continue
        for place, line in enumerate(content.split("\n"), start=1):
            lines.append(_plain(line))
            places.append(f"cell {number}, line {place}")
    return lines, places


def _of_fences(lines: list[str]) -> list[str]:
    """Blank all that is not Python between fences; lines keep their numbers."""
    kept, fence, wanted = [], "", False
    for line in lines:
        mark = _FENCE.match(line)
        if fence and mark and mark.group(1).startswith(fence) and not mark.group(2):
            fence = ""
        elif not fence and mark:
            fence, wanted = mark.group(1), mark.group(2).lower() in _PYTHON
        elif fence and wanted:
            kept.append(line)
            continue
        kept.append("")
    return kept


def _plain(line: str) -> str:
    """Return a line without what is no Python: a prompt, a magic, a command of the shell."""
    if line.startswith((">>> ", "... ")):
        line = line[4:]
    if line.lstrip()[:1] in ("%", "!", "?"):
        return " " * (len(line) - len(line.lstrip())) + "pass"
    return _SHELL_VALUE.sub(r"\1None", line)


def _parsed(lines: list[str]) -> tuple[ast.Module, list[tuple[int, str]]]:
    """Parse as much as is Python: a statement that is none gives way, and is said."""
    lines, unread = list(lines), list[tuple[int, str]]()
    deadline = time.thread_time() + _PARSING_SECONDS
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of escapes in somebody else's strings
                return ast.parse("\n".join(lines)), unread
        except SyntaxError as error:
            line = min(max(error.lineno or 1, 1), len(lines))
            why = error.msg or "invalid syntax"
        except (ValueError, RecursionError, MemoryError) as error:
            return ast.Module([], []), [(1, str(error) or "it is nested too deeply")]
        unread.append((line, why))
        late = len(unread) > _MOST_MENDED or time.thread_time() > deadline
        if late or not _give_way(lines, line):
            return _prefix(lines, unread[0][0]), unread[:1]


def _give_way(lines: list[str], line: int) -> bool:
    """Put ``pass`` in the place of a line; return whether there was something to take away."""
    text = lines[line - 1]
    bare = text.strip()
    if bare in ("", "pass"):
        return False
    lines[line - 1] = text[: len(text) - len(text.lstrip())] + "pass"
    return True


def _prefix(lines: list[str], end: int) -> ast.Module:
    """Return the statements before a line that stand on their own."""
    for last in range(end - 1, max(0, end - 60), -1):
        if lines[last - 1].startswith((" ", "\t")) and last < end - 1:
            continue
        try:
            return ast.parse("\n".join(lines[:last]))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return ast.Module([], [])
