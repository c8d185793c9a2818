"""A split file: a CSV that says which picture is train, val or test, to be kept with the code.

    path,split,class,digest,width,height
    cats/1.jpg,train,cats,3f5a…,640,480

Needed are `split` and one of `digest` and `path`; other columns are ignored. So the `images.csv` of
a run is one, and what `save_split_file` writes. A row with a digest finds the picture by its
content, under whatever name; one without by its path.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.disk import is_there, names_in
from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.images.image_set import SPLITS, ImageSet, Split
from vgg_transfer.images.names import refuse_faulty, split_named, unusable
from vgg_transfer.reading import read_text
from vgg_transfer.words import listed, printable
from vgg_transfer.writing import whole_file

_COLUMNS = ("split", "digest", "path")


@dataclass(frozen=True)
class SplitFile:
    """What a split file says: splits by digest, and by path for the rows without a digest."""

    digests: Mapping[str, Split]
    paths: Mapping[str, Split]


def read_split_file(file: Path | str) -> SplitFile:
    """Read a split file, or raise `ImageSetError` with all of its faults, each with its line."""
    file = Path(file)
    digests, paths = dict[str, Split](), dict[str, Split]()
    lines, faults = dict[tuple[str, str], int](), list[str]()
    for line, row in _rows(file):
        digest, path, name = row.get("digest", ""), row.get("path", ""), row.get("split", "")
        split = split_named(name)
        if split is None:
            known = f"{', '.join(SPLITS)}.{did_you_mean(name, SPLITS)}"
            faults.append(f'line {line}: "{printable(name)}" is no split: {known}')
            continue
        if not digest and not path:
            faults.append(f"line {line}: no digest and no path.")
            continue
        key = ("digest", digest) if digest else ("path", path)
        known_splits = digests if digest else paths
        before = known_splits.setdefault(key[1], split)
        first = lines.setdefault(key, line)
        if before != split:
            which = f"the {key[0]} {listed([key[1]])}, which is {before} in line {first}."
            faults.append(f"line {line}: {split} for {which}")
    refuse_faulty(_shown(file), faults or ([] if lines else ["it has no rows."]))
    return SplitFile(digests, paths)


def save_split_file(image_set: ImageSet, file: Path | str) -> bool:
    """Write the manifest of an image set; return False where the file says the same already.

    Raises `ImageSetError` where a different file is there, which is never overwritten, or where
    nothing can be written.
    """
    file = Path(file)
    rows = [list(row) for row in image_set.manifest_rows()]
    try:
        if is_there(file) and _content(file) == rows:
            return False
        with whole_file(file) as partial:
            with partial.open(
                "w", encoding="utf-8", errors="surrogateescape", newline=""
            ) as opened:
                csv.writer(opened, lineterminator="\n").writerows(rows)
            if is_there(file):
                raise ImageSetError(
                    f'"{printable(file)}" is there and says something else; nothing is '
                    "overwritten. Give another name, or move it away."
                )
    except OSError as error:
        raise ImageSetError(
            f'The split file "{printable(file)}" cannot be written: {error.strerror}.'
        ) from error
    return True


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the columns of every line below the header."""
    try:
        reader = csv.reader(_lines(file))
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(file, header)
        for cells in reader:
            if any(cells):
                yield reader.line_num, dict(zip(header, cells, strict=False))
    except FileNotFoundError as error:
        near = did_you_mean(file.name, names_in(file.parent))
        raise ImageSetError(f'There is no split file "{printable(file)}".{near}') from error
    except OSError as error:
        raise unusable(_shown(file), [f"{error.strerror}."]) from error
    except csv.Error as error:
        raise unusable(_shown(file), [f"line {reader.line_num}: {error}."]) from error


def _check_header(file: Path, header: list[str]) -> None:
    missing = [name for name in _COLUMNS if name not in header]
    if "split" in missing or len(missing) == 2:
        needed = '"split", and "digest" or "path"'
        near = "".join(
            f' Is "{printable(column)}" meant to be "{name}"?'
            for name in missing
            for column in header
            if did_you_mean(column, [name])
        )
        found = listed(header) or "none"
        raise unusable(
            _shown(file), [f"its header needs the columns {needed}; it has {found}.{near}"]
        )


def _lines(file: Path) -> io.StringIO:
    return io.StringIO(read_text(file).removeprefix("\ufeff"), newline="")


def _content(file: Path) -> list[list[str]]:
    try:
        return list(csv.reader(_lines(file)))
    except csv.Error:  # then it says something else
        return []


def _shown(file: Path) -> str:
    return f'The split file "{printable(file)}"'
