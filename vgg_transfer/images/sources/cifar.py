"""CIFAR-10 and CIFAR-100, from the original Python archive.

`cifar10` alone takes what Keras has stored, or lets Keras download it; `cifar10:PATH` takes the
archive or its unpacked folder from there. The test images are those published as such; val is
drawn from the training images. Classes are in the published order (CIFAR-100: the fine ones). Where
PATH is a folder of images, or an archive of one, it is read as such.
"""

import io
import pickle
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.disk import is_file, is_folder
from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.image_set import ImageSet, Split
from vgg_transfer.images.sources.archive import load_archive
from vgg_transfer.images.sources.folder import load_folder
from vgg_transfer.images.sources.gather import absent
from vgg_transfer.images.sources.prepared import check_room, prepare
from vgg_transfer.images.sources.reach import first_line, host_of, is_reachable
from vgg_transfer.images.sources.source import USUAL, Named, Reading, Source, is_file_named
from vgg_transfer.images.sources.written import Picture, png, read_pictures, write_pictures
from vgg_transfer.places import keras_home
from vgg_transfer.words import listed, printable

_MOST_BYTES = 1_000_000_000  # of one file in the archive; the largest published one has 154 MB
_PIXELS = 32 * 32 * 3
_BYTES_PER_PICTURE = 8192  # on the disk

_Batch = tuple[Split, NDArray[np.uint8], list[int]]


@dataclass(frozen=True)
class _Published:
    """How a set is published: its files, and where Keras keeps and fetches it."""

    name: str
    train: tuple[str, ...]
    test: str
    names: str
    names_key: bytes
    labels_key: bytes
    stored: tuple[str, ...]
    url: str

    @property
    def files(self) -> tuple[str, ...]:
        return (*self.train, self.test, self.names)


_SETS = {
    "cifar10": _Published(
        name="cifar10",
        train=tuple(f"data_batch_{number}" for number in range(1, 6)),
        test="test_batch",
        names="batches.meta",
        names_key=b"label_names",
        labels_key=b"labels",
        stored=(
            "cifar-10-batches-py-target/cifar-10-batches-py",
            "cifar-10-batches-py",
            "cifar-10-python.tar.gz",
            "cifar-10-batches-py.tar.gz",
        ),
        url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    ),
    "cifar100": _Published(
        name="cifar100",
        train=("train",),
        test="test",
        names="meta",
        names_key=b"fine_label_names",
        labels_key=b"fine_labels",
        stored=(
            "cifar-100-python-target/cifar-100-python",
            "cifar-100-python",
            "cifar-100-python.tar.gz",
        ),
        url="https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
    ),
}
_ARCHIVES = {one.url.rpartition("/")[2]: name for name, one in _SETS.items()}


def load_cifar(name: str, path: Path | str | None = None, reading: Reading = USUAL) -> ImageSet:
    """Return `cifar10` or `cifar100`; `path` is the archive or its folder, None what Keras has.

    Raises:
        ImageSetError: it is not there and cannot be fetched, or is not the published archive.
    """
    published = _SETS[name]
    found = Path(path).expanduser() if path is not None else _from_keras(published)
    shown = f'"{printable(found)}"'
    files = _read(published, found, shown)
    if not files:  # a folder of images, or an archive of one
        load = load_folder if is_folder(found) else load_archive
        return load(found, reading)
    seen = sha256()
    for file, data in files.items():
        seen.update(f"{file} {len(data)} ".encode() + sha256(data).digest())
    folder = prepare(f"{name}-{seen.hexdigest()}", partial(_write, published, files, shown))
    return read_pictures(folder, f"dataset {name} from {shown}", reading)


def _from_keras(published: _Published) -> Path:
    """Return where Keras has stored the set; it is downloaded by Keras where there is none."""
    name, home = published.name, keras_home() / "datasets"
    stored = _stored(published, home)
    if stored:
        return stored
    archive = published.url.rpartition("/")[2]
    advice = (
        f"Fetch {published.url} on any machine, and put it there as it is: "
        f'"{home / archive}". Or name the place: "{name}:{archive}".'
    )
    if not is_reachable(published.url):
        raise ImageSetError(
            f'{name} is not in "{home}", and {host_of(published.url)} cannot be reached from here. '
            f"{advice}"
        )
    import keras

    try:
        getattr(keras.datasets, name).load_data()  # checks the archive's digest as well
    except Exception as error:  # Keras passes on what any library below it raises
        raise ImageSetError(
            f"{name} cannot be downloaded: {first_line(error)}. {advice}"
        ) from error
    stored = _stored(published, home)
    if stored:
        return stored
    raise ImageSetError(f'{name} was downloaded, but is not in "{home}". {advice}')


