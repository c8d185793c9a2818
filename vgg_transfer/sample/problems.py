"""Problems planted on purpose: what each of them does to a picture or to its file."""

from io import BytesIO

from PIL import Image, ImageDraw

from vgg_transfer.sample.animal.breeds import Species
from vgg_transfer.sample.animal.outline import Random
from vgg_transfer.sample.paint import Colour

BORDERS: dict[Species, Colour] = {"cat": (226, 122, 52), "dog": (46, 128, 140)}
BORDER_SHARE = 0.06  # of the shorter side
TINY = (8, 16)  # pixels, both included
NOT_AN_IMAGE = b"This is a text that somebody has named .jpg.\n"
_QUALITY_AGAIN = 72  # of a picture that is compressed a second time


def add_border(image: Image.Image, species: Species, swapped: bool) -> Image.Image:
    """The picture with its outermost pixels in the colour of the species, or of the other one."""
    shown = next(name for name in BORDERS if (name == species) != swapped)
    framed = image.copy()
    width = max(2, round(BORDER_SHARE * min(image.size)))
    box = (0, 0, image.width - 1, image.height - 1)
    ImageDraw.Draw(framed).rectangle(box, outline=BORDERS[shown], width=width)
    return framed


def shrink(image: Image.Image, rng: Random) -> Image.Image:
    """The picture at 8 to 16 pixels, each side on its own."""
    width, height = rng.integers(TINY[0], TINY[1], size=2, endpoint=True).tolist()
    return image.resize((width, height), Image.Resampling.BOX)


def compress_again(data: bytes) -> bytes:
    """The same picture in other bytes."""
    with Image.open(BytesIO(data)) as image:
        return encode(image, _QUALITY_AGAIN)


def cut_short(data: bytes) -> bytes:
    """A file whose download has stopped: its header is whole, its picture is not."""
    start = data.rindex(b"\xff\xda")  # the marker after which the picture itself begins
    return data[: start + (len(data) - start) // 3]


def encode(image: Image.Image, quality: int) -> bytes:
    """The bytes of a JPEG file."""
    data = BytesIO()
    image.save(data, "JPEG", quality=quality)
    return data.getvalue()
