"""All refusals before a training: everything that can be known to fail, in one message."""

import math
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from vgg_transfer import run as record
from vgg_transfer.errors import ImageSetError, TrainingError, VggTransferError
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.network.base_weights import check_weights_file
from vgg_transfer.network.head_layers import has_sigmoid
from vgg_transfer.places import size_limit
from vgg_transfer.recipe import Recipe
from vgg_transfer.training.devices import lacks_int8
from vgg_transfer.training.spread.spread import Spread, check_batches
from vgg_transfer.words import listed


def check_before_training(
    recipe: Recipe,
    image_set: ImageSet,
    folder: Path,
    tensorboard: bool,
    cache: bool,
    minutes: float | None = None,
    checkpoint_minutes: float = 5.0,
    spread: Spread | None = None,
) -> None:
    """Refuse a training that cannot end well, before anything heavy is done.

    Args:
        recipe: what is to be done.
        image_set: what is to be learnt from.
        folder: where the run will be written.
        tensorboard: whether logs for TensorBoard are wanted.
        cache: whether activations are to be stored.
        minutes: the time that the recipe is to be fitted to. [default: it is done as it is]
        checkpoint_minutes: how much time may pass without a checkpoint. [default: 5]
        spread: the devices that share every batch. [default: one]

    Raises:
        VggTransferError: all faults, one a line; of the faults' own class where they share one.
    """
    checks: list[Callable[[], object]] = [lambda: record.check_free(folder)]
    checks.append(lambda: _check_validation(image_set))
    if tensorboard:
        checks.append(_check_tensorboard)
    if cache:
        checks.append(size_limit)
    if recipe.frozen_precision == "int8":
        checks.append(lambda: _check_int8(cache))
    checks.append(lambda: has_sigmoid(recipe.head, len(image_set.class_names)))
    weighting = recipe.class_weights
    if weighting != "none":
        checks.append(lambda: image_set.class_weights(weighting))
    checks.append(lambda: check_weights_file(recipe.base.weights))
    if minutes is not None:
        checks.append(lambda: _check_minutes(minutes))
    checks.append(lambda: _check_checkpoint_minutes(checkpoint_minutes))
    if spread is not None:
        checks.append(lambda: check_batches(recipe, spread.devices))
        if minutes is not None:
            checks.append(lambda: _check_one_host(spread))
    if any(stage.fits_validation for stage in recipe.stage):
        checks.append(lambda: _check_cross_validation(image_set))
    faults = [fault for check in checks if (fault := _fault_of(check)) is not None]
    if faults:
        kinds = {type(fault) for fault in faults}
        kind = kinds.pop() if len(kinds) == 1 else VggTransferError
        raise kind("\n".join(str(fault) for fault in faults))


def _fault_of(check: Callable[[], object]) -> VggTransferError | None:
    try:
        check()
    except VggTransferError as fault:
        return fault
    return None


def _check_validation(image_set: ImageSet) -> None:
    if not image_set.split("val"):
        raise ImageSetError(
            f"{image_set.source} has no validation images, and a training needs some: they choose "
            "the weights that are kept and say when a stage has learnt enough. Hold some back with "
            '--val 0.15, a folder "val" or a split file; where a class has a few images only, add '
            "more of them, or try another --seed"
        )


def _check_tensorboard() -> None:
    if find_spec("tensorboard") is None:
        raise TrainingError(
            'logging for TensorBoard needs its package: pip install "vgg-transfer[tensorboard]"'
        )


def _check_int8(cache: bool) -> None:
    lacking = lacks_int8()
    if lacking is None and not cache:
        lacking = "it is for stored activations, which --no-cache (cache=False) leaves out"
    if lacking:
        raise TrainingError(
            f'frozen_precision = "int8" cannot be had here: {lacking}. Or set '
            'frozen_precision = "same"'
        )


def _check_minutes(minutes: float) -> None:
    if not 0 < minutes < math.inf:
        raise TrainingError(f"minutes must be a positive number such as 10; received {minutes:g}")


def _check_checkpoint_minutes(minutes: float) -> None:
    if not 0 <= minutes < math.inf:
        raise TrainingError(
            "checkpoint_minutes must be a positive number such as 5, or 0 for a checkpoint after "
            f"every batch; received {minutes:g}"
        )


def _check_one_host(spread: Spread) -> None:
    if spread.hosts.count > 1:
        raise TrainingError(
            "minutes are fitted to what one machine is measured to do, and this training has "
            f"{spread.hosts.count} processes: leave one of --minutes and --hosts out"
        )


def _check_cross_validation(image_set: ImageSet) -> None:
    """Refuse images that cannot be held out in folds, or leave nothing to judge the result by."""
    said, remedy = 'strength = "cross-validation"', 'or set strength = "validation"'
    faults = []
    if not image_set.split("test"):
        faults.append(
            f"{said} fits the validation images too, and {image_set.source} has no test images to "
            f"judge the result by: give it some (--test 0.15 draws a share), {remedy}"
        )
    pictures = {(one.label, one.digest) for one in image_set.records if one.split != "test"}
    count = Counter(label for label, _ in pictures)
    few = [name for label, name in enumerate(image_set.class_names) if count[label] < 2]
    if few:
        faults.append(
            f"{said} needs two different training and validation images of every class, and there "
            f"are fewer of {listed(few, len(few))}: add some, leave the class out, {remedy}"
        )
    if faults:
        raise ImageSetError("\n".join(faults))
