"""From rows, each a file with its class, to an image set: the way of every source but the folder.

    gather([Row(path, "cats"), …], "table pets.csv")

A row that has no split, or the split train where every row has one, is open: missing splits are
drawn from there.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.images.decode import ImageFacts
from vgg_transfer.images.image_set import ImageRecord, ImageSet, Skipped, Split
from vgg_transfer.images.names import unusable
from vgg_transfer.images.sources.scan import scan
from vgg_transfer.images.splits import DEFAULT_SPLITTING, Splitting, Unsplit, assign, plan_drawing
from vgg_transfer.words import listed, printable


@dataclass(frozen=True)
class Row:
    """A file with its class; split and group where the source gives them.

    `where` says for messages from where it comes: "line 12 of pets.csv".
    """

    path: Path
    class_name: str
    split: Split | None = None
    group: str | None = None
    where: str = ""


def gather(
    rows: Sequence[Row],
    source: str,
    seed: int = 0,
    splitting: Splitting = DEFAULT_SPLITTING,
    class_names: Sequence[str] | None = None,
    root: Path | None = None,
    notes: Sequence[str] = (),
    least_classes: int = 2,
) -> ImageSet:
    """Return the image set of these rows; files that are no images are listed as skipped.

    `class_names` is the order of the classes where the source has one; else it is that of
    `class_order`. Paths are shown relative to `root` where all of them lie in it. Images that are
    only to be judged may be of one class: then `least_classes` is 1.

    Raises:
        ImageSetError: with every class that has no readable image to train on.
    """
    faults = class_faults(rows, least_classes)
    if faults:
        raise unusable(f"The {source}", faults)
    plan_drawing({row.split for row in rows if row.split}, splitting)  # refuses what has no effect
    found = list(zip(rows, (fact for _, fact in scan([row.path for row in rows])), strict=True))
    readable = [(row, fact) for row, fact in found if isinstance(fact, ImageFacts)]
    skipped = [
        Skipped(row.path, f"{fact} ({row.where})" if row.where else str(fact))
        for row, fact in found
        if not isinstance(fact, ImageFacts)
    ]
    faults = _bare_classes(rows, [row for row, _ in readable], skipped)
    if faults:
        raise unusable(f"The {source}", faults)

    names, order_notes = _ordered({row.class_name for row in rows}, class_names)
    if root is not None and not all(row.path.is_relative_to(root) for row in rows):
        root = None
    splits, drawn = assign(_unsplit(readable, root, splitting), seed, splitting)
    labels = {name: label for label, name in enumerate(names)}
    records = tuple(
        ImageRecord(
            path=row.path,
            label=labels[row.class_name],
            split=split,
            digest=fact.digest,
            width=fact.width,
            height=fact.height,
        )
        for (row, fact), split in zip(readable, splits, strict=True)
    )
    image_set = ImageSet(source, names, records, tuple(skipped), root=root)
    return replace(image_set, notes=(*notes, *order_notes, *drawn, *_split_notes(image_set)))


def class_faults(rows: Sequence[Row], least_classes: int = 2) -> list[str]:
    """Return what is wrong with the classes of these rows, before any file is read."""
    learnt = {row.class_name for row in rows if _is_to_learn(row)}
    if not rows:
        return ["it has no images."]
    if least_classes < 2:
        return []
    if not learnt:
        return ["it has no train images: every image is given to val or test."]
    faults = []
    if len(learnt) == 1:
        faults.append(
            f"there is one class only to train on, {listed(learnt)}, and a classifier needs two."
        )
    held_out: dict[str, Row] = {}
    for row in rows:
        if row.class_name not in learnt:
            held_out.setdefault(row.class_name, row)
    faults += [
        f'class "{printable(name)}" is in {row.split} but not in train'
        f"{f': {row.where}' if row.where else ''}.{did_you_mean(name, learnt)}"
        for name, row in held_out.items()
    ]
    return faults


def class_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return class names by alphabet; by size where all are whole numbers."""
    every = list(names)
    if all(re.fullmatch(r"-?[0-9]{1,18}", name) for name in every):
        return tuple(sorted(every, key=lambda name: (int(name), name)))
    return tuple(sorted(every))


def absent(path: Path, what: str) -> ImageSetError:
    """Return the error for a file that is not there; `what` is "table", "archive" and such."""
    near = ""
    if path.parent.is_dir():
        near = did_you_mean(path.name, (beside.name for beside in path.parent.iterdir()))
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
) -> tuple[tuple[str, ...], list[str]]:
    if class_names is None:
        return class_order(found), []
    absent = [name for name in class_names if name not in found]
    note = f"Left out, because there are no images of them: {listed(absent)}."
    return tuple(name for name in class_names if name in found), [note] if absent else []


def _split_notes(image_set: ImageSet) -> list[str]:
    """Return notes on a test split that is not there, and on classes missing in val and test."""
    counts = image_set.counts()
    notes = []
    if image_set.split("val") and not image_set.split("test"):
        notes.append(
            "There are no test images: the number to report is that of val, which also chooses "
            "between trainings and so flatters. Test images give one that does not."
        )
    held_out: tuple[Split, ...] = ("val", "test")
    for split in held_out:
        missing = [name for name, count in counts[split].items() if not count]
        if missing and image_set.split(split):
            notes.append(
                f"No {split} images in {listed(missing)}: {split} numbers say nothing there."
            )
    return notes


def _unsplit(
    readable: Sequence[tuple[Row, ImageFacts]], root: Path | None, splitting: Splitting
) -> list[Unsplit]:
    """Return what is to be split; a missing val or test is drawn from train where all is said."""
    said = {row.split for row, _ in readable}
    train_is_open = None not in said and not said >= {"val", "test"}
    items = []
    for row, fact in readable:
        path = row.path.relative_to(root) if root else row.path
        name = path.as_posix()
        items.append(
            Unsplit(
                digest=fact.digest,
                label=row.class_name,
                group=row.group or splitting.group_of(name),
                split=None if train_is_open and row.split == "train" else row.split,
                path=name,
            )
        )
    return items
