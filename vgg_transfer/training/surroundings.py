"""What a training is surrounded by: software, device, starting weights, disk, and Ctrl-C."""

import hashlib
import importlib.metadata
import math
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import keras

from vgg_transfer.events import Event, Listener, Stepped
from vgg_transfer.network import Network, Weights, resolve_weights
from vgg_transfer.recipe import Recipe, to_toml
from vgg_transfer.run import Environment, StartingWeights
from vgg_transfer.training.devices import Device

_PACKAGES = ("vgg-transfer", "tensorflow", "keras", "numpy", "pillow", "scikit-learn")
_BYTES = 4  # of a variable's number
# In a checkpoint: the weights, the best of them, and up to two averages of the optimizer.
_TENSORS_KEPT = 4
_CHECKPOINTS = 2


def environment_of(device: Device, int8: bool) -> Environment:
    """Return the software and the device of a training."""
    backend = keras.backend.backend()
    engine = ("openvino",) * int8 + (backend,) * (backend not in _PACKAGES)
    return Environment(
        python=platform.python_version(),
        platform=platform.platform(),
        backend=backend,
        device=device.name,
        precision=device.precision,
        packages={name: _version_of(name) for name in _PACKAGES + engine},
    )


def _version_of(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:  # it was there when the training began
        return "none"


def starting_weights(recipe: Recipe, class_names: Sequence[str]) -> Weights | None:
    """Return what a training begins with; None: drawn at random.

    Args:
        recipe: says where they are.
        class_names: of its images; of a run's weights, the output for each is taken.
    """
    weights = resolve_weights(recipe.base.weights, recipe.base.architecture)
    if weights is None or weights.run is None:
        return weights
    return replace(weights, run=weights.run.for_classes(class_names))


def origin_of(weights: Weights | None) -> StartingWeights:
    """Return where starting weights come from; None are drawn at random."""
    if weights is None:
        return StartingWeights("drawn at random", digest="", published=False)
    return StartingWeights(weights.source, weights.digest, weights.published)


def digest_of_recipe(recipe: Recipe) -> str:
    """Return a digest of all that a recipe says."""
    return hashlib.sha256(to_toml(recipe).encode("utf-8", "surrogateescape")).hexdigest()


def bytes_written(network: Network) -> int:
    """Return how many bytes a training writes to its run folder at most: model, checkpoints."""
    return _bytes_of(network, network.blocks) + _CHECKPOINTS * bytes_of_checkpoint(network)


def bytes_of_checkpoint(network: Network) -> int:
    """Return how many bytes a checkpoint has at most."""
    trained = {block for stage in network.recipe.stage for block in stage.train}
    return _TENSORS_KEPT * _bytes_of(network, trained)


def _bytes_of(network: Network, blocks: Iterable[str]) -> int:
    """Return how many bytes the weights of these blocks have."""
    layers = (layer for block in blocks for layer in network.blocks[block])
    return _BYTES * sum(int(math.prod(w.shape)) for layer in layers for w in layer.weights)


def asking(listen: Listener, ask: Callable[[], None]) -> Listener:
    """Return a listener that hears all, and a question that is asked after every batch."""

    def heard(event: Event) -> None:
        listen(event)
        if isinstance(event, Stepped):
            ask()

    return heard
