"""Which images an epoch shows, in which order: each once, or every class equally often."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Sampling = Literal["all", "balanced"]
Numbers = NDArray[np.int64]


def draw(
    labels: Sequence[int], sampling: Sampling, words: Sequence[int]
) -> tuple[Numbers, Numbers]:
    """Return the numbers of an epoch's images, and how often each came before in this epoch.

    An epoch has as many images as there are labels, whatever the sampling. ``"balanced"`` gives
    every class that is there the same share of it; what is left over goes to classes drawn anew.
    Of each class every image is used before any is repeated. All follows from ``words``.
    """
    generator = np.random.default_rng(words)
    if sampling == "all":
        order = generator.permutation(len(labels)).astype(np.int64)
        return order, np.zeros_like(order)
    every = np.asarray(labels)
    classes = np.unique(every)
    shares = np.full(len(classes), len(every) // len(classes))
    shares[generator.permutation(len(classes))[: len(every) % len(classes)]] += 1
    drawn, before = [], []
    for label, share in zip(classes, shares, strict=True):
        members = np.flatnonzero(every == label)
        rounds = [generator.permutation(members) for _ in range(_rounds(share, len(members)))]
        drawn.append(np.concatenate(rounds)[:share])
        before.append(np.arange(share) // len(members))
    mixed = generator.permutation(len(every))
    order, earlier = (np.concatenate(parts)[mixed].astype(np.int64) for parts in (drawn, before))
    return order, earlier


def most_draws(labels: Sequence[int], sampling: Sampling) -> Numbers:
    """Return, for each image, how often it comes in an epoch at most."""
    every = np.asarray(labels)
    if sampling == "all":
        return np.ones(len(every), np.int64)
    classes, counts = np.unique(every, return_counts=True)
    share = math.ceil(len(every) / len(classes))
    most = {label: _rounds(share, count) for label, count in zip(classes, counts, strict=True)}
    return np.array([most[label] for label in every], np.int64)


def _rounds(share: int, members: int) -> int:
    """Return how often all members are gone through, the last time perhaps not to the end."""
    return math.ceil(share / members)
