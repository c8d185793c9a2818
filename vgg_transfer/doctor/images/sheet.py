"""A contact sheet: pictures beside each other with words below, to be looked at."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from vgg_transfer.images.decode import Undecodable, decode
from vgg_transfer.words import printable
from vgg_transfer.writing import whole_file

_SIDE, _GAP, _LINE = 168, 8, 15  # pixels
_PAPER, _INK, _EMPTY = (255, 255, 255), (40, 40, 40), (225, 225, 225)
_FONT_SIZE = 12


def draw_contact_sheet(
    pictures: Sequence[tuple[Path, Sequence[str]]], file: Path, columns: int = 6
) -> Path:
    """Write a sheet of pictures as PNG and return its path.

    Args:
        pictures: the file of each, and the lines below it; a gray square stands for what cannot be
            read.
        file: where it is written; a file of that name is replaced.
        columns: how many stand in a row. [default: 6]
    """
    lines = max((len(words) for _, words in pictures), default=0)
    across, down = _SIDE + _GAP, _SIDE + lines * _LINE + _GAP
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (_GAP + columns * across, _GAP + rows * down), _PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(_FONT_SIZE)
    for place, (path, words) in enumerate(pictures):
        left = _GAP + place % columns * across
        top = _GAP + place // columns * down
        picture = _small(path)
        shift = ((_SIDE - picture.width) // 2, (_SIDE - picture.height) // 2)
        sheet.paste(picture, (left + shift[0], top + shift[1]))
        for number, text in enumerate(words):
            below = (left, top + _SIDE + number * _LINE)
            pen.text(below, _fitted(printable(text), font), fill=_INK, font=font)
    with whole_file(file) as unfinished:
        sheet.save(unfinished, "PNG")
    return file


def _small(path: Path) -> Image.Image:
    try:
        picture = Image.fromarray(decode(path, _SIDE))
    except Undecodable:
        return Image.new("RGB", (_SIDE, _SIDE), _EMPTY)
    return ImageOps.contain(picture, (_SIDE, _SIDE))


def _fitted(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """Return the text, without its end where it is wider than a picture."""
    if font.getlength(text) <= _SIDE:
        return text
    while text and font.getlength(f"{text}…") > _SIDE:
        text = text[:-1]
    return f"{text}…"
