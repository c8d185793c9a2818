"""Differences between recipes in words: a verdict on each pair, and what it leaves open."""

import math
from collections.abc import Sequence

from vgg_transfer.evaluation.pairs import Pair


def verdicts(pairs: Sequence[Pair], images: int, seeds: int) -> tuple[str, ...]:
    """Say of each pair which recipe is better, or what it would take to tell them apart.

    Args:
        pairs: as ``compare_pairs`` returned them.
        images: how many test images they were compared on.
        seeds: with how many seeds each recipe was trained. With one or two, a last sentence says
            what that leaves open.
    """
    said = [_verdict(pair, images, seeds, len(pairs)) for pair in pairs]
    if pairs and seeds == 1:
        said.append(
            "with one seed the spread over seeds is unknown: these intervals are about other "
            "images only, and another seed may turn a verdict"
        )
    elif pairs and seeds == 2:
        said.append(
            "with two seeds the spread over seeds is hardly known: up to 10 in 100 equal recipes "
            "would be told apart, where 5 are meant; three seeds hold that"
        )
    return tuple(said)


def _verdict(pair: Pair, images: int, seeds: int, pairs: int) -> str:
    found = f"{_points(pair.difference)} points {_ends(pair)}"
    if pair.distinguishable:
        return f"{pair.first} beats {pair.second} by {found}"
    if pair.p_value < 0.05:
        found += f", which is not enough for one of {pairs} pairs"
    return (
        f"{pair.first} and {pair.second} are not distinguishable with {images:,} test images "
        f"({found}): {_what_it_takes(pair, seeds)}"
    )


def _what_it_takes(pair: Pair, seeds: int) -> str:
    if pair.images_needed is not None:
        return f"about {_rounded_up(pair.images_needed):,} would be needed"
    if seeds == 1 or _points(pair.difference) == "0.0":
        return "there is no difference to speak of"
    return f"{seeds} seeds differ too much for any number of images; train more seeds"


def _points(share: float) -> str:
    # Adding 0 makes a zero of what would be written -0.0.
    return f"{round(100 * share, 1) + 0.0:.1f}"


def _ends(pair: Pair) -> str:
    return f"[{_points(pair.interval.low)}, {_points(pair.interval.high)}]"


def _rounded_up(images: int) -> int:
    """Return two significant digits, and no fewer images than are needed."""
    unit = int(10 ** max(len(str(images)) - 2, 0))
    return math.ceil(images / unit) * unit
