"""CSV tables that say something of pictures, to be kept with the code: splits, and fixes.

Each picture is named by its `digest`, by its `path` as in a run's `images.csv`, or by both; other
columns are ignored. Nothing that is there is ever overwritten.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.disk import is_there, names_in
from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.images.names import unusable
from vgg_transfer.reading import read_text
from vgg_transfer.words import listed, printable
from vgg_transfer.writing import whole_file


@dataclass(frozen=True)
class PictureTable:
    """A table of pictures in a file.

    Args:
        file: where it lies.
        kind: what messages call it: ``split file``.
        column: what it says of each picture, beside `digest` or `path`: ``split``.
    """

    file: Path
    kind: str
    column: str

    @property
    def shown(self) -> str:
        """What messages begin with: ``The split file "splits.csv"``."""
        return f'The {self.kind} "{printable(self.file)}"'

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the number and the columns of every line below the header.

        Raises:
            ImageSetError: the file cannot be read, or its header is another one.
        """
        try:
            reader = csv.reader(self._lines())
            header = [name.strip().lower() for name in next(reader, [])]
            self._check(header)
            for cells in reader:
                if any(cells):
                    yield reader.line_num, dict(zip(header, cells, strict=False))
        except FileNotFoundError as error:
            near = did_you_mean(self.file.name, names_in(self.file.parent))
            raise ImageSetError(
                f'There is no {self.kind} "{printable(self.file)}".{near}'
            ) from error
        except OSError as error:
            raise unusable(self.shown, [f"{error.strerror}."]) from error
        except csv.Error as error:
            raise unusable(self.shown, [f"line {reader.line_num}: {error}."]) from error

    def save(self, rows: Sequence[Sequence[str]]) -> bool:
        """Write rows, the header first; return False where the file says the same already.

        Raises:
            ImageSetError: a different file is there, or nothing can be written.
        """
        try:
            if is_there(self.file) and self._content() == [list(row) for row in rows]:
                return False
            with whole_file(self.file) as partial:
                with partial.open(
                    "w", encoding="utf-8", errors="surrogateescape", newline=""
                ) as opened:
                    csv.writer(opened, lineterminator="\n").writerows(rows)
                if is_there(self.file):
                    raise ImageSetError(
                        f'"{printable(self.file)}" is there and says something else; nothing is '
                        "overwritten. Give another name, or move it away."
                    )
        except OSError as error:
            raise ImageSetError(f"{self.shown} cannot be written: {error.strerror}.") from error
        return True

    def _check(self, header: Sequence[str]) -> None:
        missing = [name for name in (self.column, "digest", "path") if name not in header]
        if self.column in missing or len(missing) == 2:
            needed = f'"{self.column}", and "digest" or "path"'
            near = "".join(
                f' Is "{printable(column)}" meant to be "{name}"?'
                for name in missing
                for column in header
                if did_you_mean(column, [name])
            )
            found = listed(header) or "none"
            raise unusable(
                self.shown, [f"its header needs the columns {needed}; it has {found}.{near}"]
            )

    def _lines(self) -> io.StringIO:
        return io.StringIO(read_text(self.file).removeprefix("\ufeff"), newline="")

    def _content(self) -> list[list[str]]:
        try:
            return list(csv.reader(self._lines()))
        except csv.Error:  # then it says something else
            return []
