"""How a stage sees its images, decided from what each way would cost."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import keras
import numpy as np

from vgg_transfer.network import Network
from vgg_transfer.network.parts import cut_of
from vgg_transfer.recipe import Augmentation, Stage
from vgg_transfer.words import duration

# Enough renderings that a stage does not learn them by heart, few enough to pay for.
AUTO_VIEWS = 4
# Stored views show less variety than fresh ones, so they must be clearly cheaper.
_WORTH_IT = 0.75


@dataclass(frozen=True)
class Seen:
    """How one stage sees its images.

    ``cut`` None: the network reads pixels, nothing is stored. ``views`` 0: the plain images,
    otherwise that many renderings of each. ``reason`` is a sentence, or empty where the recipe
    leaves no choice.
    """

    cut: str | None
    views: int
    augmentation: Augmentation
    reason: str = ""


def seen_by_stages(
    network: Network,
    stages: Sequence[Stage],
    train: int,
    validation: int,
    seconds_per_gflop: float,
) -> list[Seen]:
    """Decide how each stage sees ``train`` and ``validation`` images.

    Stages that share an augmentation and a size share its stored views, so their choice is one.
    """
    seen = [_wished(network, stage) for stage in stages]
    open_choices: dict[tuple[Augmentation, int], list[int]] = {}
    for place, stage in enumerate(stages):
        if decided_by_cost(network, stage):
            shared = seen[place].augmentation.of_one_image, network.recipe.size_of(stage)
            open_choices.setdefault(shared, []).append(place)
    for places in open_choices.values():
        works = _works(network, stages, seen, places, train, validation)
        stored, fresh = (duration(work * seconds_per_gflop, "rough") for work in works)
        if works[0] < _WORTH_IT * works[1]:
            reason = f"{AUTO_VIEWS} views: {stored} instead of {fresh}"
        else:
            reason = f"fresh: {AUTO_VIEWS} stored views would take {stored}, this takes {fresh}"
        for place in places:
            if works[0] < _WORTH_IT * works[1]:
                seen[place] = replace(seen[place], reason=reason)
            else:
                seen[place] = Seen(None, 0, seen[place].augmentation, reason)
    return seen


def _wished(network: Network, stage: Stage) -> Seen:
    """Return how a stage sees its images by the recipe alone; ``auto`` is taken as stored views."""
    augmentation = stage.augmentation or network.recipe.augmentation
    cut, wanted = cut_of(network, stage.train), _wanted(network, stage)
    if stage.optimizer == "exact":
        return Seen("head", 0, Augmentation())
    if wanted == "plain":
        # Mixing is no change of one image, so it stays (cutmix then needs images, and says so).
        augmentation = Augmentation(mixup=augmentation.mixup, cutmix=augmentation.cutmix)
    if cut is None or wanted == "fresh":
        return Seen(None, 0, augmentation)
    if augmentation.cutmix:
        return Seen(None, 0, augmentation, "fresh: cutmix needs the images themselves")
    if augmentation.changes_nothing:
        return Seen(cut, 0, augmentation)
    return Seen(cut, wanted if isinstance(wanted, int) else AUTO_VIEWS, augmentation)


def decided_by_cost(network: Network, stage: Stage) -> bool:
    """True where the choice needs to know how fast the machine is."""
    augmentation = stage.augmentation or network.recipe.augmentation
    return (
        _wanted(network, stage) == "auto"
        and stage.optimizer != "exact"
        and cut_of(network, stage.train) is not None
        and not augmentation.changes_nothing
        and not augmentation.cutmix
    )


def _wanted(network: Network, stage: Stage) -> str | int:
    return network.recipe.views if stage.views is None else stage.views


def _works(
    network: Network,
    stages: Sequence[Stage],
    seen: Sequence[Seen],
    places: Sequence[int],
    train: int,
    validation: int,
) -> tuple[float, float]:
    """Return the billions of operations of these stages on stored views, and on fresh ones."""
    names = list(network.blocks)
    # Stages that are decided together have one size.
    size = network.recipe.size_of(stages[places[0]])
    costs = [block_gflop(network, name, size) for name in names]
    stored = fresh = highest = 0.0
    for place in places:
        below = sum(costs[: names.index(seen[place].cut or names[0])])
        above = sum(costs) - below
        # A training step computes the trained part about three times: forward, and two gradients.
        epochs = stages[place].epochs * (train * 3 * above + validation * above)
        stored += epochs
        fresh += epochs + stages[place].epochs * (train + validation) * below
        highest = max(highest, below)
    # Every frozen block is computed once for all stages together.
    return stored + (AUTO_VIEWS * train + validation) * highest, fresh


def block_gflop(network: Network, name: str, size: int) -> float:
    """Return the billions of operations that an image of this size costs in a block, forward."""
    if name == "head":
        return 0.0
    side = size // 2 ** list(network.blocks).index(name)
    return math.fsum(
        2.0 * side * side * math.prod(layer.kernel.shape) / 1e9
        for layer in network.blocks[name]
        if isinstance(layer, keras.layers.Conv2D)
    )


def measure_speed(network: Network, images: int = 4) -> float:
    """Return the seconds per billion operations of the network's forward pass, by trying it."""
    size = network.recipe.size
    gflop = images * sum(block_gflop(network, name, size) for name in network.blocks)
    pixels = np.zeros((images, *network.model.input.shape[1:]), np.float32)
    network.model.predict_on_batch(pixels)  # builds the graph
    began = time.perf_counter()
    network.model.predict_on_batch(pixels)
    return (time.perf_counter() - began) / gflop
