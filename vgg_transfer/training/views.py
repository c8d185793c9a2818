"""How a stage sees its images, decided from what each way would cost."""

import math
import time
from dataclasses import dataclass

import keras
import numpy as np

from vgg_transfer.network import Network
from vgg_transfer.network.cut import cut_of
from vgg_transfer.recipe import Augmentation, Stage

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


def seen_by(
    network: Network, stage: Stage, train: int, validation: int, seconds_per_gflop: float
) -> Seen:
    """Decide how a stage sees ``train`` and ``validation`` images."""
    augmentation = stage.augmentation or network.recipe.augmentation
    cut, wanted = cut_of(network, stage.train), _wanted(network, stage)
    if stage.optimizer == "exact":
        return Seen("head", 0, Augmentation())
    if wanted == "plain":
        augmentation = Augmentation(mixup=augmentation.mixup)
    if cut is None or wanted == "fresh":
        return Seen(None, 0, augmentation)
    if augmentation.cutmix:
        return Seen(None, 0, augmentation, "fresh: cutmix needs the images themselves")
    if augmentation.changes_nothing:
        return Seen(cut, 0, augmentation)
    if isinstance(wanted, int):
        return Seen(cut, wanted, augmentation)
    stored = Seen(cut, AUTO_VIEWS, augmentation)
    return _cheaper(network, stage, stored, train, validation, seconds_per_gflop)


def decided_by_cost(network: Network, stage: Stage) -> bool:
    """True where ``seen_by`` needs to know how fast the machine is."""
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


def _cheaper(
    network: Network,
    stage: Stage,
    stored: Seen,
    train: int,
    validation: int,
    seconds_per_gflop: float,
) -> Seen:
    names = list(network.blocks)
    costs = [block_gflop(network, name) for name in names]
    below = sum(costs[: names.index(stored.cut or names[0])])
    above = sum(costs) - below
    # A training step computes the trained part about three times: forward, and two gradients.
    epoch = train * 3 * above + validation * above
    stored_work = (stored.views * train + validation) * below + stage.epochs * epoch
    fresh_work = stage.epochs * ((train + validation) * below + epoch)
    times = [_said(work * seconds_per_gflop) for work in (stored_work, fresh_work)]
    if stored_work < _WORTH_IT * fresh_work:
        reason = f"{stored.views} views: {times[0]} instead of {times[1]}"
        return Seen(stored.cut, stored.views, stored.augmentation, reason)
    reason = f"fresh: {stored.views} stored views would take {times[0]}, this takes {times[1]}"
    return Seen(None, 0, stored.augmentation, reason)


def block_gflop(network: Network, name: str) -> float:
    """Return the billions of operations that one image costs in a block, forward."""
    if name == "head":
        return 0.0
    side = network.recipe.size // 2 ** list(network.blocks).index(name)
    return math.fsum(
        2.0 * side * side * math.prod(layer.kernel.shape) / 1e9
        for layer in network.blocks[name]
        if isinstance(layer, keras.layers.Conv2D)
    )


def measure_speed(network: Network, images: int = 4) -> float:
    """Return the seconds per billion operations of the network's forward pass, by trying it."""
    gflop = images * sum(block_gflop(network, name) for name in network.blocks)
    pixels = np.zeros((images, *network.model.input.shape[1:]), np.float32)
    network.model.predict_on_batch(pixels)  # builds the graph
    began = time.perf_counter()
    network.model.predict_on_batch(pixels)
    return (time.perf_counter() - began) / gflop


def _said(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
