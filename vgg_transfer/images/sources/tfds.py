"""An image set through TensorFlow Datasets: `tfds:cats_vs_dogs`.

A dataset that is prepared, in `~/tensorflow_datasets`, $TFDS_DATA_DIR or a folder that is given,
is read as it is, also where its code is not installed. Any other one is prepared by TFDS, which
downloads it. Its images are written as files unchanged; classes keep TFDS's order.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from vgg_transfer.disk import is_file
from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.images.names import refuse_faulty, split_named, unusable
from vgg_transfer.images.sources.prepared import check_room, prepare
from vgg_transfer.images.sources.reach import first_line, host_of, is_reachable
from vgg_transfer.images.sources.source import USUAL, Named, Reading, Source, read_options
from vgg_transfer.images.sources.written import Picture, png, read_pictures, write_pictures
from vgg_transfer.words import counted, listed, printable


@dataclass(frozen=True)
class _Features:
    """Which features hold image and label; names are given where labels are numbers."""

    image: str
    label: str
    class_names: tuple[str, ...] | None


def load_tfds(name: str, reading: Reading = USUAL) -> ImageSet:
    """Return the images of a dataset that TFDS knows, or that is prepared in `tfds_dir`.

    `name` may say configuration and version as TFDS does: `name/config:1.0.0`.

    Raises:
        ImageSetError: no such dataset; not prepared and not to be had; or it has no images with
            one label each.
    """
    import tensorflow_datasets as tfds

    shown = f"dataset tfds:{name}"
    given = reading.tfds_dir
    place = Path(tfds.core.constants.DATA_DIR if given is None else given).expanduser()
    builder = _prepared(tfds, name, place) or _download(tfds, name, place)
    features = _features(tfds, builder, shown)
    write = partial(_write, tfds, builder, features, shown)
    folder = prepare(f"tfds-{_digest(builder)}", write)
    source = f"dataset tfds:{builder.info.full_name}"
    return read_pictures(folder, source, reading, known_as=Path(builder.data_dir))


def _prepared(tfds: Any, name: str, place: Path) -> Any | None:
    """Return what reads a prepared dataset; None where there is none in that folder."""
    from tensorflow_datasets.core import read_only_builder

    try:
        if is_file(place / "dataset_info.json"):  # the folder of the dataset itself
            builder = read_only_builder.builder_from_directory(place)
            if builder.name == _base_name(name):
                return builder
        return read_only_builder.builder_from_files(name, data_dir=place)
    except tfds.core.DatasetNotFoundError:
        return None
    except Exception as error:  # damaged files make TFDS raise nearly anything
        raise ImageSetError(
            f'The dataset tfds:{name} in "{printable(place)}" cannot be read: {first_line(error)}'
        ) from error


def _download(tfds: Any, name: str, place: Path) -> Any:
    """Return what reads the dataset after TFDS has fetched and prepared it."""
    try:
        known = tfds.builder_cls(_base_name(name))
    except (tfds.core.DatasetNotFoundError, ValueError) as error:
        raise ImageSetError(_unknown(tfds, name, place)) from error
    missing = _missing_urls(known, place)
    if missing and not is_reachable(missing[0]):
        raise ImageSetError(_not_to_be_had(known, name, place, missing[0]))
    try:
        builder = tfds.builder(name, data_dir=place)
        _features(tfds, builder, f"dataset tfds:{name}")  # before anything is fetched
        builder.download_and_prepare()
    except ImageSetError:
        raise
    except Exception as error:  # whatever a dataset's own code raises
        manual = f'"{place / "downloads" / "manual"}"'
        hint = known.MANUAL_DOWNLOAD_INSTRUCTIONS
        by_hand = f" Its files are to be put into {manual} by hand: {hint.strip()}" if hint else ""
        raise ImageSetError(
            f'TensorFlow Datasets cannot prepare "{name}" in "{printable(place)}": '
            f"{first_line(error)}{by_hand}"
        ) from error
    return builder


def _missing_urls(known: Any, place: Path) -> list[str]:
    """Return the URLs whose files are neither put there by hand nor downloaded before."""
    from tensorflow_datasets.core.download.resource import get_dl_fname

    downloads = place / "downloads"
    there = {path.name for path in downloads.rglob("*")} if downloads.is_dir() else set()
    by_hand = {path.name for path in downloads.glob("manual/*")}
    return [
        url
        for url, info in (known.url_infos or {}).items()
        if info.filename not in by_hand and get_dl_fname(url, info.checksum) not in there
    ]


def _not_to_be_had(known: Any, name: str, place: Path, url: str) -> str:
    file = (known.url_infos or {})[url].filename
    by_hand = f' Or put {file} into "{place / "downloads" / "manual"}".' if file else ""
    return (
        f'The dataset "{name}" is not prepared in "{printable(place)}", and {host_of(url)} cannot '
        "be reached from here. Prepare it where there is a network:\n"
        f"  python -c \"import tensorflow_datasets as tfds; tfds.load('{name}', data_dir='tfds')\""
        f'\nand copy the folder "tfds/{_base_name(name)}" to "{place / _base_name(name)}", or say '
        f"where it is: --tfds-dir DIR.{by_hand}"
    )


def _unknown(tfds: Any, name: str, place: Path) -> str:
    here = [path.parent.name for path in place.glob("*/[0-9]*")]
    known = {*here, *tfds.list_builders(with_community_datasets=False)}
    found = f"prepared there are {listed(sorted(set(here)))}" if here else "nothing is prepared"
    near = did_you_mean(_base_name(name), known)
    return (
        f'TensorFlow Datasets knows no dataset "{printable(name)}", and there is none of that name '
        f'in "{printable(place)}" ({found}).{near}'
    )


def _features(tfds: Any, builder: Any, shown: str) -> _Features:
    features = builder.info.features
    names = list(features.keys()) if hasattr(features, "keys") else []
    pair: tuple[str, ...] = ("image", "label")
    supervised = builder.info.supervised_keys or ()
    is_pair = len(supervised) == 2 and all(isinstance(key, str) for key in supervised)
    if is_pair and not {*pair} <= {*names}:
        pair = supervised
    if not {*pair} <= {*names}:
        fault = f'it has no features "image" and "label", only {listed(sorted(names))}.'
        raise unusable(f"The {shown}", [fault])
    image, label = (features[key] for key in pair)
    faults = []
    is_pixels = isinstance(image, tfds.features.Tensor) and image.np_dtype == np.uint8
    if not is_pixels and not isinstance(image, tfds.features.Image):
        faults.append(f'its feature "{pair[0]}" is {image}, which is no image.')
    class_names = None
    if isinstance(label, tfds.features.ClassLabel):
        class_names = tuple(label.names)
    elif not isinstance(label, tfds.features.Text) and (
        label.shape != () or not np.issubdtype(label.np_dtype, np.integer)
    ):
        faults.append(f'its feature "{pair[1]}" is {label}, not one class for each image.')
    refuse_faulty(f"The {shown}", faults)
    return _Features(pair[0], pair[1], class_names)


def _digest(builder: Any) -> str:
    """Return a digest of the files of a prepared dataset, by name, size and time of writing."""
    seen = sha256(builder.info.full_name.encode())
    for path in sorted(Path(builder.data_dir).iterdir()):
        status = path.stat()
        seen.update(f"\n{path.name} {status.st_size} {status.st_mtime_ns}".encode())
    return seen.hexdigest()


def _write(tfds: Any, builder: Any, features: _Features, shown: str, folder: Path) -> None:
    check_room(2 * builder.info.dataset_size, shown)
    splits = list(builder.info.splits)
    chosen = {name: split_named(name) for name in splits}
    if len(splits) == 1:
        chosen = {splits[0]: "train"}  # whatever it is called, there is nothing else
    left_out = [name for name, split in chosen.items() if split is None]
    note = f"Not read, because neither train, val nor test: {listed(left_out)}."
    notes = [note] if left_out else []

    def pictures() -> Iterator[Picture]:
        unlabelled: Counter[str] = Counter()
        for name, split in chosen.items():
            for image, label in _examples(tfds, builder, features, name) if split else ():
                if label is None:
                    unlabelled[name] += 1
                else:
                    yield Picture(image, label, split)
        notes.extend(
            f"Left out, because they have no label: {counted(count, 'image')} of {name}."
            for name, count in unlabelled.items()
        )

    try:
        write_pictures(folder, pictures(), features.class_names, notes)
    except OSError:
        raise
    except Exception as error:  # damaged records, or shards that are missing
        raise ImageSetError(
            f'The {shown} in "{builder.data_dir}" cannot be read: {first_line(error)}'
        ) from error


def _examples(
    tfds: Any, builder: Any, features: _Features, split: str
) -> Iterator[tuple[bytes, str | None]]:
    """Yield encoded images with their class names, in TFDS's order; None where there is no label.

    Images stay encoded as they are stored; pixels become PNG.
    """
    encoded = isinstance(builder.info.features[features.image], tfds.features.Image)
    data = builder.as_dataset(
        split=split,
        shuffle_files=False,
        decoders=tfds.decode.PartialDecoding(
            {features.image: True, features.label: True},
            decoders={features.image: tfds.decode.SkipDecoding()} if encoded else None,
        ),
    )
    for example in data.as_numpy_iterator():
        image, label = example[features.image], example[features.label]
        if not encoded:
            image = png(image)
        if isinstance(label, bytes):
            yield image, label.decode()
        elif features.class_names is None:
            yield image, str(int(label))
        else:
            yield image, features.class_names[label] if label >= 0 else None


def _base_name(name: str) -> str:
    return re.split("[/:]", name)[0]


def _load(data: Named, reading: Reading) -> ImageSet:
    name, options = read_options(data.rest or "", "dir")
    return load_tfds(name, replace(reading, tfds_dir=options.get("dir", reading.tfds_dir)))


TFDS = Source(
    ("tfds:NAME",),
    lambda data: isinstance(data, Named) and data.name == "tfds",
    _load,
    {"tfds": "tfds:NAME"},
)
