"""An image set from NumPy arrays or a `tf.data.Dataset`, as Python programs hold them.

    from_arrays(pixels, labels, class_names=["cat", "dog"], test=(more_pixels, more_labels))

The pixels are written as PNG files once, under a digest of all pixels and labels, and are used
from there the next time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vgg_transfer.errors import did_you_mean
from vgg_transfer.images.image_set import ImageSet, Split
from vgg_transfer.images.names import unusable
from vgg_transfer.images.sources.gather import class_order
from vgg_transfer.images.sources.pixels import pixel_faults, with_channels
from vgg_transfer.images.sources.prepared import check_room, prepare, prepare_streamed
from vgg_transfer.images.sources.written import Picture, png, read_pictures, write_pictures
from vgg_transfer.images.splits import DEFAULT_SPLITTING, Splitting
from vgg_transfer.words import listed

_CHECKED_EACH = 1000  # pictures


@dataclass(frozen=True)
class _Part:
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

    `images` are uint8 of (images, height, width) with or without 1 or 3 channels behind; `labels`
    are whole numbers, texts, or one-hot rows. Numbers and columns count in `class_names`, from 0.
    `test` holds images and labels to test on; else some are drawn.

    Raises:
        ImageSetError: with everything that is wrong with the arrays, and what to write instead.
    """
    given = [("train", images, labels)] + ([("test", *test)] if test is not None else [])
    parts, faults = [], _name_faults(class_names)
    for split, pixels, numbers in given:
        part, wrong = _part("test" if split == "test" else "train", pixels, numbers, class_names)
        parts += [part] if part else []
        faults += [f"{split}: {fault}" if test is not None else fault for fault in wrong]
    if faults:
        raise unusable("The arrays", faults)
    names = _in_order({name for part in parts for name in part.class_names}, class_names)
    source = f"arrays of {sum(len(part.pixels) for part in parts)} images"

    def fill(folder: Path) -> None:
        check_room(sum(part.pixels.nbytes for part in parts), source)
        write_pictures(folder, _pictures(parts), names)

    return read_pictures(prepare(f"arrays-{_digest(parts, names)}", fill), source, seed, splitting)


def from_dataset(
    dataset: Any,
    class_names: Sequence[str] | None = None,
    test: Any = None,
    seed: int = 0,
    splitting: Splitting = DEFAULT_SPLITTING,
) -> ImageSet:
    """Return an image set from a `tf.data.Dataset` of (image, label), or of batches of them.

    Images may differ in size; all else is as in `from_arrays`. The data is read through once, and
    no more than a batch is in memory.

    Raises:
        ImageSetError: the data has no end or another form, or its images and labels are unusable.
    """
    faults = _name_faults(class_names)
    for name, data in (("the data", dataset), ("the test data", test)):
        faults += [f"{name} {fault}" for fault in _form_faults(data)] if data is not None else []
    if faults:
        raise unusable("The tf.data.Dataset", faults)

    def fill(folder: Path) -> str:
        seen, found = sha256(), dict[str, None]()

        def watched() -> Iterator[Picture]:
            both = chain(
                _of_dataset(dataset, "train", class_names),
                _of_dataset(test, "test", class_names) if test is not None else (),
            )
            for number, picture in enumerate(both):
                if number % _CHECKED_EACH == 0:  # data without an end must not fill the disk
                    check_room(_CHECKED_EACH * len(picture.data), "tf.data.Dataset")
                line = f"{picture.split} {picture.class_name} {len(picture.data)}\n"
                seen.update(line.encode() + picture.data)
                found[picture.class_name] = None
                yield picture

        write_pictures(folder, watched(), class_names)
        seen.update("\n".join(class_names or ()).encode())
        return f"dataset-{seen.hexdigest()}"

    return read_pictures(prepare_streamed(fill), "tf.data.Dataset", seed, splitting)


def _part(
    split: Split, images: ArrayLike, labels: ArrayLike, class_names: Sequence[str] | None
) -> tuple[_Part | None, list[str]]:
    try:
        pixels, numbers = np.asarray(images), np.asarray(labels)
    except ValueError as error:
        reason = "arrays of several sizes make no single array. Give a tf.data.Dataset of them"
        return None, [f"{reason} ({error})."]
    faults = pixel_faults(pixels)
    names, wrong = _names(numbers, class_names)
    faults += wrong
    if not faults and len(pixels) != len(names):
        faults.append(f"there are {len(pixels)} images and {len(names)} labels.")
    return (None, faults) if faults else (_Part(split, with_channels(pixels), names), [])


