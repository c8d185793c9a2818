"""What was drawn, remembered beside the stored activations: a file for a source, seed and shares.

    picture,split
    9b871512327c09ce,train

A later drawing of the same source keeps what is there, also of pictures that are away for a while.
The name of a row is a digest of the picture's own digest, or of its group's name. To have all
splits drawn anew, delete the file.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from vgg_transfer.disk import is_there
from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.image_set import Split
from vgg_transfer.images.names import split_named
from vgg_transfer.images.splits.drawing import DrawingPlan
from vgg_transfer.images.splits.splitting import Splitting
from vgg_transfer.places import drawn_splits
from vgg_transfer.reading import read_rows
from vgg_transfer.words import excerpt, printable
from vgg_transfer.writing import whole_file

_FORMAT = 1
_HEADER = ["picture", "split"]
_NAME = re.compile(r"[0-9a-f]{16}")
_MOST_ROWS = 2_000_000
_LARGEST = _MOST_ROWS * len("0123456789abcdef,train\n")  # bytes of a file


def drawing_file(source: str, seed: int, plan: DrawingPlan, splitting: Splitting) -> Path:
    """Return where a drawing is remembered, by all that decides it besides the pictures.

    With a split file it is another drawing: that of the pictures that are not in the file.
    """
    decided = [_FORMAT, source, seed, asdict(plan), splitting.group, splitting.is_kept]
    key = sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest()[:32]
    return drawn_splits() / f"{key}.csv"


def recall(file: Path, keys: Iterable[str]) -> tuple[dict[str, Split], str]:
    """Return the splits that are remembered of these keys, and why the file cannot be read, if so.

    Raises `ImageSetError` where it is damaged: drawing anew in silence would turn what was learnt
    from into what is judged by.
    """
    try:
        known = _read(file)
    except OSError as error:
        return {}, _reason(error)
    return {key: known[name] for key in keys if (name := _name(key)) in known}, ""


def write_down(file: Path, drawn: Mapping[str, Split]) -> str:
    """Add what was drawn to what is remembered; return why that cannot be done, empty if it was."""
    new = {_name(key): split for key, split in drawn.items()}
    try:
        known = _read(file) | new
        kept = known if len(known) <= _MOST_ROWS else new  # what is away is forgotten first
        if len(kept) > _MOST_ROWS:
            return f"these are more than {_MOST_ROWS:,} images"
        lines = [",".join(row) for row in (_HEADER, *sorted(kept.items()))]
        file.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(file) as partial:
            partial.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="")
    except OSError as error:
        return _reason(error)
    return ""


def _read(file: Path) -> dict[str, Split]:
    if not is_there(file):
        return {}
    try:
        return _checked(file)
    except ValueError as error:
        raise ImageSetError(
            f'The splits that were drawn before are remembered in "{printable(file)}", which is '
            f"damaged: {error}. Give them with --splits (a run's images.csv says them), or remove "
            "the file: then all are drawn anew, and images that a model was trained on may become "
            "test images."
        ) from error


def _checked(file: Path) -> dict[str, Split]:
    if file.is_symlink():
        raise ValueError("it is a link, which is not followed")
    if file.stat().st_size > _LARGEST:
        raise ValueError(f"it is larger than {_LARGEST:,} bytes")
    rows = read_rows(file)
    if next(rows, (1, []))[1] != _HEADER:
        raise ValueError(f"line 1: {','.join(_HEADER)} is expected")
    known: dict[str, Split] = {}
    for line, cells in rows:
        split = split_named(cells[1]) if len(cells) == 2 else None
        if split is None or not _NAME.fullmatch(cells[0]):
            found = excerpt(",".join(cells))
            raise ValueError(f'line {line}: a picture and its split are expected, not "{found}"')
        known[cells[0]] = split
    return known


def _reason(error: OSError) -> str:
    return f"{printable(drawn_splits())}: {error.strerror or error}"


def _name(key: str) -> str:
    return sha256(key.encode(errors="surrogateescape")).hexdigest()[:16]
