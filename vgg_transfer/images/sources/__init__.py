"""Where images come from: folders, archives, tables, CIFAR, TensorFlow Datasets, arrays.

``load_images`` takes them all; each has a module of its own. Every source but the folder ends in
``gather``, which turns rows (a file with its class) into an image set; what lies in no files yet is
written to the folder of prepared images first.
"""

from vgg_transfer.images.sources.arrays import from_arrays
from vgg_transfer.images.sources.dataset import from_dataset
from vgg_transfer.images.sources.load import load_images

__all__ = ["from_arrays", "from_dataset", "load_images"]
