"""A run's own images that were held out: the same ones as then, and what its model says of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.deploy.judge import judge
from vgg_transfer.disk import is_file
from vgg_transfer.errors import RunError
from vgg_transfer.evaluation import Calibration
from vgg_transfer.evaluation.temperature import fit_temperature
from vgg_transfer.events import Listener
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import Given, digest_of
from vgg_transfer.run import ManifestRow, Run
from vgg_transfer.run.values import as_arrays
from vgg_transfer.words import listed, printable

Answers = tuple[NDArray[np.integer[Any]], NDArray[np.floating[Any]]]


def held_out(run: Run, split: str) -> tuple[ManifestRow, ...]:
    """Return the images of a split, checked to lie there as they did when the run was trained.

    Raises:
        RunError: there are none, or some are missing or changed.
    """
    rows = run.split(split)
    if not rows:
        raise RunError(
            f'the run "{printable(run.folder)}" lists no {split} images in its images.csv: judge '
            "others, vgg-transfer evaluate RUN DATA"
        )
    root = Path(run.image_set.root)
    missing = [row.path for row in rows if not is_file(root / row.path)]
    changed = [
        row.path
        for row in rows
        if row.path not in missing and digest_of(root / row.path) != row.digest
    ]
    if missing or changed:
        raise RunError(_not_the_same(run, root, missing, changed))
    return rows


def validation_answers(run: Run, listen: Listener) -> Answers:
    """Return labels and probabilities of the validation images: as recorded, else asked for again.

    Raises:
        RunError: they can say nothing: a head was fitted on them, or they are not there any more.
    """
    shown = f'the run "{printable(run.folder)}"'
    if any(stage.fits_validation for stage in run.recipe.stage):
        raise RunError(
            f"a head of {shown} was fitted on its validation images too, so that none are left to "
            'measure on how sure it may be: train with another strength than "cross-validation"'
        )
    recorded = run.judged if run.judged_on == "val" else run.validated
    if recorded:
        return as_arrays(recorded, run.class_names)
    try:
        rows = held_out(run, "val")
    except RunError as error:
        raise RunError(
            f"{shown} holds nothing on what its model says of validation images, as runs of today "
            f"do, and they cannot be asked again: {error}"
        ) from error
    pictures = [Given(Path(run.image_set.root) / row.path) for row in rows]
    answers = judge(run, pictures, run.recipe.tta, listen)
    labels = [run.class_names.index(row.class_name) for row in rows]
    readable = [not isinstance(one, Undecodable) for one in answers]
    found = [one for one in answers if not isinstance(one, Undecodable)]
    return np.array(labels)[readable], np.stack(found)


def calibration_of(run: Run, listen: Listener) -> Calibration:
    """Return what makes the probabilities of a run keep what they promise.

    Raises:
        RunError: there is nothing to fit it on.
    """
    return run.calibration or fit_temperature(*validation_answers(run, listen))


def _not_the_same(run: Run, root: Path, missing: Sequence[str], changed: Sequence[str]) -> str:
    parts = [
        f"{len(names)} {what} ({listed(names)})"
        for names, what in ((missing, "missing"), (changed, "changed"))
        if names
    ]
    return (
        f'the images that were held out from "{run.folder}" are not the same any more in '
        f'"{printable(root)}": {", ".join(parts)}. Put them back, or judge other images: '
        "vgg-transfer evaluate RUN DATA"
    )
