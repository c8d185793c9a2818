"""All kinds of sources, one line for each."""

# ruff: noqa: PLC0414 (a name imported as itself is handed on)

from vgg_transfer.images.sources.source import Source

# The last one that takes what is given reads it: the more special ones stand further down.
# isort: off
from vgg_transfer.images.sources.folder import FOLDER as FOLDER
from vgg_transfer.images.sources.archive import ARCHIVE as ARCHIVE
from vgg_transfer.images.sources.table import TABLE as TABLE
from vgg_transfer.images.sources.tfds import TFDS as TFDS
from vgg_transfer.images.sources.cifar import CIFAR as CIFAR
from vgg_transfer.images.sources.arrays import ARRAYS as ARRAYS
from vgg_transfer.images.sources.dataset import DATASET as DATASET
# isort: on

SOURCES = tuple(one for one in tuple(globals().values()) if isinstance(one, Source))
