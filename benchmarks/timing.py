"""How fast parts of a network are, beside a large matrix product of the same precision."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import keras
from keras import ops


def matrix_product_gflops(dtype: str, side: int) -> float:
    """Return the billions of operations a second of a product of two square matrices.

    Args:
        dtype: what it is computed in.
        side: of the matrices.
    """
    a = ops.cast(keras.random.normal((side, side), seed=0), dtype)
    seconds = timed(lambda: ops.matmul(a, a)[0, 0], 5)
    return float(2 * side**3 / statistics.median(seconds) / 1e9)


def timed(work: Callable[[], Any], rounds: int) -> list[float]:
    """Return the seconds of each round, after two that build what is computed.

    Args:
        work: returns tensors; it is over when the first of them is there, for a GPU answers before.
        rounds: how often it is timed.
    """
    found = []
    for turn in range(-2, rounds):
        began = time.perf_counter()
        ops.convert_to_numpy(keras.tree.flatten(work())[0])
        if turn >= 0:
            found.append(time.perf_counter() - began)
    return found


def rates(seconds: list[float], batch: int, gflop: float, peak: float) -> dict[str, float]:
    """Return images a second, their spread, and the share of the peak that is used.

    Args:
        seconds: of each round.
        batch: images in a round.
        gflop: billions of operations for an image.
        peak: billions of operations a second that a matrix product reaches.
    """
    median = statistics.median(seconds)
    return {
        "images_per_second": batch / median,
        "spread": (max(seconds) - min(seconds)) / median,
        "gflops": gflop * batch / median,
        "share_of_peak": gflop * batch / median / peak,
    }
