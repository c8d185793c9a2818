"""A split file: a CSV that says which picture is train, val or test, to be kept with the code.

    path,split,class,digest,width,height
    cats/1.jpg,train,cats,3f5a…,640,480

Needed are `split` and one of `digest` and `path`; other columns are ignored. So the `images.csv` of
a run is one, and what `save_split_file` writes. A row with a digest finds the picture by its
content, under whatever name; one without by its path.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.errors import did_you_mean
from vgg_transfer.images.image_set import SPLITS, ImageSet, Split
from vgg_transfer.images.names import refuse_faulty, split_named
from vgg_transfer.images.picture_tables import PictureTable
from vgg_transfer.words import listed, printable


@dataclass(frozen=True)
class SplitFile:
    """What a split file says: splits by digest, and by path for the rows without a digest."""

    digests: Mapping[str, Split]
    paths: Mapping[str, Split]


def read_split_file(file: Path | str) -> SplitFile:
    """Read a split file, or raise `ImageSetError` with all of its faults, each with its line."""
    table = _table(file)
    digests, paths = dict[str, Split](), dict[str, Split]()
    lines, faults = dict[tuple[str, str], int](), list[str]()
    for line, row in table.rows():
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
    refuse_faulty(table.shown, faults or ([] if lines else ["it has no rows."]))
    return SplitFile(digests, paths)


def save_split_file(image_set: ImageSet, file: Path | str) -> bool:
    """Write the manifest of an image set; return False where the file says the same already.

    Raises `ImageSetError` where a different file is there, which is never overwritten, or where
    nothing can be written.
    """
    return _table(file).save(image_set.manifest_rows())


def _table(file: Path | str) -> PictureTable:
    return PictureTable(Path(file), "split file", "split")
