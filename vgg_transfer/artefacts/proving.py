"""Does an exported model still say what it said when it was made? Its references tell."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vgg_transfer.artefacts.artefact import GOLDEN, Artefact
from vgg_transfer.artefacts.classifier import Floats
from vgg_transfer.artefacts.exported import Exported, open_artefact
from vgg_transfer.artefacts.runtimes import runtime_of
from vgg_transfer.errors import ArtefactError
from vgg_transfer.images.decode import Undecodable, decode
from vgg_transfer.words import printable

_TIMED = 3


@dataclass(frozen=True)
class Checked:
    """What a check of an exported model saw.

    Args:
        artefact: the folder.
        format: of the model.
        runtime: what ran it, with its version.
        pictures: how many references were asked.
        largest_difference: of a probability from that of its reference.
        tolerance: how large it may be.
        same_class: in how many references the likeliest class is the right one.
        bytes: the size of the model.
        milliseconds: the median time of one square picture, in the same process.
        passed: whether it says what it said when it was made.
    """

    artefact: str
    format: str
    runtime: str
    pictures: int
    largest_difference: float
    tolerance: float
    same_class: int
    bytes: int
    milliseconds: float
    passed: bool

    @property
    def sentence(self) -> str:
        """What was seen, for a person."""
        return (
            f"{self.pictures} reference pictures by {self.runtime}: {self.same_class} with the "
            f"same class, probabilities differ by {self.largest_difference:.1g} at most "
            f"(up to {self.tolerance:g} may be)"
        )


def check(folder: Path | str, threads: int | None = None) -> Checked:
    """Ask an exported model about its reference pictures, with its own runtime.

    Args:
        folder: that ``vgg-transfer export`` wrote.
        threads: how many of them compute. [default: as the runtime has it, all cores]

    Raises:
        ArtefactError: it is missing or damaged, its runtime is not installed, or a reference
            cannot be read.
    """
    exported = open_artefact(folder, threads)
    artefact = exported.artefact
    if not artefact.references:
        raise ArtefactError(
            f'the exported model in "{printable(folder)}" has no references to be checked by: '
            "export it again"
        )
    expected = np.array([one.probabilities for one in artefact.references], np.float32)
    found = np.concatenate(
        [exported.probabilities(_picture(artefact, one.file)) for one in artefact.references]
    )
    gaps = np.abs(found - expected)
    # A number that is none is as far from any other as can be.
    largest = float(gaps.max()) if np.isfinite(gaps).all() else 1.0
    same = int((found.argmax(axis=1) == expected.argmax(axis=1)).sum())
    return Checked(
        artefact=str(folder),
        format=artefact.format,
        runtime=runtime_of(artefact.format),
        pictures=len(expected),
        largest_difference=largest,
        tolerance=artefact.tolerance,
        same_class=same,
        bytes=_size_of(artefact.model),
        milliseconds=_milliseconds(exported),
        passed=largest <= artefact.tolerance and same == len(expected),
    )


def _picture(artefact: Artefact, name: str) -> Floats:
    file = Path(artefact.folder) / GOLDEN / Path(name).name
    try:
        return decode(file).astype(np.float32)[np.newaxis]
    except Undecodable as reason:
        raise ArtefactError(
            f'the reference picture "{printable(file)}" cannot be read: {reason}. Put back a copy '
            "of the folder, or export it again"
        ) from reason


def _milliseconds(exported: Exported) -> float:
    square = np.zeros((1, exported.size, exported.size, 3), np.float32)
    exported.probabilities(square)
    took = []
    for _ in range(_TIMED):
        began = time.perf_counter()
        exported.probabilities(square)
        took.append(time.perf_counter() - began)
    return 1000 * float(np.median(took))


def _size_of(model: Path) -> int:
    if model.is_dir():
        return sum(one.stat().st_size for one in model.rglob("*") if one.is_file())
    weights = model.with_suffix(".bin")
    beside = weights.stat().st_size if model.suffix == ".xml" else 0
    return model.stat().st_size + beside
