"""Heat as a shade to be laid over a picture: what spoke for the class stays bright."""

import base64
from io import BytesIO
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIDE = 40  # pixels: heat is coarse, and whoever shows it makes it large again
_DARKEST = 0.66  # where no heat is


def spotlight(values: NDArray[np.floating], kind: Literal["WEBP", "PNG"] = "WEBP") -> str:
    """Return a shade that leaves free what has heat, to be laid over a picture, as a data URI.

    Light against dark is seen with any eyes, and the picture's own colours stay.

    Args:
        values: the heat from 0 to 1, of shape (height, width), over the whole picture.
        kind: of file. [default: WebP]
    """
    darkness = (255 * _DARKEST * (1 - np.clip(values, 0, 1))).astype(np.uint8)
    shade = Image.fromarray(darkness)
    shade.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    picture = Image.new("RGBA", shade.size)
    picture.putalpha(shade)
    file = BytesIO()
    picture.save(file, kind, quality=55)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(file.getvalue()).decode()}"
