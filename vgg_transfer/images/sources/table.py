"""An image set from a table: a CSV or TSV file with a line for each image.

    path,label                       the first line names the columns: path, file, filename or
    cats/1.jpg,cat                   image; label or class; and, if there, split and group
    "dogs/rex, asleep.jpg",dog

Without such a first line column 1 is the path and column 2 the label. `Columns` says otherwise.
Paths are relative to the table. The text is UTF-8, its columns are parted by , or ; or a tab.
"""

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from vgg_transfer.disk import is_file
from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import SPLITS, ImageSet, Split
from vgg_transfer.images.names import noted, refuse_faulty, split_named, unusable
from vgg_transfer.images.sources.gather import absent, class_faults, gather
from vgg_transfer.images.sources.records import Row
from vgg_transfer.images.sources.source import (
    USUAL,
    Named,
    Reading,
    Source,
    is_file_named,
    read_options,
)
from vgg_transfer.reading import read_bytes
from vgg_transfer.words import counted, listed, printable

_SUFFIXES = (".csv", ".tsv")

_NAMES = {
    "path": ("path", "file", "filename", "image"),
    "label": ("label", "class"),
    "split": ("split",),
    "group": ("group",),
}
_PLACES = {"path": 0, "label": 1}  # where there is no header
_DELIMITERS = ",;\t"
_LIKE_AN_IMAGE = re.compile(r".*\.(jpe?g|jp2|png|gif|bmp|webp|tiff?|p[bgnp]m|avif)", re.I)


@dataclass(frozen=True)
class Columns:
    """Which columns to read, by name or by number from 1; None is the usual one."""

    path: str | None = None
    label: str | None = None
    split: str | None = None
    group: str | None = None


class _Line(NamedTuple):
    number: int
    cells: list[str]


def load_table(
    file: Path | str, reading: Reading = USUAL, columns: Columns = Columns()
) -> ImageSet:
    """Return the images that a table lists, in its order.

    Raises:
        ImageSetError: with everything in the table that is wrong, by line.
    """
    path = Path(os.path.normpath(Path(file).expanduser().absolute()))
    source = f'table "{printable(path)}"'
    lines = list(_lines(path, source))
    if not lines:
        raise unusable(f"The {source}", ["it is empty."])
    header = _header(lines[0], path.parent, columns)
    places, faults = _places(header, len(lines[0].cells), columns)
    refuse_faulty(f"The {source}", faults)
    rows, faults, findings = _rows(lines[1:] if header else lines, places, path)
    faults += class_faults(rows, reading.least_classes) if rows or not faults else []
    refuse_faulty(f"The {source}", faults)
    findings += _findings_outside([row.path for row in rows], path.parent)
    return gather(rows, source, reading, root=path.parent, findings=findings, known_as=path)


