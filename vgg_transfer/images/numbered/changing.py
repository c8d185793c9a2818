"""Augmentation of whole batches on JAX's device: compiled once, each image by a seed of its own."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.images.changing.augmenter import augmenter, mixer
from vgg_transfer.recipe import Augmentation

Seeds = NDArray[np.int64]


def changer(augmentation: Augmentation, size: int) -> Callable[[Any, Seeds], Any]:
    """Return a function from pixels 0..255 and a seed for each image to changed pixels."""
    import jax

    one = augmenter(augmentation, size)

    def each(batch: Any, seeds: Any) -> Any:
        # Side by side, all operations that could be drawn would be computed for every image.
        if augmentation.rand_augment:
            return jax.lax.map(lambda pair: one(*pair), (batch, seeds))
        return jax.vmap(one)(batch, seeds)

    change = jax.jit(each)
    return lambda batch, seeds: change(batch, _words(seeds))


def mixed(augmentation: Augmentation) -> Callable[[Any, Any, Seeds], tuple[Any, Any]] | None:
    """Return a function from (batch, targets, seed) to mixed ones; None where none are mixed."""
    mix = mixer(augmentation)
    if mix is None:
        return None
    import jax

    compiled = jax.jit(mix)
    return lambda batch, targets, seed: compiled(batch, targets, _words(seed))


def _words(seeds: Seeds) -> NDArray[np.uint32]:
    """Return seeds as JAX takes them."""
    return seeds.astype(np.uint32)
