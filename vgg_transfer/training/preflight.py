"""All refusals before a training: everything that can be known to fail, in one message."""

import math
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from vgg_transfer import run as record
from vgg_transfer.errors import TrainingError, VggTransferError
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.network.base_weights import check_weights_file
from vgg_transfer.network.head_layers import has_sigmoid
from vgg_transfer.places import size_limit
from vgg_transfer.recipe import Recipe


def check_before_training(
    recipe: Recipe,
    image_set: ImageSet,
    folder: Path,
    tensorboard: bool,
    cache: bool,
    minutes: float | None = None,
) -> None:
    """Refuse a training that cannot end well, before anything heavy is done.

    Args:
        recipe: what is to be done.
        image_set: what is to be learnt from.
        folder: where the run will be written.
        tensorboard: whether logs for TensorBoard are wanted.
        cache: whether activations are to be stored.
        minutes: the time that the recipe is to be fitted to. [default: it is done as it is]

    Raises:
        VggTransferError: all faults, one a line; of the faults' own class where they share one.
    """
    checks: list[Callable[[], object]] = [lambda: record.check_free(folder)]
    if tensorboard:
        checks.append(_check_tensorboard)
    if cache:
        checks.append(size_limit)
    checks.append(lambda: has_sigmoid(recipe.head, len(image_set.class_names)))
    weighting = recipe.class_weights
    if weighting != "none":
        checks.append(lambda: image_set.class_weights(weighting))
    checks.append(lambda: check_weights_file(recipe.base.weights))
    if minutes is not None:
        checks.append(lambda: _check_minutes(minutes))
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


def _check_tensorboard() -> None:
    if find_spec("tensorboard") is None:
        raise TrainingError(
            'logging for TensorBoard needs its package: pip install "vgg-transfer[tensorboard]"'
        )


def _check_minutes(minutes: float) -> None:
    if not 0 < minutes < math.inf:
        raise TrainingError(f"minutes must be a positive number such as 10; received {minutes:g}")
