"""WHAT IS REMEMBERED: outputs of frozen blocks, on disk, shared by a person's trainings.

``open_store(key, row)`` gives a ``Store``: ``missing(names)`` tells what is not there yet,
``append`` adds rows, ``read(places(names))`` hands them out. ``listing`` and ``clear`` are
what ``vgg-transfer cache`` does. A store knows names and numbers only: no Keras, no images.
"""

from vgg_transfer.activations.files import Row, Store, StoreDamaged, open_store
from vgg_transfer.activations.room import (
    Entry,
    clear,
    discard,
    listing,
    make_room,
)

__all__ = [
    "Entry",
    "Row",
    "Store",
    "StoreDamaged",
    "clear",
    "discard",
    "listing",
    "make_room",
    "open_store",
]
