"""Pixels of an image file that must be the one that was scanned, whenever it is read.

Otherwise a training would learn from images that its record does not name.
"""

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.batch_form import Picture
from vgg_transfer.images.decode import Undecodable, decode
from vgg_transfer.words import printable


def unchanged_pixels(record: Picture, at_least: int) -> NDArray[np.uint8]:
    """Return the pixels of a file as ``decode`` does, where it still has its digest.

    Raises:
        ImageSetError: it is another file now, or cannot be read.
    """
    try:
        return decode(record.path, at_least, record.digest)
    except Undecodable as reason:
        # TensorFlow carries the text on: it loses one that is no UTF-8.
        raise ImageSetError(
            f'the image "{printable(record.path)}" is not what it was when the folder was '
            f"scanned: {reason}. Put it back and train again"
        ) from None
