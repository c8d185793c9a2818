"""WHAT IS REMEMBERED: outputs of frozen blocks, on disk, shared by a person's trainings.

``fill`` computes what is missing in a store, named by ``keys``; ``reading`` hands its rows to a
model; ``files`` is one store on disk and ``room`` the space of all of them: ``listing`` and
``clear`` are what ``vgg-transfer cache`` does. This front loads no Keras.
"""

from vgg_transfer.activations.files import Row, Store, StoreDamaged
from vgg_transfer.activations.room import Entry, clear, listing

__all__ = ["Entry", "Row", "Store", "StoreDamaged", "clear", "listing"]
