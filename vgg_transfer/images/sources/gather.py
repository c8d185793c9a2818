"""From rows, each a file with its class, to an image set: the way of every source but the folder.

gather([Row(path, "cats"), …], "table pets.csv")
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from vgg_transfer.disk import names_in
from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.finding import Finding
from vgg_transfer.images.decode import ImageFacts
from vgg_transfer.images.image_set import ImageSet, Skipped
from vgg_transfer.images.names import noted, refuse_faulty
from vgg_transfer.images.sources.records import Row, missing_findings, split_rows
from vgg_transfer.images.sources.scan import scan
from vgg_transfer.images.sources.source import USUAL, Reading
from vgg_transfer.images.splits import plan_drawing
from vgg_transfer.words import listed, printable

_NO_TEST = ("There are no test images", "Test images give")


def gather(
    rows: Sequence[Row],
    source: str,
    reading: Reading = USUAL,
    class_names: Sequence[str] | None = None,
    root: Path | None = None,
    findings: Sequence[Finding] = (),
    known_as: Path | str = "",
) -> ImageSet:
    """Return the image set of these rows; files that are no images are listed as skipped.

    `class_names` is the order of the classes where the source has one; else it is that of
    `class_order`. Paths are shown relative to `root` where all of them lie in it. For `known_as`
    see `split_rows`.

    Raises:
        ImageSetError: with every class that has no readable image to train on.
    """
    refuse_faulty(f"The {source}", class_faults(rows, reading.least_classes))
    # Refuses what has no effect before files are read.
    plan_drawing({row.split for row in rows if row.split}, reading.splitting)
    readable, skipped = list[tuple[Row, ImageFacts]](), list[Skipped]()
    for row, (path, fact) in zip(rows, scan([row.path for row in rows]), strict=True):
        if isinstance(fact, ImageFacts):
            readable.append((row, fact))
        else:
            skipped.append(Skipped(path, f"{fact} ({row.where})" if row.where else str(fact)))
    refuse_faulty(f"The {source}", _bare_classes(rows, [row for row, _ in readable], skipped))

    names, absent_classes = _ordered({row.class_name for row in rows}, class_names)
    if root is not None and not all(row.path.is_relative_to(root) for row in rows):
        root = None
    records, drawn = split_rows(readable, names, root, reading, known_as)
    image_set = ImageSet(source, names, tuple(records), tuple(skipped), root=root)
    only_val = bool(image_set.split("val")) and not image_set.split("test")
    missing = missing_findings(image_set, _NO_TEST if only_val else None)
    return replace(image_set, findings=(*findings, *absent_classes, *drawn, *missing))


def class_faults(rows: Sequence[Row], least_classes: int) -> list[str]:
    """Return what is wrong with the classes of these rows, before any file is read."""
    if not rows:
        return ["it has no images."]
    learnt = {row.class_name for row in rows if _is_to_learn(row)}
    if least_classes < 2:
        return []
    if not learnt:
        return ["it has no train images: every image is given to val or test."]
    only_one = f"there is one class only to train on, {listed(learnt)}, and a classifier needs two."
    held_out: dict[str, Row] = {}
    for row in rows:
        if row.class_name not in learnt:
            held_out.setdefault(row.class_name, row)
    return ([only_one] if len(learnt) == 1 else []) + [
        f'class "{printable(name)}" is in {row.split} but not in train'
        f"{f': {row.where}' if row.where else ''}.{did_you_mean(name, learnt)}"
        for name, row in held_out.items()
    ]


def class_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return class names by alphabet; by size where all are whole numbers."""
    every = list(names)
    if all(re.fullmatch(r"-?[0-9]{1,18}", name) for name in every):
        return tuple(sorted(every, key=lambda name: (int(name), name)))
    return tuple(sorted(every))


def absent(path: Path, what: str) -> ImageSetError:
    """Return the error for a file that is not there; `what` is "table", "archive" and such."""
    near = did_you_mean(path.name, names_in(path.parent))
    return ImageSetError(
        f'There is no {what} "{printable(path.name)}" in "{printable(path.parent)}".{near}'
    )


def _bare_classes(
    rows: Sequence[Row], readable: Sequence[Row], skipped: Sequence[Skipped]
) -> list[str]:
    """Return a fault for each class and each given split whose images are all unreadable."""
    sound = {row.class_name for row in readable if _is_to_learn(row)}
    there = {row.split for row in readable}
    reasons = {entry.path: entry.reason for entry in skipped}
    bare: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        reason = f'"{printable(row.path.name)}": {reasons.get(row.path)}'
        if _is_to_learn(row) and row.class_name not in sound:
            name = printable(row.class_name)
            bare[f'class "{name}" has no readable images to train on'].append(reason)
        elif row.split and row.split != "train" and row.split not in there:
            bare[f"{row.split} has no readable images"].append(reason)
    return [
        f"{fault} ({'; '.join(shown[:3])}{'; …' if len(shown) > 3 else ''})."
        for fault, shown in bare.items()
    ]


def _is_to_learn(row: Row) -> bool:
    return row.split is None or row.split == "train"


def _ordered(
    found: set[str], class_names: Sequence[str] | None
) -> tuple[tuple[str, ...], list[Finding]]:
    if class_names is None:
        return class_order(found), []
    absent = [name for name in class_names if name not in found]
    text = f"Left out, because there are no images of them: {listed(absent)}."
    findings = [noted("class-without-images", text)] if absent else []
    return tuple(name for name in class_names if name in found), findings
