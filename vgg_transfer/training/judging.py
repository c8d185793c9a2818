"""How good a trained network is: what it says about images that were held out."""

from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.activations import StoreDamaged
from vgg_transfer.evaluation import Metrics, evaluate
from vgg_transfer.events import PassBegan, Said, Stepped
from vgg_transfer.images.batch_form import BatchForm, steps_per_epoch
from vgg_transfer.images.feed import feed
from vgg_transfer.images.image_set import ImageRecord, Split
from vgg_transfer.network.parts import tail_with_probabilities
from vgg_transfer.network.probabilities import of_all_classes, of_batches, probabilities
from vgg_transfer.recipe import Recipe, averaging_in_words
from vgg_transfer.recipe.averaging import renderings_of
from vgg_transfer.run import Judged
from vgg_transfer.run.values import as_arrays
from vgg_transfer.training.context import Context
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.stages.stores import validation_outputs
from vgg_transfer.words import counted


def judge(
    model: keras.Model, context: Context, last: StagePlan, split: Split
) -> tuple[tuple[Judged, ...], Metrics]:
    """Return what the model to keep says about each image of a split, and how good that is.

    Test images go through it as they would at a user's. Validation images have gone through the
    frozen blocks before, so what the last stage has stored of them in full is enough; of the other
    renderings that the recipe's ``tta`` averages over nothing is stored.

    Args:
        model: the model to keep: pixels in, probabilities out.
        context: the training.
        last: the plan of the last stage that was run.
        split: ``test`` or ``val``.
    """
    judged = _answers(model, context, last, split, "judges the model")
    names = context.image_set.class_names
    return judged, evaluate(*as_arrays(judged, names), names)


def validate(model: keras.Model, context: Context, last: StagePlan) -> tuple[Judged, ...]:
    """Return what the model to keep says about each validation image, as ``judge`` does.

    Nothing where a head was fitted on them: of images that it knows, its probabilities say nothing
    about how sure it may be of others.
    """
    if any(stage.fits_validation for stage in context.network.recipe.stage):
        return ()
    return _answers(model, context, last, "val", "sees how sure the model is")


def _answers(
    model: keras.Model, context: Context, last: StagePlan, split: Split, doing: str
) -> tuple[Judged, ...]:
    image_set, shape = context.image_set, context.shape(last.stage)
    records = image_set.split(split)
    recipe = context.network.recipe
    what = f"{counted(len(records), 'image', ',')} ({split}){averaging_in_words(recipe.tta)}"
    steps = steps_per_epoch(len(records), shape.batch_size) * renderings_of(recipe.tta)
    context.listen(PassBegan(f"{doing} on {what}", steps))

    def stepped() -> None:
        context.listen(Stepped())

    found = _from_store(context, last) if split == "val" else None
    if found is None:
        found = probabilities(model, records, shape, stepped)
    others = [of_batches(model, one, stepped) for one in _other_renderings(recipe, records, shape)]
    if others:
        found = np.mean([found, *others], axis=0)
    names = image_set.class_names
    return tuple(
        Judged(
            path=str(one.path.relative_to(image_set.root) if image_set.root else one.path),
            split=split,
            label=names[one.label],
            predicted=names[int(row.argmax())],
            probabilities=tuple(float(value) for value in row),
        )
        for one, row in zip(records, found, strict=True)
    )


def _from_store(context: Context, last: StagePlan) -> NDArray[np.float32] | None:
    """Return the probabilities of the validation images, or None where nothing is stored of them.

    What a stage of another size has stored is of other pixels, and what is stored in int8 is not
    what the model to keep computes.
    """
    network = context.network
    if network.recipe.size_of(last.stage) != network.recipe.size or context.int8:
        return None
    try:
        found = validation_outputs(context, last, lambda cut: tail_with_probabilities(network, cut))
    except StoreDamaged as damage:
        context.listen(Said(f"judges the images themselves: a store was altered ({damage})"))
        return None
    return None if found is None else of_all_classes(found[0])


def _other_renderings(
    recipe: Recipe, records: Sequence[ImageRecord], shape: BatchForm
) -> Iterator[Any]:
    """Yield the batches of each rendering that is averaged over beside the plain images."""
    if recipe.tta == "flip":
        yield feed().plain_batches(records, shape, is_mirrored=True)
    elif isinstance(recipe.tta, int):
        for view in range(1, recipe.tta + 1):
            views = [view] * len(records)
            yield feed().rendered_batches(records, views, recipe.augmentation, shape)
