"""What happens to a training image before the network sees it, as numbers; and sets with names."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from vgg_transfer.errors import RecipeError, did_you_mean
from vgg_transfer.recipe.values import Amount, Share, Value, Whole


class Augmentation(Value):
    """Random changes to each training image; every default means "leave it alone".

    Positions and shapes (``shift``, ``shear``, ``zoom``) are shares of the image, ``rotation`` is
    in degrees, ``crop_padding`` in pixels. Colour changes are shares of the full range;
    ``grayscale`` is the share of images that lose their colour, ``erasing`` of those that lose a
    patch. ``blur`` is the largest sigma of a Gaussian, in pixels of the network's size; every image
    draws its own. ``rand_augment`` is the strength of as many operations as
    ``rand_augment_operations`` says; every image draws its own from shear, shift, rotation,
    brightness, contrast, saturation, sharpness, fewer colour levels, stretched contrast and
    equalised histogram (the last two have no strength). ``mixup`` and ``cutmix`` are the alpha of
    the distribution of the share in which two images are mixed (0: never).

    Where a recipe takes an augmentation, the name of a set is as good: ``"strong"``.
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

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, value: Any) -> Any:
        """Read the name of a set as its numbers."""
        if not isinstance(value, str):
            return value
        try:
            return named_augmentation(value).model_dump()
        except RecipeError as error:
            raise ValueError(str(error)) from None

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
        return self.model_copy(update=without)

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


def none() -> Augmentation:
    """Every image as it is: for images that must not change, and to see what others are worth."""
    return Augmentation()


def light() -> Augmentation:
    """Mirrored, and small changes of light: for many images, or where detail decides.

    Nothing is turned or scaled, so no image gets softer, and it costs next to nothing.
    """
    return Augmentation(flip="horizontal", brightness=0.1, contrast=0.1)


def standard() -> Augmentation:
    """Mirrored, and small changes of place, angle, size and light: the default for photographs."""
    return Augmentation(
        flip="horizontal", rotation=10.0, shift=0.05, zoom=0.1, brightness=0.1, contrast=0.1
    )


def strong() -> Augmentation:
    """Large changes of many kinds: for few images, many epochs and several blocks that train.

    A head on a frozen base gains little from it. ``mixup`` may be added; it is left out because it
    cannot be combined with class weights.
    """
    return Augmentation(flip="horizontal", zoom=0.2, rand_augment=0.5, grayscale=0.1, erasing=0.25)


def cifar() -> Augmentation:
    """Cropped at random from 4 more black pixels on every side, and mirrored: for 32 to 64 pixels.

    What most published results on CIFAR-10 and CIFAR-100 use.
    """
    return Augmentation(crop_padding=4, flip="horizontal")


def generator_photos() -> Augmentation:
    """The ImageDataGenerator setting of the texts on photographs: rotation 20, all else 0.2.

    ImageDataGenerator reads ``shear_range=0.2`` as 0.2 degrees, which is nothing; here it is the
    share that the numbers beside it suggest.
    """
    return Augmentation(
        rotation=20.0, shift=0.2, shear=0.2, zoom=0.2, flip="horizontal", fill="nearest"
    )


def generator_cifar() -> Augmentation:
    """The ImageDataGenerator setting of the text on CIFAR-100: rotation 15, shifts 0.1, else 0.2.

    Shear is read as in ``generator-photos``.
    """
    return Augmentation(
        rotation=15.0, shift=0.1, shear=0.2, zoom=0.2, flip="horizontal", fill="nearest"
    )


_SETS: dict[str, Callable[[], Augmentation]] = {
    builder.__name__.replace("_", "-"): builder
    for builder in (none, light, standard, strong, cifar, generator_photos, generator_cifar)
}


def augmentation_names() -> tuple[str, ...]:
    """Return the names of all sets, from none to the texts' own."""
    return tuple(_SETS)


def named_augmentation(name: str) -> Augmentation:
    """Return the set of that name."""
    return _builder(name)()


def augmentation_purpose(name: str) -> str:
    """Return in one sentence what a set does, and what it is for."""
    return (_builder(name).__doc__ or "").splitlines()[0]


def _builder(name: str) -> Callable[[], Augmentation]:
    if name not in _SETS:
        raise RecipeError(
            f'no augmentation is called "{name}".{did_you_mean(name, _SETS)} '
            "See them all with: vgg-transfer recipes --augmentations"
        )
    return _SETS[name]
