"""From Keras to each format, by Keras's own export and the converters that it stands on."""

import importlib
import logging
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import keras

from vgg_transfer.artefacts.classifier import Floats
from vgg_transfer.artefacts.runtimes import MODELS, Format
from vgg_transfer.errors import ArtefactError
from vgg_transfer.exports.int8_litert import write_int8_litert
from vgg_transfer.exports.int8_openvino import write_int8_openvino
from vgg_transfer.images.squares import Resize
from vgg_transfer.silence import nothing_reported

# How far a probability may be from that of the reference: float32 sums in another order; and int8,
# whose answer to a picture that the model is unsure of may move by some hundredths.
TOLERANCES: Mapping[Format, float] = {
    "keras": 1e-4,
    "saved_model": 1e-4,
    "onnx": 1e-4,
    "litert": 1e-4,
    "litert-int8": 0.2,
    "openvino": 1e-4,
    "openvino-int8": 0.2,
}
# What is needed to make a format, beside what runs it.
_MAKERS: Mapping[Format, tuple[str, ...]] = {
    "onnx": ("onnx", "tf2onnx"),
    "litert-int8": ("ai_edge_quantizer",),
}


@dataclass(frozen=True)
class Source:
    """What a format is made of.

    Args:
        model: gives the model; true for one whose resizing every runtime knows.
        class_names: in the order of its probabilities.
        size: the side of the squares that it looks at.
        how: it makes them of pictures.
        squares: gives pictures that int8 takes its ranges from.
    """

    model: Callable[[bool], keras.Model]
    class_names: tuple[str, ...]
    size: int
    how: Resize
    squares: Callable[[], Floats]


def check_makers(kinds: tuple[Format, ...]) -> None:
    """Refuse formats for which a package is missing.

    Raises:
        ArtefactError: names all that are, and how to get them.
    """
    missing = []
    for kind in kinds:
        for module in (*_MAKERS.get(kind, ()), MODELS[kind][1].replace("-", "_")):
            try:
                with nothing_reported():
                    importlib.import_module(module)
            except ImportError:
                missing.append(module.replace("_", "-"))
    if missing:
        raise ArtefactError(
            f"to export to {', '.join(kinds)}, packages are missing: "
            f'{", ".join(sorted(set(missing)))}. Install them: pip install "vgg-transfer[export]"'
        )


def write_model(kind: Format, source: Source, folder: Path) -> None:
    """Write a model in a format into a folder, under the name that it has there."""
    file = folder / MODELS[kind][0]
    with _quiet():
        _WRITERS[kind](source, file)


def _write_keras(source: Source, file: Path) -> None:
    source.model(False).save(file)


def _write_saved_model(source: Source, file: Path) -> None:
    # Is loaded here, so that where there is no TensorFlow that can be said.
    from vgg_transfer.exports.saved_model import write_saved_model

    write_saved_model(source.model(False), file, source.class_names, source.size, source.how)


def _export(source: Source, file: Path, how: str) -> None:
    """Let Keras export the model whose resizing every runtime knows."""
    taken = [keras.InputSpec(dtype="float32", shape=(None, None, None, 3), name="pixels")]
    source.model(True).export(str(file), format=how, input_signature=taken, verbose=False)


def _write_onnx(source: Source, file: Path) -> None:
    import onnx

    _export(source, file, "onnx")
    model = onnx.load(file)
    onnx.helper.set_model_props(model, {"class_names": "\n".join(source.class_names)})
    onnx.save(model, file)


def _write_litert(source: Source, file: Path) -> None:
    _export(source, file, "litert")
    _name_classes(source, file)


def _write_litert_int8(source: Source, file: Path) -> None:
    precise = file.with_name("float32.tflite")
    _export(source, precise, "litert")
    write_int8_litert(precise, file, source.squares())
    precise.unlink()
    _name_classes(source, file)


def _name_classes(source: Source, file: Path) -> None:
    """Put labels.txt into the file as LiteRT's metadata have it: as an archive behind the model."""
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("labels.txt", "\n".join(source.class_names))


def _write_openvino(source: Source, file: Path) -> None:
    _export(source, file, "openvino")


def _write_openvino_int8(source: Source, file: Path) -> None:
    precise = file.with_name("float32.xml")
    _export(source, precise, "openvino")
    write_int8_openvino(precise, file, source.squares())
    for one in (precise, precise.with_suffix(".bin")):
        one.unlink()


_WRITERS: Mapping[Format, Callable[[Source, Path], None]] = {
    "keras": _write_keras,
    "saved_model": _write_saved_model,
    "onnx": _write_onnx,
    "litert": _write_litert,
    "litert-int8": _write_litert_int8,
    "openvino": _write_openvino,
    "openvino-int8": _write_openvino_int8,
}


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep back what converters tell those who write programs."""
    logger = logging.getLogger("tf2onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(action="ignore"), nothing_reported():
            yield
    finally:
        logger.setLevel(level)
