"""A LiteRT model whose convolutions compute in int8, by Google's own quantizer.

TensorFlow's converter would round all there is, resizing among it, which then divides by zero.
"""

import contextlib
import io
import warnings
from pathlib import Path

from vgg_transfer.artefacts.classifier import Floats
from vgg_transfer.silence import kept_back


def write_int8_litert(source: Path, target: Path, squares: Floats) -> None:
    """Write a model in int8.

    Args:
        source: the .tflite of the model in float32.
        target: the .tflite to write.
        squares: pictures of the network's size, which give the ranges.
    """
    from ai_edge_quantizer import qtyping, quantizer

    work = quantizer.Quantizer(str(source))
    work.add_static_config(
        regex=".*",
        operation_name=qtyping.TFLOperationName.CONV_2D,
        activation_num_bits=8,
        weight_num_bits=8,
    )
    pictures = {"serving_default": [{"pixels": square[None]} for square in squares]}
    # It shows bars and a summary, and advises those who write programs.
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        kept_back(),
        warnings.catch_warnings(action="ignore"),
    ):
        found = work.quantize(work.calibrate(pictures))
    if found.quantized_model is None:
        raise ValueError("nothing in the model could be quantized")
    target.write_bytes(found.quantized_model)
