"""How fast this machine is at what a training does: seconds for one image, by trying a few."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras

from vgg_transfer.activations.int8 import int8_stretch
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.feed import feed
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.images.tfdata.failures import own_errors
from vgg_transfer.network import Network
from vgg_transfer.network.parts import stretch, tail
from vgg_transfer.recipe import Augmentation

# Eight images fill the cores as a whole batch does; more would only take longer.
_BATCH = 8
_BATCHES_READ = 5


@dataclass(frozen=True)
class Speed:
    """Seconds for one image of the recipe's size.

    Args:
        forward: through each block, by name; the head is one of them.
        plain: reading, decoding and resizing.
        augmented: the same, and the changes of the recipe's augmentation.
    """

    forward: Mapping[str, float]
    plain: float
    augmented: float


def measure_speed(network: Network, records: Sequence[ImageRecord], form: BatchForm) -> Speed:
    """Return how fast this machine is, in about the time of forty images.

    The blocks differ: for the same number of operations, block1 takes several times as long as
    block5.

    Args:
        network: the network that is trained; nothing in it changes.
        records: images of the training; a few of them are read.
        form: how they are read.
    """
    recipe = network.recipe
    stages = (stage.augmentation or recipe.augmentation for stage in recipe.stage)
    changing = next((one for one in stages if not one.changes_nothing), None)
    plain = _reading(records, 0, Augmentation(), form)
    augmented = plain if changing is None else _reading(records, 1, changing, form)
    return Speed({name: _forward(network, name) for name in network.blocks}, plain, augmented)


def measure_int8(network: Network, speed: Speed) -> float:
    """Return what the base takes in int8, as a share of what it takes in its own precision.

    Args:
        network: the network that is trained.
        speed: how fast it is in its own precision.
    """
    below = network.below("head")
    convolutions = [layer.name for name in below for layer in network.blocks[name]]
    compute = int8_stretch(network, ("head",), dict.fromkeys(convolutions, 1.0))
    seconds = _seconds_of_one(compute, network.model)
    return seconds / sum(speed.forward[name] for name in below)


def _forward(network: Network, name: str) -> float:
    """Return the seconds of one image in one block."""
    above = network.above(name)
    start = name if network.below(name) else None
    model = stretch(network, start, above[1:2]) if len(above) > 1 else tail(network, name)
    return _seconds_of_one(model.predict_on_batch, model)


def _seconds_of_one(compute: Callable[[Any], Any], model: keras.Model) -> float:
    """Return the seconds of one image in a function that takes what a model takes."""
    batch = keras.ops.zeros((_BATCH, *model.input.shape[1:]), model.input.dtype)
    compute(batch)  # builds the graph
    began = time.perf_counter()
    for _ in range(2):
        compute(batch)
    return (time.perf_counter() - began) / (2 * _BATCH)


def _reading(
    records: Sequence[ImageRecord], view: int, augmentation: Augmentation, form: BatchForm
) -> float:
    """Return the seconds of one image on its way from the file to the network."""
    count = _BATCH * _BATCHES_READ
    few = [records[number * len(records) // count] for number in range(count)]
    small = BatchForm(form.size, form.resize, _BATCH)
    batches: Iterable[Any] = feed().rendered_batches(few, [view] * count, augmentation, small)
    with own_errors():
        waiting = iter(batches)
        next(waiting)  # builds the graph
        began = time.perf_counter()
        read = sum(len(batch) for batch in waiting)
    return (time.perf_counter() - began) / read
