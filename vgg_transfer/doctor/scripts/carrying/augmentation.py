"""Random changes of a script as those of a recipe."""

from typing import Any

from vgg_transfer.doctor.scripts.story.layers import Made
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.doctor.scripts.values.batches import Batches, Generator
from vgg_transfer.doctor.scripts.values.kinds import AUGMENTING
from vgg_transfer.doctor.scripts.values.networks import Layer, Model
from vgg_transfer.doctor.scripts.values.numbers import number
from vgg_transfer.recipe import Augmentation

_FILLS = {"nearest": "nearest", "reflect": "reflect", "constant": "black", "wrap": "reflect"}


def augmentation_of(story: Story, model: Model, data: Any, left_out: list[str]) -> Augmentation:
    """Return the random changes of a training; what no recipe does is added to ``left_out``."""
    settings: dict[str, Any] = {}
    if isinstance(data, Batches) and data.maker:
        made = (one.what for one in story.all(Made) if isinstance(one.what, Generator))
        generator = next((one for one in made if one.line == data.maker), None)
        if generator is not None:
            settings |= _of_generator(generator, left_out)
    for layer in model.before:
        if layer.kind in AUGMENTING:
            settings |= _of_layer(layer, left_out)
    if isinstance(data, Batches) and data.pictures.augmented and not settings:
        left_out.append(f"the random changes of line {data.pictures.augmented}")
    return Augmentation(**settings)


def augmentation_of_generator(generator: Generator, left_out: list[str]) -> Augmentation:
    """Return the random changes of an ImageDataGenerator."""
    return Augmentation(**_of_generator(generator, left_out))


def _of_generator(generator: Generator, left_out: list[str]) -> dict[str, Any]:
    given, found = generator.settings, dict[str, Any]()
    for ours, theirs in (
        ("rotation", ("rotation_range",)),
        ("shift", ("width_shift_range", "height_shift_range")),
        ("zoom", ("zoom_range",)),
        ("shear", ("shear_range",)),
    ):
        amounts = [_amount(given[name]) for name in theirs if name in given]
        amount = max((one for one in amounts if one is not None), default=None)
        if amount and (ours == "rotation" or amount <= 1):
            found[ours] = float(amount)
        elif amount or None in amounts:
            left_out.append(f"{theirs[0]} of line {generator.lines.get(theirs[0], generator.line)}")
    if given.get("shear_range"):
        line = generator.lines.get("shear_range", generator.line)
        left_out.append(
            f"shear_range of line {line} is in degrees for ImageDataGenerator: here it is a share "
            "of the image, as the numbers beside it are"
        )
    flips = (given.get("horizontal_flip") is True, given.get("vertical_flip") is True)
    if flips[1]:
        left_out += [] if flips[0] else ["a vertical flip alone: a recipe mirrors both ways then"]
        found["flip"] = "both"
    elif flips[0]:
        found["flip"] = "horizontal"
    light = given.get("brightness_range")
    if (
        isinstance(light, list | tuple)
        and len(light) == 2
        and all(number(one) is not None for one in light)
    ):
        found["brightness"] = min(1.0, max(abs(one - 1) for one in light))
    if given.get("channel_shift_range"):
        line = generator.lines.get("channel_shift_range", generator.line)
        left_out.append(f"channel_shift_range of line {line}")
    fill = _FILLS.get(given.get("fill_mode", "nearest"), "nearest")
    if fill != "nearest" and {"rotation", "shift", "zoom", "shear"} & found.keys():
        found["fill"] = fill
    return found


def _amount(value: Any) -> float | None:
    if isinstance(value, list | tuple) and len(value) == 2:
        values = [number(one) for one in value]
        if None not in values:
            return max(abs((one or 0) - 1) for one in values)
    return number(value)


def _of_layer(layer: Layer, left_out: list[str]) -> dict[str, Any]:
    settings = layer.settings
    first = number(settings.get("factor", settings.get("height_factor")))
    kind = layer.kind
    if kind == "RandomFlip":
        mode = settings.get("mode", "horizontal_and_vertical")
        return {"flip": "horizontal" if mode == "horizontal" else "both"}
    ours = {
        "RandomRotation": "rotation",
        "RandomZoom": "zoom",
        "RandomTranslation": "shift",
        "RandomContrast": "contrast",
        "RandomBrightness": "brightness",
    }.get(kind)
    if ours is None or first is None or not 0 <= first <= 1:
        left_out.append(f"{kind} of line {layer.line}")
        return {}
    return {ours: min(180.0, 360 * first) if ours == "rotation" else float(first)}
