"""Names in a cache: a store is named by all that decides its rows, a row by its image and view."""

import hashlib
import json
from dataclasses import dataclass

from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.network import Network
from vgg_transfer.network.parts import frozen_digest
from vgg_transfer.network.rows import read_below
from vgg_transfer.recipe import Augmentation

# Raised when decoding or resizing changes what the network sees: old stores are then not used.
PIXELS_VERSION = 2


@dataclass(frozen=True)
class Rendering:
    """One image as one view; view 0 is the plain image."""

    record: ImageRecord
    view: int

    @property
    def name(self) -> str:
        """The name of its row in a store."""
        return hashlib.sha256(f"{self.record.digest}/{self.view}".encode()).hexdigest()


def store_key(network: Network, cut: str, augmentation: Augmentation) -> str:
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
    }
    beside = read_below(network, cut)
    if beside:
        facts["beside"] = {"blocks": beside, "pooling": recipe.head.pooling}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]
