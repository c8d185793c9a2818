"""How a model may have been given its pixels: what people do, right or wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from vgg_transfer.adoption.stored import Floats
from vgg_transfer.errors import AdoptionError
from vgg_transfer.images.squares import Resize
from vgg_transfer.run import Channels

if TYPE_CHECKING:
    from vgg_transfer.adoption.recognising import Recognised

Order = Literal["RGB", "BGR"]
Scaling = Literal["0..255", "/255", "-1..1", "imagenet", "torch"]
_Three = tuple[float, float, float]

_MEANS: _Three = (103.939, 116.779, 123.68)
# Whether it exchanges red and blue; the mean, and the divisor, of each channel as it then is.
_DOES: Mapping[Scaling, tuple[bool, _Three, _Three]] = {
    "0..255": (False, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "/255": (False, (0.0, 0.0, 0.0), (255.0, 255.0, 255.0)),
    "-1..1": (False, (127.5, 127.5, 127.5), (127.5, 127.5, 127.5)),
    "imagenet": (True, _MEANS, (1.0, 1.0, 1.0)),
    "torch": (False, (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),
}


@dataclass(frozen=True)
class Input:
    """One way to give pixels to a model.

    Args:
        order: of the colours as pictures were read: ``BGR`` is OpenCV's.
        scaling: ``0..255``, ``/255``, ``-1..1``, ``imagenet`` (``preprocess_input`` of Keras: the
            colours are turned round, and means taken away) or ``torch`` (the mean and deviation of
            torchvision).
        resize: how pictures became squares.
    """

    order: Order
    scaling: Scaling
    resize: Resize

    def __str__(self) -> str:
        return f"{self.order}, {self.scaling}, {self.resize}"


@dataclass(frozen=True)
class Pixels:
    """What becomes of RGB pixels 0..255 before the first convolution.

    Red and blue are exchanged where ``flips``; then each channel is multiplied by ``scale``, and
    ``offset`` is added.
    """

    flips: bool
    scale: Floats
    offset: Floats

    def of(self, squares: Floats) -> Floats:
        """Return squares of RGB pixels as the first convolution receives them."""
        turned = squares[..., ::-1] if self.flips else squares
        return np.asarray(turned * self.scale + self.offset, np.float32)

    def as_recorded(self) -> tuple[Literal["imagenet", "rescale", "standardize"], Channels | None]:
        """Return the recipe's ``preprocess`` that does this, and its channels, in the order RGB.

        With ``standardize`` and ``flips``, the first kernel has to be turned round as well.
        """
        if self.flips and _near(self.scale, 1.0) and _near(self.offset, -np.array(_MEANS)):
            return "imagenet", None
        if not self.flips and _near(self.scale * 255, 1.0) and _near(self.offset, 0.0):
            return "rescale", None
        if not (self.scale > 0).all():
            raise AdoptionError(
                f"it multiplies colours by {self.scale.tolist()}, and a recipe by numbers above 0: "
                "take that layer out of the model, then save and adopt it again"
            )
        mean, deviation = -self.offset / self.scale, 1 / self.scale
        turned = slice(None, None, -1 if self.flips else 1)
        return "standardize", Channels(
            tuple((mean[turned] + 0.0).tolist()), tuple(deviation[turned].tolist())
        )


def pixels_of(given: Input, network: "Recognised") -> Pixels:
    """Return what becomes of pixels: what was done before the model, and what it does itself."""
    flips, means, divisors = _DOES[given.scaling]
    scale = 1 / np.array(divisors, np.float32)
    offset = -np.array(means, np.float32) * scale
    if network.flips:
        scale, offset = scale[::-1], offset[::-1]
    return Pixels(
        flips=(given.order == "BGR") ^ flips ^ network.flips,
        scale=np.asarray(scale * network.scale, np.float32),
        offset=np.asarray(offset * network.scale + network.offset, np.float32),
    )


def possible(order: str | None, scaling: str | None, resize: str | None) -> tuple[Input, ...]:
    """Return every way that is to be tried; what is given is not varied.

    Raises:
        AdoptionError: what is given is unknown.
    """
    wanted = {"order": (order, Order), "scaling": (scaling, Scaling), "resize": (resize, Resize)}
    ways: list[tuple[Any, ...]] = []
    for name, (given, kind) in wanted.items():
        known = get_args(kind)
        if given is not None and given not in known:
            raise AdoptionError(f"{name} is one of {', '.join(known)}; received {given!r}")
        ways.append(known if given is None else (given,))
    return tuple(Input(*one) for one in product(*ways))


def _near(values: Any, expected: Any) -> bool:
    return bool(np.allclose(values, expected, rtol=1e-5, atol=1e-5))
