"""WHAT TO LEARN FROM: a source becomes an image set; an image set becomes batches.

``load_images("photos")`` scans a folder; ``batches`` streams it to a network; ``sample`` draws a
set of cats and dogs to try things on.
"""

from pathlib import Path

from vgg_transfer.images.folder import load_folder
from vgg_transfer.images.image_set import ImageRecord, ImageSet, Skipped, Split

__all__ = ["ImageRecord", "ImageSet", "Skipped", "Split", "load_images"]


def load_images(data: Path | str, seed: int = 0) -> ImageSet:
    """Scan a source of images; the seed decides the splits that the source leaves open."""
    return load_folder(Path(data), seed)
