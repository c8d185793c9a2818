"""An OpenVINO model whose convolutions compute in int8.

Kernels are rounded to 255 steps, each output channel with its own; what a convolution receives, to
256 steps of the range that calibration saw. Everything else stays in float32: the head is small and
decides. The rounding is ours, as that of stored activations is (``activations/int8.py``); OpenVINO
turns it into int8 instructions.
"""

from pathlib import Path
from typing import Any

import numpy as np

from vgg_transfer.artefacts.classifier import Floats
from vgg_transfer.openvino_core import core

# Where nothing was ever seen but zeros, some range is needed all the same.
_SMALLEST_RANGE = 1e-6
_AT_ONCE = 8


def write_int8_openvino(source: Path, target: Path, squares: Floats) -> None:
    """Write a model in int8.

    Args:
        source: the .xml of the model in float32.
        target: the .xml to write, with a .bin beside it.
        squares: pictures of the network's size, which give the ranges.
    """
    import openvino
    from openvino._offline_transformations import compress_quantize_weights_transformation
    from openvino.opset13 import fake_quantize

    model = core().read_model(source)
    convolutions = [one for one in model.get_ordered_ops() if one.get_type_name() == "Convolution"]
    for output, (low, high) in _ranges(source, _inputs(convolutions), squares):
        readers = output.get_target_inputs()
        ends = [np.full((1, 1, 1, 1), end, np.float32) for end in (low, high)] * 2
        rounded = fake_quantize(output, *ends, levels=256).output(0)
        for reader in readers:
            reader.replace_source_output(rounded)
    for convolution in convolutions:
        kernel = convolution.input_value(1)
        values = np.abs(kernel.get_node().data).max(axis=(1, 2, 3), keepdims=True)
        largest = np.maximum(values, _SMALLEST_RANGE).astype(np.float32)
        steps = fake_quantize(kernel, -largest, largest, -largest, largest, levels=255)
        convolution.input(1).replace_source_output(steps.output(0))
    compress_quantize_weights_transformation(model)  # kernels are then stored as bytes
    openvino.save_model(model, target, compress_to_fp16=False)


def _inputs(convolutions: list[Any]) -> list[Any]:
    """Return what each convolution receives, before it is pooled: rounding changes no maximum."""
    found = {}
    for convolution in convolutions:
        output = convolution.input_value(0)
        while output.get_node().get_type_name() == "MaxPool":
            output = output.get_node().input_value(0)
        found[output.get_node().get_friendly_name(), output.get_index()] = output
    return list(found.values())


def _ranges(
    source: Path, outputs: list[Any], squares: Floats
) -> list[tuple[Any, tuple[float, float]]]:
    """Return each output with the lowest and highest value that int8 has to tell apart there."""
    model = core().read_model(source)
    named = {one.get_friendly_name(): one for one in model.get_ordered_ops()}
    model.add_outputs(
        [named[one.get_node().get_friendly_name()].output(one.get_index()) for one in outputs]
    )
    model.reshape({0: [-1, *squares.shape[1:]]})
    compiled = core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    seen = []
    for start in range(0, len(squares), _AT_ONCE):
        _, *found = compiled(squares[start : start + _AT_ONCE]).values()
        seen.append([(one.min(), one.max()) for one in found])
    lowest = np.array(seen)[..., 0].min(axis=0)
    highest = np.array(seen)[..., 1].max(axis=0)
    return [
        (output, _ends(float(low), float(high)))
        for output, low, high in zip(outputs, lowest, highest, strict=True)
    ]


def _ends(low: float, high: float) -> tuple[float, float]:
    """Return a range of 256 steps one of which is zero."""
    if low >= 0:
        return 0.0, max(high, _SMALLEST_RANGE)
    step = max(-low, high) / 127
    return -128 * step, 127 * step
