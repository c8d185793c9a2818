"""The programs that run exported models: each as one function from pixels to probabilities.

They are imported when a model of theirs is opened, so that serving one needs no other.
"""

import importlib
import os
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np

from vgg_transfer.artefacts.classifier import Floats
from vgg_transfer.errors import ArtefactError
from vgg_transfer.openvino_core import core
from vgg_transfer.silence import kept_back, nothing_reported
from vgg_transfer.words import excerpt, printable

Format = Literal[
    "keras", "saved_model", "onnx", "litert", "litert-int8", "openvino", "openvino-int8"
]
Ask = Callable[[Floats], Floats]
"""From a batch of RGB pixels, (number, height, width, 3) of any size, to rows of probabilities."""

# Of each format: its model's name in the folder, and the package that runs it.
MODELS: Mapping[Format, tuple[str, str]] = {
    "keras": ("model.keras", "keras"),
    "saved_model": ("saved_model", "tensorflow"),
    "onnx": ("model.onnx", "onnxruntime"),
    "litert": ("model.tflite", "ai-edge-litert"),
    "litert-int8": ("model.tflite", "ai-edge-litert"),
    "openvino": ("model.xml", "openvino"),
    "openvino-int8": ("model.xml", "openvino"),
}


def open_model(kind: Format, file: Path, size: int, threads: int | None = None) -> Ask:
    """Return what asks a model.

    Args:
        kind: its format.
        file: the model, or the folder that it is.
        size: the side of the squares that it looks at: pictures of that size come in batches.
        threads: how many of them compute; Keras and TensorFlow have a setting of their own for all
            models. [default: as the runtime has it, all cores]

    Raises:
        ArtefactError: the package that runs it is missing, or the model cannot be read.
    """
    package = MODELS[kind][1]
    module = package.replace("-", "_")
    try:
        with nothing_reported():
            importlib.import_module(module)
    except ImportError as error:
        raise ArtefactError(
            f"a model in the format {kind} is run by the package {package}, which is not "
            f"installed here: pip install {package}"
        ) from error
    openers: Mapping[str, Callable[[], Ask]] = {
        "keras": lambda: _keras(file),
        "tensorflow": lambda: _tensorflow(file),
        "onnxruntime": lambda: _onnxruntime(file, threads),
        "ai_edge_litert": lambda: _litert(file, threads),
        "openvino": lambda: _openvino(file, size, threads),
    }
    try:
        return openers[module]()
    except Exception as error:  # five libraries: what they raise for a damaged file has no bounds
        reason = excerpt(next(iter(str(error).strip().splitlines()), type(error).__name__), 300)
        raise ArtefactError(
            f'the model "{printable(file)}" cannot be opened by {package}: {reason}'
        ) from error


def runtime_of(kind: Format) -> str:
    """Return the name and version of the package that runs a format."""
    package = MODELS[kind][1]
    return f"{package} {version(package)}"


def _keras(file: Path) -> Ask:
    import keras

    model = keras.saving.load_model(file, compile=False)
    return lambda pixels: np.asarray(model.predict_on_batch(pixels))


def _tensorflow(file: Path) -> Ask:
    import tensorflow as tf

    # The signature lives no longer than what was loaded: the function holds both.
    loaded = tf.saved_model.load(str(file))
    serve = loaded.signatures["serving_default"]
    return lambda pixels: np.asarray(serve(pixels=tf.constant(pixels))["probabilities"])


def _onnxruntime(file: Path, threads: int | None) -> Ask:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    (name,) = (one.name for one in session.get_inputs())
    return lambda pixels: np.asarray(session.run(None, {name: pixels})[0])


def _litert(file: Path, threads: int | None) -> Ask:
    from ai_edge_litert.interpreter import Interpreter

    with kept_back():
        interpreter = Interpreter(str(file), num_threads=threads or os.cpu_count() or 1)
    (taken,), (given,) = interpreter.get_input_details(), interpreter.get_output_details()
    shape: list[tuple[int, ...]] = []

    def ask(pixels: Floats) -> Floats:
        if shape != [pixels.shape]:
            interpreter.resize_tensor_input(taken["index"], pixels.shape)
            with kept_back():  # it tells of its delegate
                interpreter.allocate_tensors()
            shape[:] = [pixels.shape]
        interpreter.set_tensor(taken["index"], pixels)
        interpreter.invoke()
        return np.array(interpreter.get_tensor(given["index"]))

    return ask


def _openvino(file: Path, size: int, threads: int | None) -> Ask:
    # Left alone it would compute in bfloat16 where the processor can: other numbers.
    settings: dict[str, Any] = {"INFERENCE_PRECISION_HINT": "f32"}
    if threads is not None:
        settings["INFERENCE_NUM_THREADS"] = threads
    compiled: dict[bool, Any] = {}

    def ask(pixels: Floats) -> Floats:
        is_square = pixels.shape[1:3] == (size, size)
        if is_square not in compiled:
            model = core().read_model(file)
            if is_square:  # a graph that knows its size is faster
                model.reshape({0: [-1, size, size, 3]})
            compiled[is_square] = core().compile_model(model, "CPU", settings)
        return np.array(compiled[is_square](pixels)[0])

    ask(np.zeros((1, size, size, 3), np.float32))  # what is damaged shows now
    return ask
