"""What happens to a training image before the network sees it, as numbers."""

from typing import Annotated, Literal

from pydantic import Field

from vgg_transfer.recipe.values import Amount, Share, Value, Whole


class Augmentation(Value):
    """Random changes to each training image; every default means "leave it alone".

    Where a recipe takes an augmentation, the name of a set is as good: ``"strong"``.

    Args:
        flip: ``"none"``, ``"horizontal"`` or ``"both"`` (upside down as well).
        rotation: largest angle in degrees, either way.
        shift: largest move, as a share of the image.
        shear: largest shear, as a share of the image.
        zoom: largest change of size, as a share of the image.
        fill: what borders are filled with: ``"nearest"``, ``"reflect"`` or ``"black"``.
        crop_padding: black pixels added on every side before a random crop.
        rand_augment: strength, from 0 to 1, of operations that every image draws for itself: shear,
            shift, rotation, brightness, contrast, saturation, sharpness, fewer colour levels,
            stretched contrast and equalised histogram (the last two have no strength).
        rand_augment_operations: how many of them an image draws.
        brightness: largest change, as a share of the full range; so are contrast, saturation, hue.
        contrast: see ``brightness``.
        saturation: see ``brightness``.
        hue: see ``brightness``; at most half the circle, 0.5.
        grayscale: share of images that lose their colour.
        blur: largest sigma of a Gaussian in pixels of the network's size; every image draws its
            own.
        erasing: share of images that lose a patch.
        mixup: alpha of the distribution of the share in which two images are mixed (0: never).
        cutmix: the same, for a patch of one image in the other.
    """

    flip: Literal["none", "horizontal", "both"] = "none"
    rotation: Annotated[float, Field(ge=0, le=180, strict=True)] = 0.0
    shift: Share = 0.0
    shear: Share = 0.0
    zoom: Share = 0.0
    fill: Literal["nearest", "reflect", "black"] = "nearest"
    crop_padding: Whole = 0
    rand_augment: Share = 0.0
    rand_augment_operations: Annotated[int, Field(ge=1, le=10, strict=True)] = 2
    brightness: Share = 0.0
    contrast: Share = 0.0
    saturation: Share = 0.0
    hue: Annotated[float, Field(ge=0, le=0.5, strict=True)] = 0.0
    grayscale: Share = 0.0
    blur: Annotated[float, Field(ge=0, le=10, strict=True)] = 0.0
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
        without: dict[str, object] = {"mixup": 0.0, "cutmix": 0.0}
        if not self.rand_augment:
            without["rand_augment_operations"] = _default("rand_augment_operations")
        if not self._leaves_borders:
            without["fill"] = _default("fill")
        return self.changed(**without)

    @property
    def in_words(self) -> tuple[str, ...]:
        """What it does, as a person would say it, one phrase for each thing."""
        flips = {"none": "", "horizontal": "mirrored", "both": "mirrored and upside down"}
        operations = self.rand_augment_operations
        said = (
            (self.flip != "none", flips[self.flip]),
            (self.crop_padding, f"cropped from {self.crop_padding} more pixels on every side"),
            (self.rotation, f"rotation ±{self.rotation:g}°"),
            (self.shift, f"shift ±{100 * self.shift:.4g}%"),
            (self.shear, f"shear ±{100 * self.shear:.4g}%"),
            (self.zoom, f"zoom ±{100 * self.zoom:.4g}%"),
            (
                self.rand_augment,
                f"{operations} random operation{'s' * (operations > 1)} at strength "
                f"{self.rand_augment:.4g}",
            ),
            (self._leaves_borders, f"borders: {self.fill}"),
            (self.brightness, f"brightness ±{100 * self.brightness:.4g}%"),
            (self.contrast, f"contrast ±{100 * self.contrast:.4g}%"),
            (self.saturation, f"saturation ±{100 * self.saturation:.4g}%"),
            (self.hue, f"hue ±{360 * self.hue:.4g}°"),
            (self.grayscale, f"{100 * self.grayscale:.4g}% in grey"),
            (self.blur, f"blur up to {self.blur:.4g} pixels"),
            (self.erasing, f"a patch erased from {100 * self.erasing:.4g}%"),
            (self.mixup, f"mixup {self.mixup:.4g}"),
            (self.cutmix, f"cutmix {self.cutmix:.4g}"),
        )
        return tuple(phrase for wanted, phrase in said if wanted) or ("nothing is changed",)

    @property
    def _leaves_borders(self) -> bool:
        """True where a change of place leaves parts of the image to be filled."""
        return any((self.rotation, self.shift, self.shear, self.zoom, self.rand_augment))


def _default(field: str) -> object:
    return Augmentation.model_fields[field].default
