"""From the bytes of a picture to what the model sees; what has too many pixels is not unpacked."""

from io import BytesIO

from PIL import Image

from vgg_transfer.images.decode import Undecodable, decode
from vgg_transfer.images.formats import LONGEST_MARK, format_of, opened, why_not_read
from vgg_transfer.images.squares import Floats, square
from vgg_transfer.serving.refusing import Limits, Refused
from vgg_transfer.serving.served import Served
from vgg_transfer.words import excerpt


def seen(name: str, data: bytes, served: Served) -> tuple[Floats, tuple[int, int]]:
    """Return a picture as the model sees it, and the proportions it has: (height, width).

    Args:
        name: of the picture.
        data: its file.
        served: whose model is to see it.

    Raises:
        Refused: it is no picture.
    """
    try:
        pixels = decode(data, served.size)
    except Undecodable as reason:
        raise _not_a_picture(name, str(reason)) from reason
    return square(pixels, served.size, served.resize), (pixels.shape[0], pixels.shape[1])


def pixels_of(name: str, data: bytes, limits: Limits) -> int:
    """Return how many pixels a picture has, by its header; 0 where that makes no sense.

    Half a megabyte may hold what fills memory, and lets others wait.

    Args:
        name: of the picture.
        data: its file.
        limits: of its pixels.

    Raises:
        Refused: there are too many.
    """
    kind, most = format_of(data[:LONGEST_MARK]), limits.pixels
    if kind is None or why_not_read(kind):
        return 0
    try:
        with opened(kind, BytesIO(data)) as image:
            width, height = image.size
    except Image.DecompressionBombError:
        has = "more pixels than any picture"
    except (
        Exception
    ):  # hostile bytes make Pillow raise nearly anything; decoding says what is wrong
        return 0
    else:
        has = f"{width}x{height} pixels"
        if width * height <= most:
            return width * height
    raise Refused(
        413, f'"{excerpt(name)}" has {has}, and {most / 1e6:g} million may be: make it smaller'
    )


def _not_a_picture(name: str, told: str) -> Refused:
    is_other = told in ("not an image", "empty file") or "convert it" in told
    return Refused(
        415 if is_other else 422,
        f'"{excerpt(name)}" cannot be read as a picture: {told}. Send a JPEG, PNG, WebP, GIF, BMP, '
        "TIFF or AVIF file, as it is",
    )