def _lines(path: Path, source: str) -> Iterator[_Line]:
    """Yield the lines that are not blank, with the number of the first text line of each."""
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise absent(path, "table") from error
    except OSError as error:
        raise ImageSetError(f"The {source} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise unusable(f"The {source}", [f"line {line} is not UTF-8. Save it as UTF-8."]) from error
    delimiter = _delimiter(path, text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _Line(number, [cell.strip() for cell in cells])
            number = reader.line_num + 1
    except csv.Error as error:
        reason = f"line {number} cannot be read: {error}. Is a quote missing, or one too many?"
        raise unusable(f"The {source}", [reason]) from error


def _delimiter(path: Path, text: str) -> str:
    """Return the delimiter that parts the first line into the most columns."""
    if path.suffix.lower() == ".tsv":
        return "\t"
    lines = io.StringIO(text, newline=None)  # line ends of every system become \n
    first = [line for line in lines if line.strip()][:1]
    return max(_DELIMITERS, key=lambda mark: len(next(csv.reader(first, delimiter=mark), [])))


def _header(first: _Line, folder: Path, columns: Columns) -> list[str]:
    """Return the names of the columns; an empty list where the first line is an image already."""
    known = {name for names in _NAMES.values() for name in names}
    is_named = any(chosen and not chosen.isdecimal() for chosen in asdict(columns).values())
    if is_named or any(cell.lower() in known for cell in first.cells):
        return first.cells
    is_image = any(_LIKE_AN_IMAGE.fullmatch(cell) or is_file(folder / cell) for cell in first.cells)
    return [] if is_image else first.cells


def _places(
    header: Sequence[str], width: int, columns: Columns
) -> tuple[dict[str, int], list[str]]:
    """Return at which place each column is, and what is wrong with the columns."""
    places, faults = dict[str, int](), list[str]()
    lowered = [name.lower() for name in header]
    there = f"its columns are {listed(header)}" if header else f"it has {width} columns, no names"
    for what, names in _NAMES.items():
        chosen: str | None = getattr(columns, what)
        if chosen is not None:
            if chosen in header or chosen.lower() in lowered:
                places[what] = lowered.index(chosen.lower())
            elif chosen.isdecimal() and 1 <= int(chosen) <= width:
                places[what] = int(chosen) - 1
            else:
                near = did_you_mean(chosen, header)
                faults.append(f'there is no column "{printable(chosen)}": {there}.{near}')
            continue
        found = [lowered.index(name) for name in names if name in lowered]
        if found:
            places[what] = found[0]
        elif what in _PLACES and not header and width > _PLACES[what]:
            places[what] = _PLACES[what]
        elif what in _PLACES:
            near = next(filter(None, (did_you_mean(name, lowered) for name in names)), "")
            faults.append(
                f"there is no column for the {what}: {there}. Name one of them "
                f'{" or ".join(names)}, or say which it is: "csv:FILE?{what}=COLUMN".{near}'
            )
    return places, faults


def _rows(
    lines: Sequence[_Line], places: Mapping[str, int], table: Path
) -> tuple[list[Row], list[str], list[Finding]]:
    """Return the images, what is wrong with the lines, and findings."""
    rows, first_line = dict[Path, Row](), dict[Path, int]()
    faults = list[str]()
    again = 0
    for number, cells in lines:
        start = f"line {number}"
        if len(cells) <= max(places.values()):
            faults.append(f"{start} has {len(cells)} columns: {max(places.values()) + 1} are read.")
            continue
        values = {what: cells[place] for what, place in places.items()}
        split, wrong = _split(values.get("split", ""))
        path = Path(os.path.normpath(table.parent / values["path"]))
        if not values["path"]:
            wrong.append("the path is empty.")
        elif not is_file(path):
            wrong.append(f'there is no file "{printable(values["path"])}" in "{table.parent}".')
        if not values["label"]:
            wrong.append(f'the label of "{printable(values["path"])}" is empty.')
        group = values.get("group") or None
        row = Row(path, values["label"], split, group, f"{start} of {table.name}")
        if path in rows and not wrong:
            again += 1
            wrong += _conflicts(row, rows[path], first_line[path], values["path"])
        faults += [f"{start}: {reason}" for reason in wrong]
        rows.setdefault(path, row)
        first_line.setdefault(path, number)
    text = f"{again} lines name a file once more, which counts once."
    return list(rows.values()), faults, [noted("listed-again", text)] if again else []


def _findings_outside(paths: Sequence[Path], folder: Path) -> list[Finding]:
    """Say which files lie elsewhere: a table by somebody else may name any file of the user's."""
    outside = [str(path) for path in paths if not path.is_relative_to(folder)]
    text = f"{counted(len(outside), 'file')} of the table outside of its folder: {listed(outside)}."
    return [noted("outside", text)] if outside else []


def _split(text: str) -> tuple[Split | None, list[str]]:
    split = split_named(text)
    if split or not text:
        return split, []
    near = did_you_mean(text.lower(), SPLITS)
    return None, [f'"{printable(text)}" is no split: give train, val or test, or nothing.{near}']


def _conflicts(row: Row, before: Row, line: int, name: str) -> list[str]:
    """Return in what a line differs from an earlier one on the same file."""
    fields = {"class": "class_name", "split": "split", "group": "group"}
    return [
        f'"{printable(name)}" has the {what} "{printable(str(here))}" here and '
        f'"{printable(str(there))}" in line {line}.'
        for what, field in fields.items()
        if (here := getattr(row, field)) != (there := getattr(before, field))
    ]


def _load(data: Named | Path, reading: Reading) -> ImageSet:
    if isinstance(data, Path):
        return load_table(data, reading)
    file, options = read_options(data.rest or "", *_NAMES)
    return load_table(file, reading, Columns(**options))


TABLE = Source(
    ("csv:FILE",),
    lambda data: (
        is_file_named(data, *_SUFFIXES) or (isinstance(data, Named) and data.name == "csv")
    ),
    _load,
    {"csv": "csv:FILE"},
)
