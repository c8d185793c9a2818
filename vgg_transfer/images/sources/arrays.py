"""An image set from NumPy arrays, as Python programs hold them.

    from_arrays(pixels, labels, class_names=["cat", "dog"], test=(more_pixels, more_labels))

The pixels are written as PNG files once, under a digest of all pixels and labels, and are used
from there the next time.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vgg_transfer.errors import did_you_mean
from vgg_transfer.images.image_set import ImageSet, Split
from vgg_transfer.images.names import refuse_faulty
from vgg_transfer.images.sources.gather import class_order
from vgg_transfer.images.sources.pixels import pixel_faults, with_channels
from vgg_transfer.images.sources.prepared import check_room, prepare
from vgg_transfer.images.sources.source import Reading, Source
from vgg_transfer.images.sources.written import Picture, png, read_pictures, write_pictures
from vgg_transfer.images.splits import DEFAULT_SPLITTING, Splitting
from vgg_transfer.words import counted, listed


@dataclass(frozen=True)
class Part:
    """Pixels (images, height, width, channels) and class names, all of one split."""

    split: Split
    pixels: NDArray[np.uint8]
    class_names: Sequence[str]


def from_arrays(
    images: ArrayLike,
    labels: ArrayLike,
    class_names: Sequence[str] | None = None,
    test: tuple[ArrayLike, ArrayLike] | None = None,
    seed: int = 0,
    splitting: Splitting = DEFAULT_SPLITTING,
) -> ImageSet:
    """Return an image set from pixels and labels.

    Args:
        images: uint8 from 0 to 255, of (images, height, width) with or without 1 or 3 channels.
        labels: whole numbers, texts, or one-hot rows, one for each image.
        class_names: what numbers and one-hot columns mean, from 0. Default: the labels as they are.
        test: images and labels to test on. Default: some of the images are drawn.
        seed: decides what is drawn. Default: 0.
        splitting: how to draw. Default: 15% of each class for val, and 15% for test. Other images
            are another drawing; a split file keeps splits.

    Raises:
        ImageSetError: with everything that is wrong with the arrays, and what to write instead.
    """
    given = [("train", images, labels)] + ([("test", *test)] if test is not None else [])
    parts, faults = [], name_faults(class_names)
    for split, pixels, numbers in given:
        part, wrong = part_of("test" if split == "test" else "train", pixels, numbers, class_names)
        parts += [part] if part else []
        faults += [f"{split}: {fault}" if test is not None else fault for fault in wrong]
    refuse_faulty("The arrays", faults)
    found = {name for part in parts for name in part.class_names}
    names = class_order(found) if class_names is None else class_names
    source = f"arrays of {counted(sum(len(part.pixels) for part in parts), 'image')}"

    def fill(folder: Path) -> None:
        check_room(sum(part.pixels.nbytes for part in parts), source)
        write_pictures(folder, pictures_of(parts), names)

    folder = prepare(f"arrays-{_digest(parts, names)}", fill)
    return read_pictures(folder, source, Reading(seed, splitting))


def part_of(
    split: Split, images: ArrayLike, labels: ArrayLike, class_names: Sequence[str] | None
) -> tuple[Part | None, list[str]]:
    """Return pixels and labels, checked to belong together, or what is wrong with them."""
    try:
        pixels, numbers = np.asarray(images), np.asarray(labels)
    except ValueError as error:
        reason = "arrays of several sizes make no single array. Give a tf.data.Dataset of them"
        return None, [f"{reason} ({error})."]
    names, faults = list[str](), pixel_faults(pixels)
    try:
        names = _names(numbers, class_names)
    except _LabelError as fault:
        faults.append(str(fault))
    if not faults and len(pixels) != len(names):
        images, labels = counted(len(pixels), "image"), counted(len(names), "label")
        faults.append(f"there are {images} and {labels}.")
    return (None, faults) if faults else (Part(split, with_channels(pixels), names), [])


class _LabelError(Exception):
    """What is wrong with labels."""


def _names(labels: NDArray[Any], class_names: Sequence[str] | None) -> list[str]:
    """Return the class name of each label."""
    if labels.ndim == 2 and labels.shape[1] > 1:
        _check_one_hot(labels, class_names)
        labels = labels.argmax(1)
    if labels.shape not in ((labels.size,), (labels.size, 1)):
        raise _LabelError(f"labels are one for each image, not an array of shape {labels.shape}.")
    values = labels.reshape(-1).tolist()
    if all(isinstance(label, str | bytes) for label in values):
        names = [label.decode() if isinstance(label, bytes) else label for label in values]
        unknown = sorted(set(names).difference(names if class_names is None else class_names))
        if unknown:
            near = did_you_mean(unknown[0], class_names or ())
            raise _LabelError(f"labels that are no class names: {listed(unknown)}.{near}")
        return names
    if labels.dtype.kind not in "iub":
        raise _LabelError(f"labels are whole numbers or texts, not {labels.dtype}.")
    numbers = [int(label) for label in values]
    if class_names is None:
        return [str(number) for number in numbers]
    if 0 <= min(numbers) <= max(numbers) < len(class_names):
        return [class_names[number] for number in numbers]
    reach = f"labels go from {min(numbers)} to {max(numbers)}"
    raise _LabelError(f"{reach}, and class names from 0 to {len(class_names) - 1}.")


def _check_one_hot(labels: NDArray[Any], class_names: Sequence[str] | None) -> None:
    is_zero_or_one = labels.dtype.kind in "iufb" and ((labels == 0) | (labels == 1)).all()
    if not is_zero_or_one or not (labels.sum(1) == 1).all():
        raise _LabelError(f"labels of shape {labels.shape} are one-hot: one 1 in each row, else 0.")
    if class_names is not None and len(class_names) != labels.shape[1]:
        columns = f"one-hot labels have {labels.shape[1]} columns"
        raise _LabelError(f"{columns}, and there are {len(class_names)} class names.")


def name_faults(class_names: Sequence[str] | None) -> list[str]:
    """Return what is wrong with class names that were given."""
    twice = sorted(name for name, times in Counter(class_names or ()).items() if times > 1)
    return [f"class names {listed(twice)} are there twice."] if twice else []


def _digest(parts: Sequence[Part], names: Sequence[str]) -> str:
    seen = sha256("\n".join(names).encode())
    for part in parts:
        seen.update(f"\n{part.split} {part.pixels.shape}\n".encode())
        seen.update("\n".join(part.class_names).encode())
        for image in part.pixels:  # one at a time: a view of a larger array is copied
            seen.update(np.ascontiguousarray(image).data)
    return seen.hexdigest()


def pictures_of(parts: Sequence[Part]) -> Iterator[Picture]:
    for part in parts:
        for image, name in zip(part.pixels, part.class_names, strict=True):
            yield Picture(png(image), name, part.split)


def _load(data: Any, reading: Reading) -> ImageSet:
    (images, labels), test = data, None
    if all(isinstance(one, tuple) and len(one) == 2 for one in data):
        (images, labels), test = data
    return from_arrays(images, labels, test=test, seed=reading.seed, splitting=reading.splitting)


ARRAYS = Source((), lambda data: isinstance(data, tuple | list) and len(data) == 2, _load)
