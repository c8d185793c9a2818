"""Frozen blocks in int8, computed by OpenVINO on the processor.

Kernels are rounded to 255 steps, each output channel with its own; what a convolution puts out to
256 steps between zero and the largest value that calibration saw, before it is pooled or stored. A
row at a cut is so what the next block computes with, whichever cuts are asked for. Every pass
begins at the pixels: a row that is stored in bfloat16 does not name its steps exactly.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.network import Network
from vgg_transfer.network.parts import stretch
from vgg_transfer.network.rows import read_below, rows_of_outputs
from vgg_transfer.openvino_core import core

# Where nothing was ever seen but zeros, some range is needed all the same.
_SMALLEST_RANGE = 1e-6


def int8_rows(
    network: Network, ends: Sequence[str], tops: Mapping[str, float]
) -> Callable[[Any], Mapping[str, Any]]:
    """Return a function from a batch of pixels to the rows at each end, by name.

    Args:
        network: as in ``int8_stretch``.
        ends: cuts, from the lowest to the highest.
        tops: as in ``int8_stretch``.
    """
    if not any(read_below(network, end) for end in ends):
        return int8_stretch(network, ends, tops)
    cuts, rows = rows_of_outputs(network, ends)
    outputs = int8_stretch(network, cuts, tops)
    return lambda batch: rows.predict_on_batch(outputs(batch))


def int8_stretch(
    network: Network, ends: Sequence[str], tops: Mapping[str, float]
) -> Callable[[Any], dict[str, NDArray[Any]]]:
    """Return a function from a batch of pixels to the activations at each end, by name.

    They come in the network's own dtype.

    Args:
        network: whose blocks are computed; of convolutions with ReLU and of pooling.
        ends: cuts, from the lowest to the highest.
        tops: the largest output of each convolution by name, from ``ranges``.
    """
    preprocessed = stretch(network, None, ("block1",))
    compiled = core().compile_model(
        _graph(network, ends, tops, _largest_pixel(network, preprocessed)),
        "CPU",
        # What is not in int8 is the rounding itself, which bfloat16 would make coarser.
        {"INFERENCE_PRECISION_HINT": "f32"},
    )
    dtype = np.dtype(getattr(ml_dtypes, network.dtype, network.dtype))

    def compute(batch: Any) -> dict[str, NDArray[Any]]:
        pixels = np.asarray(preprocessed.predict_on_batch(batch)["block1"])
        found = compiled(pixels)
        return {end: found[place].astype(dtype) for place, end in enumerate(ends)}

    return compute


def _largest_pixel(network: Network, preprocessed: keras.Model) -> float:
    """Return the largest size of a pixel's value behind preprocessing, which is linear in it."""
    black_and_white = np.zeros((2, *network.model.input.shape[1:]), np.float32)
    black_and_white[1] = 255
    return float(np.abs(preprocessed.predict_on_batch(black_and_white)["block1"]).max())


def _graph(
    network: Network, ends: Sequence[str], tops: Mapping[str, float], largest_pixel: float
) -> Any:
    """Return the blocks as a graph of OpenVINO's: what stands behind a rounding is in int8."""
    import openvino
    from openvino import opset13 as op

    def rounded(tensor: Any, low: float, high: float) -> Any:
        bounds = [np.full((1, 1, 1, 1), value, np.float32) for value in (low, high)] * 2
        return op.fake_quantize(tensor, *bounds, levels=256)

    inputs = op.parameter([-1, *network.model.input.shape[1:]], openvino.Type.f32)
    step = largest_pixel / 127
    tensor = rounded(op.transpose(inputs, np.array([0, 3, 1, 2])), -128 * step, 127 * step)
    found = []
    for name in network.below(ends[-1]):
        for layer in network.blocks[name]:
            if isinstance(layer, keras.layers.Conv2D):
                highest = max(tops[layer.name], _SMALLEST_RANGE)
                tensor = rounded(_convolution(op, layer, tensor), 0.0, highest)
            else:
                tensor = op.max_pool(tensor, [2, 2], [1, 1], [0, 0], [0, 0], [2, 2]).output(0)
        above = network.above(name)[1]
        if above in ends:
            found.append(op.transpose(tensor, np.array([0, 2, 3, 1])))
    return openvino.Model([op.result(one) for one in found], [inputs], "frozen")


def _convolution(op: Any, layer: keras.layers.Conv2D, tensor: Any) -> Any:
    """Return a convolution with ReLU; ``op`` has OpenVINO's operations."""
    kernel, bias = layer.get_weights()
    kernel = np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))
    largest = np.maximum(np.abs(kernel).max(axis=(1, 2, 3), keepdims=True), _SMALLEST_RANGE)
    bounds = [-largest, largest, -largest, largest]
    steps = op.fake_quantize(op.constant(kernel), *bounds, levels=255)
    found = op.convolution(tensor, steps, [1, 1], [1, 1], [1, 1], [1, 1])
    return op.relu(op.add(found, bias.reshape(1, -1, 1, 1)))
