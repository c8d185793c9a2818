"""Predictions as CSV, JSON, JSON lines and Parquet: one row or one object per file.

Files that cannot be read are among them. All are written row by row, so that memory does not grow.
"""

import csv
import io
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vgg_transfer.cli.new_file import write_new
from vgg_transfer.errors import RunError
from vgg_transfer.words import inert, printable

if TYPE_CHECKING:
    from vgg_transfer.cli.json.answers import PredictedFile
    from vgg_transfer.run import Prediction

ENDINGS = (".csv", ".json", ".jsonl", ".parquet")
_ROWS_AT_ONCE = 10_000  # of a Parquet file


@dataclass(frozen=True)
class Form:
    """What is told of each file.

    Args:
        classes: how many of the likeliest classes.
        asked: which of ``possible``, ``sure`` and ``familiar``.
    """

    classes: int
    asked: tuple[str, ...] = ()


def form_of(classes: int, top: int, certain: float | None, unfamiliar: bool) -> Form:
    """Return what is told of each file, by what was asked for."""
    asked = ("possible", "sure") if certain is not None else ()
    return Form(min(top, classes), (*asked, *(["familiar"] if unfamiliar else [])))


def told(each: "Prediction", form: Form) -> "PredictedFile":
    """Return what is told of a file."""
    from vgg_transfer.cli.json.answers import Likely, PredictedFile

    likeliest = islice(each.probabilities.items(), form.classes)
    top = tuple(Likely(name, share) for name, share in likeliest)
    said = (each.possible, each.sure, each.familiar)
    return PredictedFile(str(each.path), each.label, top, each.error, *said)


def check_can_be_written(out: Path) -> None:
    """Refuse what needs a package that is missing."""
    if out.suffix.lower() == ".parquet" and find_spec("pyarrow") is None:
        raise RunError(
            f'cannot write "{printable(out)}": Parquet needs the package pyarrow: '
            'pip install "vgg-transfer[parquet]"'
        )


def write(
    out: Path, folder: Path, rows: "Iterable[PredictedFile]", form: Form, raw: bool = False
) -> None:
    """Write predictions; the file appears complete or not at all, and never over another one.

    Args:
        out: where to; the ending says what is written.
        folder: of the run, or the exported model, whose predictions they are.
        rows: what is told of each file.
        form: what that is.
        raw: whether names stand in a CSV as they are, even where a spreadsheet would take one for a
            formula. [default: those are put behind an apostrophe]
    """

    def write_rows(partial: Path) -> None:
        if out.suffix.lower() == ".parquet":
            _write_parquet(partial, rows, form)
            return
        # File names may hold bytes that are no text: surrogateescape writes them as they were.
        with partial.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            if out.suffix.lower() == ".json":
                file.writelines(as_json(folder, rows))
            else:
                file.writelines(lines_of(out.suffix.lower(), rows, form, raw))

    write_new(out, ENDINGS, write_rows)


def as_json(folder: Path, rows: "Iterable[PredictedFile]") -> Iterator[str]:
    """Yield, piece by piece, the one JSON object that holds all: a ``PredictAnswer``."""
    from vgg_transfer.cli.json import as_text

    yield f'{{\n  "run": {as_text(folder)},\n  "predictions": ['
    between = "\n"
    for row in rows:
        yield between + textwrap.indent(as_text(row), "    ")
        between = ",\n"
    yield "\n  ]\n}\n"


def lines_of(
    ending: str, rows: "Iterable[PredictedFile]", form: Form, raw: bool, head: bool = True
) -> Iterator[str]:
    """Yield the lines of a table: CSV, or JSON lines where the ending is ``.jsonl``.

    Args:
        ending: of the file they are for.
        rows: what is told of each file.
        form: what that is.
        raw: as for ``write``.
        head: whether a CSV begins with the names of its columns. [default: True]
    """
    if ending == ".jsonl":
        from vgg_transfer.cli.json import as_text

        yield from (f"{as_text(row, indent=None)}\n" for row in rows)
        return
    shown: Callable[[str], str] = str if raw else inert
    if head:
        pairs = [name for pair in _pairs(form) for name in pair]
        yield _csv_line(["path", *pairs, *form.asked, "error"])
    for row in rows:
        found = [cell for one in row.top for cell in (shown(one.class_), one.probability)]
        empty = [""] * (2 * form.classes)
        extra = [shown(_cell(getattr(row, name))) for name in form.asked]
        yield _csv_line([shown(row.path), *(found or empty), *extra, shown(row.error or "")])


def _pairs(form: Form) -> list[tuple[str, str]]:
    numbers = ["", *(f"_{rank}" for rank in range(2, form.classes + 1))]
    return [(f"class{number}", f"probability{number}") for number in numbers]


def _csv_line(cells: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _cell(said: tuple[str, ...] | bool | None) -> str:
    """Return several classes divided by bars, or yes or no; nothing where nothing is said."""
    if said is None:
        return ""
    return " | ".join(said) if isinstance(said, tuple) else ("no", "yes")[said]


def _write_parquet(partial: Path, rows: "Iterable[PredictedFile]", form: Form) -> None:
    """Write the columns of the CSV, each of its own type; what is not said is null."""
    import pyarrow
    from pyarrow import parquet

    text, truth = pyarrow.string(), pyarrow.bool_()
    kinds = {"possible": pyarrow.list_(text), "sure": truth, "familiar": truth}
    pairs = [(name, share) for name, share in _pairs(form)]
    columns = [("path", text)]
    columns += [one for name, share in pairs for one in ((name, text), (share, pyarrow.float64()))]
    columns += [(name, kinds[name]) for name in form.asked]
    schema = pyarrow.schema([*columns, ("error", text)])

    def values(row: "PredictedFile") -> dict[str, Any]:
        found: dict[str, Any] = {"path": _as_utf8(row.path), "error": row.error}
        for (name, share), one in zip(pairs, row.top, strict=False):
            found |= {name: one.class_, share: one.probability}
        return found | {name: getattr(row, name) for name in form.asked}

    each = map(values, rows)
    with parquet.ParquetWriter(partial, schema) as file:
        while some := list(islice(each, _ROWS_AT_ONCE)):
            file.write_table(pyarrow.Table.from_pylist(some, schema))


def _as_utf8(path: str) -> str:
    """Return a path as Parquet can hold it: bytes that are no text as escapes."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")