def _stored(published: _Published, home: Path) -> Path | None:
    """Return the archive of the set in a folder, or the folder in there with all of its files."""
    for place in (home / one for one in published.stored):
        if is_file(place) or all(is_file(place / file) for file in published.files):
            return place
    return None


def _read(published: _Published, path: Path, shown: str) -> dict[str, bytes]:
    """Return the bytes of the set's files from its archive or folder; empty if it is none."""
    name, inside = published.name, path / published.stored[1]
    try:
        if path.is_dir():
            folder = inside if inside.is_dir() else path
            there = [file for file in published.files if (folder / file).is_file()]
            files = {file: (folder / file).read_bytes() for file in there}
        else:
            files = _from_archive(published, path)
    except FileNotFoundError as error:
        raise absent(path.absolute(), f"archive or folder of {name}") from error
    except (OSError, EOFError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise ImageSetError(f"{name}: {shown} cannot be read: {reason}.") from error
    missing = [file for file in published.files if file not in files]
    if files and missing:
        raise ImageSetError(
            f"{name}: {shown} is not all of the original Python archive: it has no "
            f"{listed(missing)}. The archive is {published.url}"
        )
    return {file: files[file] for file in published.files} if files else {}


def _from_archive(published: _Published, path: Path) -> dict[str, bytes]:
    files = dict[str, bytes]()
    try:
        archive = tarfile.open(path)  # noqa: SIM115 - closed below
    except tarfile.ReadError:  # a zip, or no archive: that is for `load_archive` to say
        return files
    with archive:
        for member in archive:
            name = Path(member.name).name
            opened = archive.extractfile(member) if member.isfile() else None
            if opened and name in published.files and member.size <= _MOST_BYTES:
                files[name] = opened.read()
    return files


def _write(published: _Published, files: Mapping[str, bytes], shown: str, folder: Path) -> None:
    try:
        names = [str(name, "utf-8") for name in _load(files[published.names])[published.names_key]]
        batches = [
            _batch(published, source, _load(files[source]), len(names))
            for source in (*published.train, published.test)
        ]
    except Exception as error:  # a damaged pickle raises nearly anything
        raise ImageSetError(
            f"{shown} is damaged: {error}. Fetch it again: {published.url}"
        ) from error
    check_room(sum(len(labels) for *_, labels in batches) * _BYTES_PER_PICTURE, f"set in {shown}")
    write_pictures(folder, _pictures(batches, names), names)


def _batch(published: _Published, source: str, loaded: Any, classes: int) -> _Batch:
    """Return the split of a file, its rows of pixels and their labels: they belong together."""
    pixels = np.asarray(loaded[b"data"]).reshape(-1, _PIXELS).astype(np.uint8)
    labels = [int(label) for label in loaded[published.labels_key]]
    if len(labels) != len(pixels) or not set(labels) <= set(range(classes)):
        raise ValueError(f"the labels of {source} do not fit")
    return "test" if source == published.test else "train", pixels, labels


def _pictures(batches: Sequence[_Batch], names: Sequence[str]) -> Iterator[Picture]:
    for split, pixels, labels in batches:
        # Each row holds the red, then the green, then the blue values.
        images = pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        for image, label in zip(images, labels, strict=True):
            yield Picture(png(image), names[label], split)


class _Unpickler(pickle.Unpickler):
    """Reads arrays, lists and texts; whatever else a pickle asks for is refused."""

    _ALLOWED = {  # noqa: RUF012 - never changed
        "_reconstruct": np.empty(0).__reduce__()[0],
        "ndarray": np.ndarray,
        "dtype": np.dtype,
    }

    def find_class(self, module: str, name: str) -> Any:
        """Return one of the three things that a pickled array is made of."""
        if module.partition(".")[0] == "numpy" and name in self._ALLOWED:
            return self._ALLOWED[name]
        if (module, name) == ("_codecs", "encode"):  # how newer Pythons write bytes for older ones
            return str.encode
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")


def _load(data: bytes) -> dict[bytes, Any]:
    """Return the dictionary in a pickle, its keys as bytes whatever Python wrote it."""
    loaded = _Unpickler(io.BytesIO(data), encoding="bytes").load()
    return {key if isinstance(key, bytes) else key.encode(): loaded[key] for key in loaded}


def _takes(data: Any) -> bool:
    if isinstance(data, Path):
        return is_file_named(data, *_ARCHIVES) and data.name.lower() in _ARCHIVES
    return isinstance(data, Named) and data.name in _SETS


def _load_either(data: Named | Path, reading: Reading) -> ImageSet:
    if isinstance(data, Path):
        return load_cifar(_ARCHIVES[data.name.lower()], data, reading)
    return load_cifar(data.name, data.rest, reading)


CIFAR = Source(tuple(_SETS), _takes, _load_either, {name: f"{name}:PATH" for name in _SETS})
