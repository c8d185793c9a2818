"""Frozen blocks in int8, computed by OpenVINO on the processor.

Kernels are rounded to 255 steps, each output channel with its own; what a convolution puts out to
256 steps between zero and the largest value that calibration saw, before it is pooled or stored. So
a row at a cut is what the next block would compute with, and going on from stored rows gives the
same bits as going through in one pass.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgg_transfer.network import Network
from vgg_transfer.network.parts import activation_dtype, activation_shape, stretch

# Where nothing was ever seen but zeros, some range is needed all the same.
_SMALLEST_RANGE = 1e-6


def int8_stretch(
    network: Network, start: str | None, ends: Sequence[str], tops: Mapping[str, float]
) -> Callable[[Any], dict[str, NDArray[Any]]]:
    """Return a function from a batch at ``start`` to the activations at each end, by name.

    They come in the network's own dtype.

    Args:
        network: whose blocks are computed; of convolutions with ReLU and of pooling.
        start: a cut, or None for pixels.
        ends: cuts above ``start``, from the lowest to the highest.
        tops: the largest output of each convolution by name, from ``ranges``.
    """
    import openvino

    prepared = stretch(network, None, ("block1",)) if start is None else None
    lowest, highest = _input_range(network, start, tops)
    compiled = openvino.Core().compile_model(
        _graph(network, start, ends, tops, (lowest, highest)),
        "CPU",
        # What is not in int8 is the rounding itself, which bfloat16 would make coarser.
        {"INFERENCE_PRECISION_HINT": "f32"},
    )
    dtype = tf.as_dtype(activation_dtype(network)).as_numpy_dtype

    def compute(batch: Any) -> dict[str, NDArray[Any]]:
        entered = prepared.predict_on_batch(batch)["block1"] if prepared is not None else batch
        found = compiled(np.asarray(entered, np.float32))
        return {end: found[place].astype(dtype) for place, end in enumerate(ends)}

    return compute


def _input_range(
    network: Network, start: str | None, tops: Mapping[str, float]
) -> tuple[float, float]:
    """Return between which values the input is rounded."""
    if start is not None:
        below = network.blocks[network.below(start)[-1]]
        return 0.0, tops[[layer.name for layer in below if layer.name in tops][-1]]
    # Preprocessing is linear in each channel: no pixel leaves what black and white become.
    shape = (1, *network.model.input.shape[1:])
    ends = np.stack([np.zeros(shape, np.float32), np.full(shape, 255.0, np.float32)])
    model = stretch(network, None, ("block1",))
    step = max(float(np.abs(model.predict_on_batch(one)["block1"]).max()) for one in ends) / 127
    return -128 * step, 127 * step


def _graph(
    network: Network,
    start: str | None,
    ends: Sequence[str],
    tops: Mapping[str, float],
    entering: tuple[float, float],
) -> Any:
    """Return the blocks as a graph of OpenVINO's: rounding stands where int8 begins."""
    import openvino
    from openvino import opset13 as op

    def rounded(tensor: Any, low: float, high: float) -> Any:
        bounds = [np.full((1, 1, 1, 1), value, np.float32) for value in (low, high)] * 2
        return op.fake_quantize(tensor, *bounds, levels=256)

    shape = network.model.input.shape[1:] if start is None else activation_shape(network, start)
    inputs = op.parameter([-1, *shape], openvino.Type.f32)
    tensor = rounded(op.transpose(inputs, np.array([0, 3, 1, 2])), *entering)
    found = []
    for name in network.above(start):
        if name in ends:
            found.append(op.transpose(tensor, np.array([0, 2, 3, 1])))
        if name == ends[-1]:
            break
        for layer in network.blocks[name]:
            if isinstance(layer, keras.layers.Conv2D):
                highest = max(tops[layer.name], _SMALLEST_RANGE)
                tensor = rounded(_convolution(op, layer, tensor), 0.0, highest)
            else:
                tensor = op.max_pool(tensor, [2, 2], [1, 1], [0, 0], [0, 0], [2, 2]).output(0)
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
