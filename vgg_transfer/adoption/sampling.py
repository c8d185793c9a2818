"""The labelled images that inputs are tried on: a few of every class, mixed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.adoption.stored import Floats
from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import load_images
from vgg_transfer.images.decode import Undecodable, decode
from vgg_transfer.images.image_set import ImageRecord, ImageSet
from vgg_transfer.images.splits import Shares, Splitting
from vgg_transfer.images.squares import Resize, square
from vgg_transfer.words import listed


@dataclass(frozen=True)
class Sample:
    """Some labelled images, and their pixels as they were decoded."""

    images: ImageSet
    pictures: tuple[NDArray[np.uint8], ...]

    @property
    def labels(self) -> NDArray[np.int64]:
        """The class of each image."""
        return np.array([one.label for one in self.images.records], np.int64)

    @property
    def is_square(self) -> bool:
        """Whether all pictures are square, so that all resizing is the same."""
        return all(one.shape[0] == one.shape[1] for one in self.pictures)

    def squares(self, first: int, end: int, size: int, resize: Resize) -> Floats:
        """Return pictures from one place to another as squares of RGB pixels 0..255."""
        return np.stack([square(one, size, resize) for one in self.pictures[first:end]])

    def named(self, class_names: tuple[str, ...]) -> "Sample":
        """Return the same images with their classes in another order."""
        was = self.images.class_names
        label_of = [class_names.index(name) for name in was]
        records = tuple(
            replace(one, label=label_of[one.label], split="val") for one in self.images.records
        )
        images = replace(self.images, class_names=class_names, records=records)
        return replace(self, images=images)


def draw(data: Any, most: int, size: int, seed: int) -> Sample:
    """Return so many images of a source, evenly of its classes, mixed.

    Validation images where the source has such, else training images; test images only where it
    has no others, since what is chosen by them could not be judged by them.

    Args:
        data: as ``load_images`` takes it.
        most: how many images at most.
        size: pixels of the short side that pictures are wanted with.
        seed: of the drawing.
    """
    whole = load_images(data, splitting=Splitting(Shares(0, 0)), least_classes=1)
    splits = (whole.split("val"), whole.split("train"), whole.split("test"))
    pool = next((records for records in splits if records), ())
    records, pictures = [], []
    for one in _mixed(pool, seed):
        try:
            pictures.append(np.asarray(decode(one.path, size, digest=one.digest), np.uint8))
        except Undecodable:
            continue
        records.append(one)
        if len(records) == most:
            break
    if not records:
        raise ImageSetError(f"{whole.source} has no image that can be read")
    return Sample(replace(whole, records=tuple(records)), tuple(pictures))


def label_names(sample: Sample, class_names: tuple[str, ...]) -> Sample:
    """Return a sample whose labels are places in a model's class names.

    Raises:
        ImageSetError: images are of a class that the model does not know.
    """
    unknown = [name for name in sample.images.class_names if name not in class_names]
    if unknown:
        raise ImageSetError(
            f"{sample.images.source} has {listed(unknown)}, and the model knows "
            f"{listed(class_names)}: name the folders as the classes, or the classes as the "
            "folders with --classes"
        )
    return sample.named(class_names)


def _mixed(records: Sequence[ImageRecord], seed: int) -> list[ImageRecord]:
    """Return records so that every beginning of the list has all classes alike."""
    rng = np.random.default_rng(seed)
    by_class: dict[int, list[ImageRecord]] = {}
    for place in rng.permutation(len(records)):
        by_class.setdefault(records[place].label, []).append(records[place])
    turns = [(turn, label, one) for label, of in by_class.items() for turn, one in enumerate(of)]
    return [one for _, _, one in sorted(turns, key=lambda each: each[:2])]
