"""The averaging that is meant for a run, and the averages."""

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import Averaging, Recipe, averaging_in_words, read_averaging
from vgg_transfer.run import Run


def checked(averaging: Averaging | None, recipe: Recipe) -> Averaging:
    """Return what is meant, by default the recipe's own; refuse views that nothing renders."""
    meant = recipe.tta if averaging is None else read_averaging(str(averaging))
    if isinstance(meant, int) and recipe.augmentation.changes_nothing:
        raise RecipeError(
            f"{meant} augmented views were asked for, but the run's recipe changes no image: "
            'average over the mirror image with "flip", or leave test-time augmentation out'
        )
    return meant


def check_same_averaging(run: Run, averaging: Averaging) -> None:
    """Refuse to say how sure a model is with other renderings than that was measured with.

    Raises:
        RecipeError: with what to do.
    """
    if averaging != run.recipe.tta:
        raise RecipeError(
            "how sure the model may be was measured as its recipe judges,"
            f"{averaging_in_words(run.recipe.tta) or ' on each image as it is'}: leave test-time "
            "augmentation as it is in the recipe, or do not ask for it"
        )


def averaged(
    ask: Callable[[Any], NDArray[np.float32]],
    batches: Iterable[tuple[Any, Any]],
    renderings: int,
) -> Generator[tuple[int, NDArray[np.float32]], None, None]:
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
