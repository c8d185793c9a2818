"""What a pass through blocks costs: billions of operations, and seconds on this machine."""

import math
import time

import keras
import numpy as np

from vgg_transfer.network import Network


def block_gflop(network: Network, name: str, size: int) -> float:
    """Return the billions of operations of a block's forward pass, for one image of this size."""
    if name == "head":
        return 0.0
    side = size // 2 ** len(network.below(name))
    return math.fsum(
        2.0 * side * side * math.prod(layer.kernel.shape) / 1e9
        for layer in network.blocks[name]
        if isinstance(layer, keras.layers.Conv2D)
    )


def gflop_around(network: Network, cut: str | None, size: int) -> tuple[float, float]:
    """Return the billions of operations for one image below a cut (None: pixels), and above it."""
    costs = {name: block_gflop(network, name, size) for name in network.blocks}
    below = sum(costs[name] for name in (network.below(cut) if cut else ()))
    return below, sum(costs.values()) - below


def training_gflop(train: int, validation: int, trained: float) -> float:
    """Return the billions of operations of an epoch in the part that trains.

    A training step computes it about three times: forward, and two gradients.

    Args:
        train: the number of training images.
        validation: the number of validation images.
        trained: billions of operations of its forward pass, for one image.
    """
    return train * 3 * trained + validation * trained


def seconds_per_gflop(network: Network, images: int = 4) -> float:
    """Return the seconds per billion operations of the network's forward pass, by trying it."""
    size = network.recipe.size
    gflop = images * sum(block_gflop(network, name, size) for name in network.blocks)
    pixels = np.zeros((images, *network.model.input.shape[1:]), np.float32)
    network.model.predict_on_batch(pixels)  # builds the graph
    began = time.perf_counter()
    network.model.predict_on_batch(pixels)
    return (time.perf_counter() - began) / gflop
