"""A run or an exported model, ready to be served, with what it can say of itself."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vgg_transfer.artefacts import open_artefact
from vgg_transfer.artefacts.artefact import GOLDEN
from vgg_transfer.disk import is_file
from vgg_transfer.errors import RunError
from vgg_transfer.events import Listener, nobody
from vgg_transfer.explanations.kept import kept_faithfulness
from vgg_transfer.images.squares import Floats
from vgg_transfer.recipe import Averaging
from vgg_transfer.run import ManifestRow, Run
from vgg_transfer.run.features import read_features
from vgg_transfer.serving.served import Example, Served, served_classifier

if TYPE_CHECKING:
    from vgg_transfer.explanations.lens import Lens

CERTAIN = 0.95
_EXAMPLES = 6
_LARGEST_EXAMPLE = 2_000_000  # bytes
_SHOWN_BY_BROWSERS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


def open_run(
    run: Run,
    averaging: Averaging | None = None,
    calibrated: bool = False,
    certain: float | None = None,
    unfamiliar: bool = False,
    listen: Listener = nobody,
) -> Served:
    """Return a run, ready to be served; Keras is loaded here.

    What it can say of itself at no cost, it says: how sure it is, at a certainty of 0.95, where its
    answers on validation images are on record, and what it was not trained on, where it is known
    already what its model makes of its own images.

    Args:
        run: whose model is served.
        averaging: as ``predict`` takes it. [default: the recipe's ``tta``]
        calibrated: whether probabilities are those at the run's temperature. [default: False]
        certain: the certainty of what is called sure. [default: 0.95, where it costs nothing]
        unfamiliar: whether images of the run may be looked at to tell what is unlike them.
            [default: False]
        listen: hears ``ImagesCounted`` where they are. [default: nobody]

    Raises:
        RecipeError: pictures cannot be answered one at a time as is wanted.
        RunError: the model is missing or damaged, or there is nothing to measure on how sure it is.
    """
    from vgg_transfer.deploy.classifier import classifier_of
    from vgg_transfer.explanations.lens import lens_of

    as_judged = averaging in (None, run.recipe.tta)
    if certain is None and as_judged and _is_on_record(run):
        certain = CERTAIN
    knows_its_own = as_judged and _knows_its_own(run)
    ready = classifier_of(run, averaging, calibrated, certain, unfamiliar or knows_its_own, listen)
    served = replace(
        served_classifier(ready, run.folder.name),
        rows=ready.rows,
        said=ready.said,
        examples=tuple(_examples(run)),
    )
    tried = kept_faithfulness(run)
    if tried is not None and not tried.explains:
        return replace(served, no_heat=f"heatmaps of this model were tried: {tried.sentence}")
    try:
        lens = lens_of(run)
    except RunError as reason:
        return replace(served, no_heat=str(reason))
    return replace(
        served,
        heat=lambda square, shape: _heat(lens, square, shape),
        tried="" if tried is None else tried.sentence,
    )


def open_exported(folder: Path) -> Served:
    """Return an exported model, ready to be served by its own runtime.

    Args:
        folder: that ``vgg-transfer export`` wrote.

    Raises:
        ArtefactError: it is missing or damaged, or its runtime is not installed.
    """
    ready = open_artefact(folder)
    files = [folder / GOLDEN / Path(one.file).name for one in ready.artefact.references]
    examples = [_example(file) for file in files[:: max(len(files) // _EXAMPLES, 1)]]
    return served_classifier(
        ready,
        f"{ready.artefact.run} ({ready.artefact.format})",
        "an exported model gives answers alone; serve the run it was made of to see what decided",
        tuple(one for one in examples if one is not None)[:_EXAMPLES],
    )


def _is_on_record(run: Run) -> bool:
    learnt = any(stage.fits_validation for stage in run.recipe.stage)
    return not learnt and bool(run.validated or run.judged_on == "val")


def _knows_its_own(run: Run) -> bool:
    """Return whether what the model makes of the run's images is on record, of enough of them."""
    from vgg_transfer.deploy.familiar import familiarity_of

    try:
        return bool(read_features(run.folder, len(run.manifest)) and familiarity_of(run, nobody))
    except RunError:
        return False


def _heat(lens: "Lens", square: Floats, shape: tuple[int, int]) -> Floats:
    from vgg_transfer.explanations.heatmaps import over_picture

    maps, _ = lens.look(square[np.newaxis], None)
    return over_picture(maps[0], shape, lens.run.recipe.resize, lens.run.recipe.size)


def _examples(run: Run) -> Iterator[Example]:
    """Yield some of the images that were held out, of one class after another."""
    rows = run.split("test") or run.split("val")
    by_class = [[row for row in rows if row.class_name == name] for name in run.class_names]
    found = 0
    for row in _in_turn(by_class):
        example = _example(Path(run.image_set.root) / row.path, row.digest)
        if example is not None:
            yield example
            found += 1
        if found == _EXAMPLES:
            return


def _in_turn(by_class: Iterable[list[ManifestRow]]) -> list[ManifestRow]:
    """Return the first of each class, then the second; of many classes not all have a turn."""
    turns = zip_longest(*(rows[:_EXAMPLES] for rows in by_class))
    return [row for turn in turns for row in turn if row is not None][: 10 * _EXAMPLES]


def _example(file: Path, digest: str | None = None) -> Example | None:
    """Return a picture; None: it is not there, or of another digest, or no browser shows it."""
    if not is_file(file) or file.stat().st_size > _LARGEST_EXAMPLE:
        return None
    data = file.read_bytes()
    kinds = [kind for start, kind in _SHOWN_BY_BROWSERS.items() if data.startswith(start)]
    if not kinds or (digest and hashlib.sha256(data).hexdigest() != digest):
        return None
    return Example(file.name, kinds[0], data)
