"""Test-time augmentation: an image is judged in several renderings, and the answers averaged."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from vgg_transfer.errors import RecipeError, did_you_mean

# "none": the image as it is; "flip": its mirror image too; or so many augmented views beside it.
Averaging = Literal["none", "flip"] | int
_WORDS: tuple[Literal["none", "flip"], ...] = ("none", "flip")
_MOST_VIEWS = 64


def read_averaging(text: str) -> Averaging:
    """Read test-time augmentation as a person types it.

    Args:
        text: ``none``, ``flip``, or a number of views from 1 to 64.
    """
    for word in _WORDS:
        if text == word:
            return word
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_VIEWS:
        return int(text)
    raise RecipeError(
        f'test-time augmentation is "none", "flip" (the image and its mirror image) or a number of '
        f'views from 1 to {_MOST_VIEWS}; received "{text}".{did_you_mean(text, _WORDS)}'
    )


def renderings_of(averaging: Averaging) -> int:
    """Return how many renderings of an image are judged, itself included."""
    if isinstance(averaging, int):
        return averaging + 1
    return 2 if averaging == "flip" else 1


def averaging_in_words(averaging: Averaging) -> str:
    """Return what is averaged over, to be put behind what is judged; empty for nothing."""
    if isinstance(averaging, int):
        return f", averaged over {averaging} augmented view{'s' * (averaging > 1)} too"
    return ", averaged over their mirror images too" if averaging == "flip" else ""


def _read(value: object) -> object:
    """Check it in a recipe, where a number is a number."""
    if value in _WORDS:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_VIEWS:
        return value
    raise ValueError(
        f'"none", "flip" or a number from 1 to {_MOST_VIEWS} is needed; received {value!r}'
    )


# It as a setting of a recipe.
AveragingSetting = Annotated[Averaging, BeforeValidator(_read)]
