"""Between which values pixels lie: a few images are looked at."""

from collections.abc import Sequence
from contextlib import suppress

from vgg_transfer.images.decode import Undecodable, decode
from vgg_transfer.images.image_set import ImageRecord

_LOOKED_AT = 8
_SIDE = 64  # pixels: a JPEG need not be decoded larger


def pixel_range(records: Sequence[ImageRecord]) -> tuple[float, float] | None:
    """Return the least and the largest value in a few images, of 0 to 255.

    Args:
        records: of all images; those that are looked at lie evenly between the first and the last.

    Returns:
        None where none of them can be read.
    """
    values: list[int] = []
    for number in range(min(_LOOKED_AT, len(records))):
        record = records[number * len(records) // min(_LOOKED_AT, len(records))]
        with suppress(Undecodable, OSError):  # it was readable when the set was made
            pixels = decode(record.path, _SIDE)
            values += [int(pixels.min()), int(pixels.max())]
    return (min(values), max(values)) if values else None
