"""The sample on disk: drawn beside its place, then renamed, so that it is whole or absent."""

import json
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

import numpy as np

from vgg_transfer.errors import ImageSetError
from vgg_transfer.reading import read_json
from vgg_transfer.sample.picture import Box, draw_picture
from vgg_transfer.sample.plan import (
    SPECIES,
    SPLITS,
    PlannedFile,
    SampleOptions,
    SampleReport,
    class_folder,
    differences,
    plan_files,
)
from vgg_transfer.sample.problems import (
    NOT_AN_IMAGE,
    add_border,
    compress_again,
    cut_short,
    encode,
    shrink,
)
from vgg_transfer.writing import whole_folder

DEFAULTS = SampleOptions()
REPORT = "sample.json"
DRAWING = 1  # raised when the same options draw other pictures


def draw_sample(folder: Path, options: SampleOptions = DEFAULTS) -> SampleReport:
    """Draw cats and dogs into ``folder/{train,val,test}/{cats,dogs}/*.jpg``; tell what was planted.

    Same options, same bytes. Each picture depends on nothing but the seed, its split, its species
    and its index, so asking for more pictures never changes those that were there before. A folder
    that already holds this very sample is left as it is; any other that is not empty is refused.

    Args:
        folder: where to draw; new or empty.
        options: how many pictures, of which size, with which problems. [default: 120, 40 and 100
            of each class in train, val and test, about 210 pixels a side, no problem]

    Returns:
        What was drawn, and which problems were planted where.

    Raises:
        ImageSetError: the folder holds something else or cannot be written.
    """
    folder = Path(folder).resolve()
    files = plan_files(options)
    report = _report(options, files)
    if _is_drawn(folder, report):
        return report
    try:
        with whole_folder(folder) as draft:
            _write(draft, files, report)
    except OSError as error:
        raise ImageSetError(
            f"The sample cannot be written to {folder}: {error}. Give a folder that can be written."
        ) from error
    return report


def _report(options: SampleOptions, files: tuple[PlannedFile, ...]) -> SampleReport:
    counts = {f"{split}/{class_folder(species)}": 0 for split in SPLITS for species in SPECIES}
    for file in files:
        counts[file.path.rpartition("/")[0]] += 1
    problems = tuple(file.problem for file in files if file.problem)
    return SampleReport(options, MappingProxyType(counts), problems)


def _write(draft: Path, files: tuple[PlannedFile, ...], report: SampleReport) -> None:
    for name in report.counts:
        (draft / name).mkdir(parents=True)
    animals: dict[str, Box] = {}
    for file in files:
        (draft / file.path).write_bytes(_content(draft, file, report.options, animals))
    written = {
        "drawing": DRAWING,
        "options": asdict(report.options),
        "counts": dict(report.counts),
        "problems": [asdict(problem) for problem in report.problems],
        "animals": {path: [round(side, 4) for side in box] for path, box in animals.items()},
    }
    (draft / REPORT).write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


def _content(
    draft: Path, file: PlannedFile, options: SampleOptions, animals: dict[str, Box]
) -> bytes:
    """The bytes of one file; copies are read from what is already in the draft.

    Where the animal is goes into ``animals``, as shares of width and height.
    """
    if file.problem and file.problem.origin and file.kind != "wrong_label":
        data = (draft / file.problem.origin).read_bytes()
        return compress_again(data) if file.kind == "duplicate_reencoded" else data
    if file.kind == "broken_empty":
        return b""
    if file.kind == "broken_text":
        return NOT_AN_IMAGE
    place = [SPLITS.index(file.split), SPECIES.index(file.species), file.index]
    rng = np.random.default_rng([options.seed, *place])
    drawing = draw_picture(file.species, options.size, rng)
    image, animals[file.path] = drawing.image, drawing.animal
    quality = int(rng.integers(62, 96))
    if options.border:
        image = add_border(image, file.species, swapped=file.split == "test")
    if file.kind == "tiny":
        image = shrink(image, rng)
    data = encode(image, quality)
    return cut_short(data) if file.kind == "broken_truncated" else data


def _is_drawn(folder: Path, report: SampleReport) -> bool:
    """Whether the folder holds this sample; an error if it holds anything else."""
    if folder.exists() and not folder.is_dir():
        raise ImageSetError(f"The sample cannot be drawn: {folder} is a file. Give a folder.")
    found = sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []
    if not found:
        return False
    refusal = f"The sample cannot be drawn into {folder}"
    remedy = "Give a new or an empty folder, or remove this one first."
    try:
        stored = read_json(folder / REPORT)
        drawing, old_options = stored["drawing"], dict(stored["options"])
    except (OSError, ValueError, KeyError, TypeError):
        names = ", ".join(found[:3]) + (" …" if len(found) > 3 else "")
        raise ImageSetError(
            f"{refusal}: it is not empty and holds no earlier sample (found {names}). {remedy}"
        ) from None
    other = differences(report.options, old_options)
    if other:
        raise ImageSetError(
            f"{refusal}: it holds a sample with other options, asked for {', '.join(other)}. "
            f"{remedy}"
        )
    if drawing != DRAWING:
        raise ImageSetError(f"{refusal}: its pictures were drawn by another version. {remedy}")
    for name, count in report.counts.items():
        there = len(list((folder / name).glob("*.jpg")))
        if there != count:
            raise ImageSetError(
                f"{refusal}: its sample was changed, {name} has {there} of {count} files. {remedy}"
            )
    return True
