"""WHAT LEARNS: VGG16 by blocks, its starting weights, its head.

``build_network`` makes a ``Network`` with the weights of ``resolve_weights``; ``at_size`` gives the
same layers for images of another size; ``prepare`` sets which blocks train and compiles;
``servable`` returns the model to keep. No module here names TensorFlow: Keras's backend computes.
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
