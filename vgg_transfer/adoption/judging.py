"""An adopted model judged by the labelled images that its input was found by."""

from dataclasses import replace

from vgg_transfer.evaluation import evaluate
from vgg_transfer.evaluation.temperature import fit_temperature
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.network import Network
from vgg_transfer.network.probabilities import probabilities
from vgg_transfer.run import Judged, ManifestRow, Run
from vgg_transfer.run.values import as_arrays


def judged(run: Run, network: Network, images: ImageSet, at_once: int) -> Run:
    """Return a run with what its model answers for images, as its validation images.

    Args:
        run: the record, in which nothing is judged yet.
        network: its model, ready to be saved.
        images: labelled by the run's classes.
        at_once: how many are computed together.
    """
    shape = BatchForm(run.recipe.size, run.recipe.resize, at_once)
    rows = probabilities(network, images.records, shape)
    manifest = tuple(map(ManifestRow.from_cells, images.manifest_rows()[1:]))
    answers = tuple(
        Judged(
            path=row.path,
            split=row.split,
            label=row.class_name,
            predicted=run.class_names[int(shares.argmax())],
            probabilities=tuple(map(float, shares)),
        )
        for row, shares in zip(manifest, rows, strict=True)
    )
    labels, found = as_arrays(answers, run.class_names)
    return replace(
        run,
        judged_on="val",
        metrics=evaluate(labels, found, run.class_names),
        judged=answers,
        manifest=manifest,
        calibration=fit_temperature(labels, found),
    )
