"""The image set: images with labels, class names and splits, whatever they came from.

It is a value: made once by a source (a folder, a table, arrays), never changed afterwards.
"""

import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from vgg_transfer.errors import ImageSetError
from vgg_transfer.finding import Finding
from vgg_transfer.words import counted, listed, printable

if TYPE_CHECKING:
    from vgg_transfer.run import ImagesUsed

Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)

_FEW_CLASSES = 5  # up to here the terminal shows every class with its count


@dataclass(frozen=True)
class ImageRecord:
    """One image: where it lies, its class (an index into the class names) and what its bytes are.

    Width and height are those of the upright picture; the digest is the SHA-256 of the file.
    """

    path: Path
    label: int
    split: Split
    digest: str
    width: int
    height: int


@dataclass(frozen=True)
class Skipped:
    """A file or folder that was left out, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, repr=False)
class ImageSet:
    """Images with labels, class names and splits.

    `records` keep the order their source gave them (a folder: by path within the folder, so the
    file system's order plays no part). `findings` say what the source had to decide.
    `root` is the folder that the paths of the manifest are relative to, where there is one.
    """

    source: str
    class_names: tuple[str, ...]
    records: tuple[ImageRecord, ...]
    skipped: tuple[Skipped, ...] = ()
    findings: tuple[Finding, ...] = ()
    root: Path | None = None

    def __post_init__(self) -> None:
        faults = [
            f'class name "{printable(name)}" is there {times} times'
            for name, times in Counter(self.class_names).items()
            if times > 1
        ]
        faults += [
            f'image "{printable(record.path)}" has label {record.label}, '
            f"but labels go from 0 to {len(self.class_names) - 1}"
            for record in self.records
            if not 0 <= record.label < len(self.class_names)
        ]
        if faults:
            more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
            raise ImageSetError(f"{self.source}: {'; '.join(faults[:5])}{more}.")

    def __repr__(self) -> str:
        return f"<ImageSet from {self.source}\n  {self.describe()}\n  digest {self.digest[:12]}>"

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that a training sees: the class names, and of every record, in order,
        split, label and bytes.

        Neither the folder's place nor its file names count by themselves, so a moved or copied
        set keeps its digest. Renaming files counts only where it changes their order, because
        the order of training follows it.
        """
        seen = sha256(json.dumps(self.class_names).encode())
        for record in self.records:
            seen.update(f"\n{record.split} {record.label} {record.digest}".encode())
        return seen.hexdigest()

    def split(self, name: Split) -> tuple[ImageRecord, ...]:
        """Return the records of one split, in their order."""
        return tuple(record for record in self.records if record.split == name)

    def counts(self) -> dict[Split, dict[str, int]]:
        """Return the number of images by split and class name, zeros included."""
        found = Counter((record.split, record.label) for record in self.records)
        return {
            split: {name: found[split, label] for label, name in enumerate(self.class_names)}
            for split in SPLITS
        }

    def class_weights(
        self, kind: Literal["balanced", "effective"] = "balanced"
    ) -> dict[int, float]:
        """Return a weight by label, from the n images of its class in the train split, of N in all.

        ``balanced`` is proportional to 1 / n; ``effective`` to (1 - b) / (1 - b^n), the effective
        number of images (Cui et al., 2019), which is gentler. There b = (N - 1) / N and no fixed
        number, such as 0.999: that would do nothing for many images and balance few completely.
        The mean over the images of the train split is 1.
        """
        counts = self.counts()["train"]
        missing = [name for name, count in counts.items() if not count]
        if missing:
            raise ImageSetError(
                f"{self.source}: no class weight can be given to "
                f"{listed(missing, len(missing))}: no train images. Add some, or leave "
                "the class out."
            )
        total = sum(counts.values())
        numbers: list[float] = list(counts.values())
        if kind == "effective":
            share = 1 - 1 / total
            numbers = [(1 - share**count) / (1 - share) for count in numbers]
        whole = sum(n / number for n, number in zip(counts.values(), numbers, strict=True))
        return {label: total / (whole * number) for label, number in enumerate(numbers)}

    def describe(self) -> str:
        """Return one line for the terminal: how many images, in which classes and splits."""
        counts = self.counts()
        by_class = [sum(counts[split][name] for split in SPLITS) for name in self.class_names]
        if len(by_class) <= _FEW_CLASSES:
            named = zip(self.class_names, by_class, strict=True)
            classes = ", ".join(f"{printable(name)} {count}" for name, count in named)
        else:
            classes = f"{min(by_class)} to {max(by_class)} images each"
        splits = ", ".join(f"{sum(counts[split].values())} {split}" for split in SPLITS)
        skipped = f"; {counted(len(self.skipped), 'file')} skipped" if self.skipped else ""
        return (
            f"{counted(len(self.records), 'image')} in "
            f"{counted(len(self.class_names), 'class')} ({classes}): {splits}{skipped}"
        )

    def used(self) -> "ImagesUsed":
        """Return the image set in words and numbers, as a run and a comparison keep it."""
        from vgg_transfer.run import ImagesUsed

        return ImagesUsed(
            source=self.source,
            root=str(self.root) if self.root else "",
            digest=self.digest,
            counts={str(split): by_class for split, by_class in self.counts().items()},
            skipped={str(one.path): one.reason for one in self.skipped},
        )

    def manifest_rows(self) -> list[tuple[str, ...]]:
        """Return the rows of a CSV file, its header first; paths are relative to `root`.

        A file name may hold bytes that are no UTF-8: write with `errors="surrogateescape"`.
        """
        rows: list[tuple[str, ...]] = [("path", "split", "class", "digest", "width", "height")]
        for record in self.records:
            path = record.path.relative_to(self.root) if self.root else record.path
            size = (str(record.width), str(record.height))
            name = self.class_names[record.label]
            rows.append((path.as_posix(), record.split, name, record.digest, *size))
        return rows
