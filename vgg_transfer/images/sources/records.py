"""From readable files, each with its class, to records with splits: the last step of every source.

A row that has no split, or the split train where every row has one, is open: missing splits are
drawn from there.
"""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.finding import Finding
from vgg_transfer.images.decode import ImageFacts
from vgg_transfer.images.image_set import ImageRecord, ImageSet, Split
from vgg_transfer.images.names import noted
from vgg_transfer.images.sources.source import Reading
from vgg_transfer.images.splits import Unsplit, assign
from vgg_transfer.words import counted, listed, printable

_SHOWN = 3


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


def split_rows(
    readable: Sequence[tuple[Row, ImageFacts]],
    class_names: Sequence[str],
    root: Path | None,
    reading: Reading,
    known_as: Path | str = "",
) -> tuple[list[ImageRecord], list[Finding]]:
    """Return a record with its split for every readable file, and what was decided.

    Groups and split files see paths relative to `root`, where there is one. `known_as` is the path
    or the name by which drawn splits are remembered; without one they are not.
    """
    said = {row.split for row, _ in readable}
    train_is_open = None not in said and not said >= {"val", "test"}
    items = []
    for row, fact in readable:
        name = (row.path.relative_to(root) if root else row.path).as_posix()
        group = row.group or reading.splitting.group_of(name)
        split = None if train_is_open and row.split == "train" else row.split
        items.append(Unsplit(fact.digest, row.class_name, group, split, name))
    source = os.path.realpath(known_as) if isinstance(known_as, Path) else known_as
    splits, findings = assign(items, reading.seed, reading.splitting, source, reading.remember)
    labels = {name: label for label, name in enumerate(class_names)}
    records = [
        ImageRecord(row.path, labels[row.class_name], split, fact.digest, fact.width, fact.height)
        for (row, fact), split in zip(readable, splits, strict=True)
    ]
    return records, [*findings, *two_class_findings(records, class_names)]


def two_class_findings(records: Sequence[ImageRecord], class_names: Sequence[str]) -> list[Finding]:
    """Return a finding where the same picture has more than one class: one of them is wrong."""
    classes: dict[str, dict[str, ImageRecord]] = {}
    for record in records:
        name = class_names[record.label]
        classes.setdefault(record.digest, {}).setdefault(name, record)
    several = [found for found in classes.values() if len(found) > 1]
    if not several:
        return []
    shown = "; ".join(
        " and ".join(f'"{printable(f"{name}/{row.path.name}")}"' for name, row in rows.items())
        for rows in several[:_SHOWN]
    )
    more = f" and {len(several) - _SHOWN} more" if len(several) > _SHOWN else ""
    text = (
        f"{counted(len(several), 'picture')} in more than one class, of which one must be wrong "
        f"({shown}{more}): take the wrong ones away."
    )
    return [noted("in-two-classes", text, "warning")]


def missing_findings(
    image_set: ImageSet, no_test: tuple[str, str] | None, drawn: Collection[Split] = ()
) -> list[Finding]:
    """Return what cannot be measured: all of test, or classes of a split.

    `no_test` says so in the words of the source: "There are no …", "… give".
    """
    findings = []
    if no_test:
        there_is, gives = no_test
        text = (
            f"{there_is}: the number to report is that of val, which also chooses "
            f"between trainings and so flatters. {gives} one that does not."
        )
        findings.append(noted("no-test-images", text, "warning"))
    held_out: tuple[Split, ...] = ("val", "test")
    for split in held_out:
        counts = image_set.counts()[split]
        missing = [name for name, count in counts.items() if not count]
        if missing and (split in drawn or any(counts.values())):
            text = f"No {split} images in {listed(missing)}: {split} numbers say nothing there."
            findings.append(noted("class-not-measured", text, "warning"))
    return findings
