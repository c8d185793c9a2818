"""What happens to a training image before the network sees it, as numbers."""

from typing import Annotated, Literal

from pydantic import Field

from vgg_transfer.recipe.values import Amount, Share, Value, Whole


class Augmentation(Value):
    """Random changes to each training image; every default means "leave it alone".

    Positions and shapes (``shift``, ``shear``, ``zoom``) are shares of the image, ``rotation`` is
    in degrees, ``crop_padding`` in pixels. Colour changes are shares of the full range,
    ``erasing`` is the share of images that lose a patch. ``mixup`` and ``cutmix`` are the
    alpha of the distribution of the share in which two images are mixed (0: never).
    """

    flip: Literal["none", "horizontal", "both"] = "none"
    rotation: Annotated[float, Field(ge=0, le=180, strict=True)] = 0.0
    shift: Share = 0.0
    shear: Share = 0.0
    zoom: Share = 0.0
    fill: Literal["nearest", "reflect", "black"] = "nearest"
    crop_padding: Whole = 0
    brightness: Share = 0.0
    contrast: Share = 0.0
    saturation: Share = 0.0
    hue: Annotated[float, Field(ge=0, le=0.5, strict=True)] = 0.0
    erasing: Share = 0.0
    mixup: Amount = 0.0
    cutmix: Share = 0.0

    @property
    def changes_nothing(self) -> bool:
        """True where every image stays as it is; mixing two images is another matter."""
        return self.of_one_image == Augmentation()

    @property
    def of_one_image(self) -> "Augmentation":
        """The part that changes single images; two equal ones render equal views."""
        alone = self.model_copy(update={"mixup": 0.0, "cutmix": 0.0})
        fill = (
            {"fill": "nearest"}
            if not (self.rotation or self.shift or self.shear or self.zoom)
            else {}
        )
        return alone.model_copy(update=fill)


def none() -> Augmentation:
    """Return the augmentation that changes nothing."""
    return Augmentation()


def standard() -> Augmentation:
    """Return the default: flips and small changes of place, angle, size and light."""
    return Augmentation(
        flip="horizontal", rotation=10.0, shift=0.05, zoom=0.1, brightness=0.1, contrast=0.1
    )