def _names(labels: NDArray[Any], class_names: Sequence[str] | None) -> tuple[list[str], list[str]]:
    """Return the class name of each label, and what is wrong with the labels."""
    if labels.ndim == 2 and labels.shape[1] > 1:
        faults = _one_hot_faults(labels, class_names)
        if faults:
            return [], faults
        labels = labels.argmax(1)
    if labels.shape not in ((labels.size,), (labels.size, 1)):
        return [], [f"labels are one for each image, not an array of shape {labels.shape}."]
    return _names_of(labels.reshape(-1), class_names)


def _names_of(
    labels: NDArray[Any], class_names: Sequence[str] | None
) -> tuple[list[str], list[str]]:
    values = labels.tolist()
    if all(isinstance(label, str | bytes) for label in values):
        names = [label.decode() if isinstance(label, bytes) else label for label in values]
        return names, _unknown_faults(names, class_names)
    if labels.dtype.kind not in "iub":
        return [], [f"labels are whole numbers or texts, not {labels.dtype}."]
    numbers = [int(label) for label in values]
    if class_names is None:
        return [str(number) for number in numbers], []
    if 0 <= min(numbers) <= max(numbers) < len(class_names):
        return [class_names[number] for number in numbers], []
    reach = f"labels go from {min(numbers)} to {max(numbers)}"
    return [], [f"{reach}, and class names from 0 to {len(class_names) - 1}."]


def _one_hot_faults(labels: NDArray[Any], class_names: Sequence[str] | None) -> list[str]:
    if labels.dtype.kind not in "iufb" or not (
        ((labels == 0) | (labels == 1)).all() and (labels.sum(1) == 1).all()
    ):
        return [f"labels of shape {labels.shape} are one-hot: one 1 in each row, else 0."]
    if class_names is not None and len(class_names) != labels.shape[1]:
        columns = f"one-hot labels have {labels.shape[1]} columns"
        return [f"{columns}, and there are {len(class_names)} class names."]
    return []


def _unknown_faults(names: Sequence[str], class_names: Sequence[str] | None) -> list[str]:
    unknown = sorted(set(names) - set(class_names)) if class_names is not None else []
    if not unknown:
        return []
    near = did_you_mean(unknown[0], class_names or ())
    return [f"labels that are no class names: {listed(unknown)}.{near}"]


def _name_faults(class_names: Sequence[str] | None) -> list[str]:
    if class_names is None:
        return []
    twice = {name for name in class_names if list(class_names).count(name) > 1}
    return [f"class names {listed(sorted(twice))} are there twice."] if twice else []


def _in_order(found: Iterable[str], class_names: Sequence[str] | None) -> Sequence[str]:
    return class_names if class_names is not None else class_order(found)


def _digest(parts: Sequence[_Part], names: Sequence[str]) -> str:
    seen = sha256("\n".join(names).encode())
    for part in parts:
        seen.update(f"\n{part.split} {part.pixels.shape}\n".encode())
        seen.update("\n".join(part.class_names).encode())
        for image in part.pixels:  # one at a time: a view of a larger array is copied
            seen.update(np.ascontiguousarray(image).data)
    return seen.hexdigest()


def _pictures(parts: Sequence[_Part]) -> Iterator[Picture]:
    for part in parts:
        for image, name in zip(part.pixels, part.class_names, strict=True):
            yield Picture(png(image), name, part.split)


def _form_faults(data: Any) -> list[str]:
    """Return what is wrong with the form of a dataset, before any of it is read."""
    form = data.element_spec
    if not isinstance(form, tuple) or len(form) != 2:
        return [f"gives {form}, not pairs of (image, label)."]
    rank = getattr(form[0].shape, "rank", None)
    if rank not in (3, 4):
        return [f"gives images of shape {form[0].shape}, not (height, width, channels)."]
    if int(data.cardinality()) == -1:  # tf.data.INFINITE_CARDINALITY
        return ["has no end. Say how much of it is wanted: dataset.take(NUMBER)."]
    return []


def _of_dataset(data: Any, split: Split, class_names: Sequence[str] | None) -> Iterator[Picture]:
    batched = data.element_spec[0].shape.rank == 4
    for images, labels in data.as_numpy_iterator():
        part, faults = _part(
            split,
            images if batched else images[np.newaxis],
            labels if batched else np.asarray(labels)[np.newaxis],
            class_names,
        )
        if part is None:
            raise unusable("The tf.data.Dataset", faults)
        yield from _pictures([part])
