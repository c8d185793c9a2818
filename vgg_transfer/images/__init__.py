"""WHAT TO LEARN FROM: a source becomes an image set; an image set becomes batches.

``load_images("photos")`` scans a folder, and takes every other source as well; ``batches`` streams
it to a network; ``sample`` draws a set of cats and dogs to try things on.
"""

from vgg_transfer.images.image_set import ImageRecord, ImageSet, Skipped, Split
from vgg_transfer.images.sources import from_arrays, from_dataset, load_images
from vgg_transfer.images.splits import Fold, Shares, Splitting

__all__ = [
    "Fold",
    "ImageRecord",
    "ImageSet",
    "Shares",
    "Skipped",
    "Split",
    "Splitting",
    "from_arrays",
    "from_dataset",
    "load_images",
]
