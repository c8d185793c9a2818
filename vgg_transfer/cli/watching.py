"""``predict --watch``: an answer for each file as it arrives in a folder, until Ctrl-C."""

import csv
import io
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.cli.display.predictions import line_of
from vgg_transfer.cli.display.screen import Screen
from vgg_transfer.cli.json import as_text
from vgg_transfer.cli.json.answers import PredictedFile
from vgg_transfer.cli.outlet import Outlet
from vgg_transfer.cli.prediction_files import Form, lines_of
from vgg_transfer.disk import is_there
from vgg_transfer.errors import RunError
from vgg_transfer.images.arrivals import Arrivals
from vgg_transfer.images.pictures import Given
from vgg_transfer.interrupting import ctrl_c_between_batches
from vgg_transfer.reading import parse_json, read_bytes
from vgg_transfer.words import counted, printable

GROWING = (".csv", ".jsonl")
_BETWEEN_LOOKS = 1.0  # seconds


@dataclass(frozen=True)
class Growing:
    """A table that a row is added to for each file; ``told`` are the paths that stood in it."""

    add: Callable[[PredictedFile], None]
    told: frozenset[str] = frozenset()


@contextmanager
def growing(out: Path, form: Form, raw: bool) -> Iterator[Growing]:
    """Open a table to add rows to, each of which appears whole; what stands in it stays.

    Args:
        out: the table, a CSV or JSON lines.
        form: what is told of each file.
        raw: whether names stand in a CSV as they are.

    Raises:
        RunError: it cannot be written, or is a table of other columns.
    """
    ending, shown = out.suffix.lower(), f'"{printable(out)}"'
    head = "" if ending == ".jsonl" else next(lines_of(ending, [], form, raw))
    try:
        data = read_bytes(out) if is_there(out) else b""
        whole = data[: data.rfind(b"\n") + 1]
        told = _told(ending, whole.decode("utf-8", "surrogateescape"), head, shown)
        if not whole and not head.encode().startswith(data):
            raise RunError(f"{shown} holds something else than predictions: name another file")
        with out.open("ab", buffering=0) as file:
            file.truncate(len(whole))  # without a last row that was cut short
            if not whole:
                file.write(head.encode())

            def add(row: PredictedFile) -> None:
                line = "".join(lines_of(ending, [row], form, raw, head=False))
                file.write(line.encode("utf-8", "surrogateescape"))

            yield Growing(add, told)
    except OSError as error:
        raise RunError(f"cannot write {shown}: {error.strerror or error}") from error


def watch(
    folder: Path,
    answer: Callable[[Iterable[Given]], Iterator[PredictedFile]],
    screen: Screen,
    out: Path | None,
    table: Growing | None,
) -> None:
    """Tell what is on each file that lies in a folder or arrives there; return with Ctrl-C.

    Args:
        folder: what is watched, with all folders in it.
        answer: says what is on pictures.
        screen: where a line is written for each file, or a line of JSON.
        out: the table that is written, which is no file that arrives.
        table: takes a row for each file.
    """
    arrivals = Arrivals(folder, out, table.told if table else ())
    number = 0
    print(f'watches "{printable(folder)}" until Ctrl-C', file=sys.stderr)
    try:
        with ctrl_c_between_batches() as ask:
            while not _nobody_listens():
                files = arrivals.look()
                for row in answer([Given(file) for file in files]) if files else ():
                    if table is not None:
                        table.add(row)
                    _tell(screen, row)
                    number += 1
                    ask()
                ask()
                time.sleep(_BETWEEN_LOOKS)
    except KeyboardInterrupt:
        print(f"{counted(number, 'file', ',')} answered for", file=sys.stderr)
        raise


def _tell(screen: Screen, row: PredictedFile) -> None:
    if screen.as_json:
        print(as_text(row, indent=None), flush=True)
    else:
        screen.say(line_of(row), "yellow" if row.error else "")


def _nobody_listens() -> bool:
    return isinstance(sys.stdout, Outlet) and sys.stdout.broken is not None


def _told(ending: str, text: str, head: str, shown: str) -> frozenset[str]:
    """Return the paths in a table, which may be empty."""
    try:
        if ending == ".jsonl":
            return frozenset(str(parse_json(line)["path"]) for line in text.split("\n")[:-1])
        if text and text.partition("\n")[0].rstrip("\r") != head.rstrip("\r\n"):
            raise RunError(f"{shown} has other columns than are asked for: name another file")
        cells = [row[0] for row in csv.reader(io.StringIO(text, newline="")) if row][1:]
    except (ValueError, KeyError, csv.Error) as error:
        raise RunError(f"{shown} holds other lines than predictions: name another file") from error
    # Behind an apostrophe stands what a spreadsheet would calculate.
    return frozenset(cells) | {cell.removeprefix("'") for cell in cells}
