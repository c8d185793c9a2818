"""The pass of images through frozen blocks, split over a Ray cluster: workers compute, one appends.

The rows are those that one machine computes, byte for byte, where the processors are alike: a row
depends on its image, its view and the frozen weights alone, which are handed over with the work.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from vgg_transfer.errors import ClusterError
from vgg_transfer.recipe import Recipe
from vgg_transfer.run import Channels
from vgg_transfer.trials.ray_share import Share, first_sentence

if TYPE_CHECKING:
    from vgg_transfer.activations.passes import Computed, Pass
    from vgg_transfer.network import Network

_BATCHES = 2  # of one task: few are done twice where a node is lost, and starting costs little
_TASKS = 3  # in work for each worker: one computes, one waits, one is fetched
_RETRIES = 3  # of a task whose node is lost; Ray begins it anew elsewhere


@dataclass(frozen=True)
class Frozen:
    """A network as it is handed over: what it is built from, and its weights under ``token``."""

    recipe: Recipe
    classes: int
    policy: str
    channels: Channels | None
    backend: str
    token: str


def compute_on_ray(share: Share, network: "Network", one: "Pass") -> "Computed":
    """Compute a pass that begins with images, on the cluster that ``ray`` is connected to.

    Each node reads the images from where they lie. A task whose node is lost begins anew.

    Args:
        share: what a worker is given, and how many there are.
        network: whose blocks it goes through.
        one: what is computed.

    Raises:
        ClusterError: the nodes were lost again and again.
    """
    import ray
    from ray.exceptions import RayError, RayTaskError

    frozen = _handed_over(network, one)
    weights = ray.put([layer.get_weights() for layer in _layers(network, one)])
    task = ray.remote(max_retries=_RETRIES)(_rows)
    task = task.options(num_cpus=share.cpus, num_gpus=share.gpus, name="frozen blocks")
    size = _BATCHES * one.shape.batch_size
    portions = (
        replace(one, renderings=one.renderings[first : first + size])
        for first in range(0, len(one.renderings), size)
    )
    begun: list[Any] = []
    try:
        for portion in portions:
            begun.append(task.remote(frozen, weights, portion))
            if len(begun) == _TASKS * share.at_once:
                yield _first_of(begun)
        while begun:
            yield _first_of(begun)
    except RayTaskError as error:
        raise error.cause from None
    except RayError as error:
        raise ClusterError(
            f"the cluster lost what it computed ({first_sentence(error)}). Look at it with `ray "
            "status`, and give the same command again: what is stored is not computed again"
        ) from error


def _first_of(begun: list[Any]) -> tuple[Sequence[str], Mapping[str, Any]]:
    """Return what is done first, and take it out of what is begun."""
    import ray

    (done, *_), _ = ray.wait(begun)
    begun.remove(done)
    found: tuple[Sequence[str], Mapping[str, Any]] = ray.get(done)
    return found


def _handed_over(network: "Network", one: "Pass") -> Frozen:
    import keras

    from vgg_transfer.network.parts import frozen_digest

    return Frozen(
        network.recipe,
        network.classes,
        network.blocks["block1"][0].dtype_policy.name,
        network.channels,
        keras.backend.backend(),
        frozen_digest(network, network.below(one.ends[-1])),
    )


def _rows(
    frozen: Frozen, weights: Sequence[Any], one: "Pass"
) -> tuple[Sequence[str], Mapping[str, Any]]:
    """Return the names and rows of a portion; this runs on a node."""
    import numpy as np

    os.environ["KERAS_BACKEND"] = frozen.backend  # counts where Keras is not loaded yet
    from vgg_transfer.activations.passes import compute_pass

    network = _network(frozen)
    for layer, tensors in zip(_layers(network, one), weights, strict=True):
        layer.set_weights(tensors)
    parts = list(compute_pass(network, one))
    names = [name for some, _ in parts for name in some]
    return names, {end: np.concatenate([rows[end] for _, rows in parts]) for end in one.ends}


@lru_cache(maxsize=1)
def _network(frozen: Frozen) -> "Network":
    """Return the network once for each process of a node, however many portions it computes."""
    from vgg_transfer.network import build_network

    return build_network(frozen.recipe, frozen.classes, None, 0, frozen.policy, frozen.channels)


def _layers(network: "Network", one: "Pass") -> Iterator[Any]:
    for block in network.below(one.ends[-1]):
        yield from (layer for layer in network.blocks[block] if layer.weights)
