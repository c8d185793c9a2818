"""Test-time augmentation: an image is judged in several renderings, and the answers averaged."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.errors import RecipeError, did_you_mean
from vgg_transfer.recipe import Recipe

Averaging = Literal["flip"] | int
_MOST_VIEWS = 64


def read_averaging(text: str) -> Averaging:
    """Read test-time augmentation as a person types it.

    Args:
        text: ``flip``, or a number of views from 1 to 64.
    """
    if text == "flip":
        return "flip"
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_VIEWS:
        return int(text)
    raise RecipeError(
        f'test-time augmentation is "flip" (the image and its mirror image) or a number of views '
        f'from 1 to {_MOST_VIEWS}; received "{text}".{did_you_mean(text, ["flip"])}'
    )


def checked(averaging: Averaging | None, recipe: Recipe) -> Averaging | None:
    """Return what is meant; refuse views of a recipe that has nothing to render them with."""
    if averaging is None:
        return None
    meant = read_averaging(str(averaging))
    if meant != "flip" and recipe.augmentation.changes_nothing:
        raise RecipeError(
            f"{averaging} augmented views were asked for, but the run's recipe changes no image: "
            'average over the mirror image with "flip", or leave test-time augmentation out'
        )
    return meant


def renderings_of(averaging: Averaging | None) -> int:
    """Return how many renderings of an image are judged, itself included."""
    if averaging is None:
        return 1
    return 2 if averaging == "flip" else averaging + 1


def averaged(
    ask: Callable[[Any], NDArray[np.float32]],
    batches: Iterable[tuple[Any, Any]],
    renderings: int,
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield (number of the image, mean class probabilities) once all its renderings are judged.

    Args:
        ask: gives the class probabilities of a batch of pixels, one row per rendering.
        batches: (numbers of the images, their pixels).
        renderings: how many there are of each image.
    """
    waiting: dict[int, list[NDArray[np.float32]]] = defaultdict(list)
    for numbers, pixels in batches:
        for number, row in zip(np.asarray(numbers).tolist(), ask(pixels), strict=True):
            waiting[number].append(row)
            if len(waiting[number]) == renderings:
                yield number, np.mean(waiting.pop(number), axis=0)
