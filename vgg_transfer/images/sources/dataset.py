"""An image set from a `tf.data.Dataset`, read through once and written as PNG files."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from vgg_transfer.images.image_set import ImageSet, Split
from vgg_transfer.images.names import refuse_faulty, unusable
from vgg_transfer.images.sources.arrays import name_faults, part_of, pictures_of
from vgg_transfer.images.sources.prepared import check_room, prepare_streamed
from vgg_transfer.images.sources.source import Reading, Source
from vgg_transfer.images.sources.written import Picture, read_pictures, write_pictures
from vgg_transfer.images.splits import DEFAULT_SPLITTING, Splitting

_CHECKED_EACH = 1000  # pictures


def from_dataset(
    dataset: Any,
    class_names: Sequence[str] | None = None,
    test: Any = None,
    seed: int = 0,
    splitting: Splitting = DEFAULT_SPLITTING,
) -> ImageSet:
    """Return an image set from a `tf.data.Dataset` of (image, label), or of batches of them.

    Images may differ in size. The data is read through once, and no more than a batch is in memory.

    Args:
        dataset: the images to learn from, with labels as in `from_arrays`.
        class_names: what numbers and one-hot columns mean, from 0. Default: the labels as they are.
        test: a dataset to test on. Default: some of the images are drawn.
        seed: decides what is drawn. Default: 0.
        splitting: how to draw. Default: 15% of each class for val, and 15% for test. Other images
            are another drawing; a split file keeps splits.

    Raises:
        ImageSetError: the data has no end or another form, or its images and labels are unusable.
    """
    faults = name_faults(class_names)
    for name, data in (("the data", dataset), ("the test data", test)):
        faults += [f"{name} {fault}" for fault in _form_faults(data)] if data is not None else []
    refuse_faulty("The tf.data.Dataset", faults)

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

    return read_pictures(prepare_streamed(fill), "tf.data.Dataset", Reading(seed, splitting))


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
    for element in data.as_numpy_iterator():
        images, labels = element if batched else (np.asarray(one)[np.newaxis] for one in element)
        part, faults = part_of(split, images, labels, class_names)
        if part is None:
            raise unusable("The tf.data.Dataset", faults)
        yield from pictures_of([part])


def _is_dataset(data: Any) -> bool:
    return hasattr(data, "element_spec")  # asked like this, TensorFlow need not be loaded


def _takes(data: Any) -> bool:
    is_pair = isinstance(data, tuple | list) and len(data) == 2
    return _is_dataset(data) or (is_pair and _is_dataset(data[0]))


def _load(data: Any, reading: Reading) -> ImageSet:
    dataset, test = (data, None) if _is_dataset(data) else data
    return from_dataset(dataset, test=test, seed=reading.seed, splitting=reading.splitting)


DATASET = Source((), _takes, _load)
