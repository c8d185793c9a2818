"""WHAT LEARNS: VGG16 by blocks, its starting weights, its head.

``build_network`` makes a ``Network``; ``at_size`` reads images of another size with the same
layers; ``prepare`` says what trains and compiles it; ``servable`` is the model to keep. No
TensorFlow by name in here: Keras's backend computes.
"""

from vgg_transfer.network.base_weights import Weights, resolve_weights
from vgg_transfer.network.network import Network, at_size, build_network, prepare, servable

__all__ = [
    "Network",
    "Weights",
    "at_size",
    "build_network",
    "prepare",
    "resolve_weights",
    "servable",
]
