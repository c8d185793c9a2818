"""A shade is clear where the heat is, and dark where none is."""

import base64
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.explanations.shades import spotlight


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_a_shade_is_clear_where_the_heat_is(kind):
    values = np.zeros((100, 200), np.float32)
    values[:, 100:] = 1.0
    head, _, data = spotlight(values, kind).partition(",")
    shade = Image.open(BytesIO(base64.b64decode(data)))
    assert (head, shade.format) == (f"data:image/{kind.lower()};base64", kind)
    assert shade.mode == "RGBA"
    assert shade.width == 2 * shade.height
    assert shade.getpixel((shade.width - 2, 5))[3] == 0
    assert shade.getpixel((2, 5))[3] > 150
