"""Names in a cache: a store is named by all that decides its rows, a row by its image and view."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import keras

from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.network import Network
from vgg_transfer.network.parts import frozen_digest
from vgg_transfer.network.rows import read_below
from vgg_transfer.recipe import Augmentation

# Raised when decoding or resizing changes what the network sees: old stores are then not used.
PIXELS_VERSION = 2
# Raised when the same images and engine give other rows in int8.
INT8_VERSION = 1


@dataclass(frozen=True)
class Rendering:
    """One image as one view; view 0 is the plain image."""

    record: ImageRecord
    view: int

    @property
    def name(self) -> str:
        """The name of its row in a store."""
        return hashlib.sha256(f"{self.record.digest}/{self.view}".encode()).hexdigest()


@dataclass(frozen=True)
class Calibration:
    """What frozen blocks in int8 follow from, beside the network itself.

    Args:
        records: the training images on which the ranges of the activations are measured.
    """

    records: tuple[ImageRecord, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """What decides a row that is computed in int8."""
        return {
            "engine": f"openvino {version('openvino')}",
            "version": INT8_VERSION,
            "calibration": [record.digest for record in self.records],
        }


def calibration_on(records: Iterable[ImageRecord], most: int = 100) -> Calibration:
    """Return a calibration on some images, the same ones whatever their order.

    Args:
        records: training images.
        most: how many are used. [default: 100]
    """
    by_digest = {record.digest: record for record in records}
    return Calibration(tuple(by_digest[digest] for digest in sorted(by_digest)[:most]))


def store_key(
    network: Network, cut: str, augmentation: Augmentation, int8: Calibration | None = None
) -> str:
    """Return the name of a store: 32 hexadecimal digits, from all but the images themselves."""
    recipe = network.recipe
    facts = {
        "frozen": frozen_digest(network, network.below(cut)),
        "cut": cut,
        "size": recipe.size,
        "resize": recipe.resize,
        "dtype": network.dtype,
        "augmentation": augmentation.of_one_image.model_dump(),
        "pixels": PIXELS_VERSION,
    } | ({"int8": int8.facts} if int8 else {})
    if keras.backend.backend() != "tensorflow":  # its stores are older than this entry
        facts["backend"] = keras.backend.backend()  # they differ in the last digits
    beside = read_below(network, cut)
    if beside:
        facts["beside"] = {"blocks": beside, "pooling": recipe.head.pooling}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]
