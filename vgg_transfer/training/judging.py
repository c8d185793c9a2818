"""How good a trained network is: what it says about images that were held out."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.evaluation import Metrics, evaluate
from vgg_transfer.events import PassBegan, Stepped
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.images.tfdata.batches import steps_per_epoch
from vgg_transfer.network.parts import tail_with_probabilities
from vgg_transfer.network.probabilities import of_all_classes, probabilities
from vgg_transfer.run import Judged
from vgg_transfer.training.context import Context
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.stages.stores import validation_outputs


def judge(
    model: keras.Model, context: Context, last: StagePlan, split: Any
) -> tuple[tuple[Judged, ...], Metrics]:
    """Return what the model to keep says about each image of a split, and how good that is.

    Test images go through it as they would at a user's. Validation images have gone through the
    frozen blocks before, so what the last stage has stored of them in full is enough.

    Args:
        model: the model to keep: pixels in, probabilities out.
        context: the training.
        last: the plan of the last stage that was run.
        split: ``test`` or ``val``.
    """
    image_set, shape = context.image_set, context.shape(last.stage)
    records: tuple[ImageRecord, ...] = image_set.split(split)
    steps = steps_per_epoch(len(records), shape.batch_size)
    context.listen(PassBegan(f"judges the model on {len(records):,} images ({split})", steps))
    found = _from_store(context, last) if split == "val" else None
    if found is None:
        paths = [one.path for one in records]
        found = probabilities(model, paths, shape, lambda: context.listen(Stepped()))
    names = image_set.class_names
    judged = tuple(
        Judged(
            path=str(one.path.relative_to(image_set.root) if image_set.root else one.path),
            split=split,
            label=names[one.label],
            predicted=names[int(row.argmax())],
            probabilities=tuple(float(value) for value in row),
        )
        for one, row in zip(records, found, strict=True)
    )
    return judged, evaluate(np.array([one.label for one in records]), found, names)


def _from_store(context: Context, last: StagePlan) -> NDArray[np.float32] | None:
    """Return the probabilities of the validation images, or None where nothing is stored of them.

    What a stage of another size has stored is of other pixels, and what is stored in int8 is not
    what the model to keep computes.
    """
    network = context.network
    if network.recipe.size_of(last.stage) != network.recipe.size or context.int8:
        return None
    found = validation_outputs(context, last, lambda cut: tail_with_probabilities(network, cut))
    return None if found is None else of_all_classes(found[0])
