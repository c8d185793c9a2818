"""Whether heatmaps are true: what is hot must matter more to the answer than what is not.

Cells of the picture are blurred one after another, the hottest first (deletion), or a blurred
picture gets them back (insertion), and the model says each time how likely the class still is
(Petsiuk et al., 2018). The same cells in a random order are what has to be beaten.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vgg_transfer.errors import ImageSetError
from vgg_transfer.evaluation.intervals import mean_interval
from vgg_transfer.events import ImagesCounted, Listener, nobody
from vgg_transfer.explanations.lens import Floats, Lens, lens_of, squares_of
from vgg_transfer.explanations.values import Faithfulness, fall
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import given
from vgg_transfer.run import Run
from vgg_transfer.run.values import Pictures

STEPS = 10
_BLURRED = 6  # a picture of so many pixels a side, made large again: nothing can be told in it


def faithfulness(
    run: Run,
    pictures: Pictures,
    block: str | None = None,
    seed: int = 0,
    listen: Listener = nobody,
) -> Faithfulness:
    """Measure whether the heatmaps of a run's model show what its answers hang on.

    Each picture goes through the model 40 times.

    Args:
        run: whose model is looked into.
        pictures: as ``predict`` takes them; files that cannot be read are left out.
        block: at whose last convolution. [default: the last block]
        seed: of the random orders. [default: 0]
        listen: hears ``ImagesCounted``. [default: nobody]

    Raises:
        ImageSetError: a path does not exist, or nothing among the pictures can be read.
        RecipeError: the model has no such block.
        RunError: the model is missing or damaged.
    """
    lens, each = lens_of(run, block), given(pictures)
    curves = []
    for number, picture in enumerate(each):
        (read,) = squares_of(lens, [picture])
        if not isinstance(read, Undecodable):
            rng = np.random.default_rng([seed, number])
            curves.append(_curves(lens, read[0], rng))
        listen(ImagesCounted(number + 1, len(each)))
    if not curves:
        raise ImageSetError("none of the files is an image, so that no heatmap can be tried")
    return summary(np.stack(curves))


def summary(curves: NDArray[np.floating]) -> Faithfulness:
    """Return what the curves of some pictures say.

    Args:
        curves: (picture, which, step): the probability of the answer; deletion, deletion at random,
            insertion, insertion at random; from nothing to all in even steps.
    """
    deletion, deletion_at_random, insertion, insertion_at_random = curves.mean(axis=0).tolist()
    areas = curves[:, :, 1:-1].mean(axis=2)
    lost, at_random = fall(deletion), fall(deletion_at_random)
    return Faithfulness(
        images=len(curves),
        shares=tuple(np.linspace(0, 1, curves.shape[2]).tolist()),
        deletion=tuple(deletion),
        deletion_at_random=tuple(deletion_at_random),
        insertion=tuple(insertion),
        insertion_at_random=tuple(insertion_at_random),
        deleting=mean_interval((areas[:, 1] - areas[:, 0]).tolist()),
        inserting=mean_interval((areas[:, 2] - areas[:, 3]).tolist()),
        times=lost / at_random if at_random > 0 else None,
    )


def _curves(lens: Lens, square: Floats, rng: np.random.Generator) -> Floats:
    """Return the four curves of one picture."""
    maps, shares = lens.look(square[np.newaxis], None)
    heat, label = maps[0], int(shares[0].argmax())
    blurred = _blurred(square)
    by_heat = np.lexsort((rng.random(heat.size), -heat.ravel()))  # what is equal by chance
    at_random = rng.permutation(heat.size)
    curves = []
    for sharp, veiled in ((square, blurred), (blurred, square)):
        for order in (by_heat, at_random):
            steps = [
                np.where(_first(order, step / STEPS, heat.shape, len(square)), veiled, sharp)
                for step in range(STEPS + 1)
            ]
            curves.append(lens.probabilities(np.stack(steps))[:, label])
    return np.stack(curves)


def _first(
    order: NDArray[np.integer], share: float, grid: tuple[int, ...], side: int
) -> NDArray[np.bool_]:
    """Return where the first cells of an order lie in a square of pixels."""
    chosen = np.zeros(order.size, bool)
    chosen[order[: round(share * order.size)]] = True
    rows, columns = (np.arange(side) * cells // side for cells in grid)
    return chosen.reshape(grid)[np.ix_(rows, columns)][..., np.newaxis]


def _blurred(square: Floats) -> Floats:
    picture = Image.fromarray(np.clip(square, 0, 255).astype(np.uint8))
    small = picture.resize((_BLURRED, _BLURRED), Image.Resampling.BOX)
    return np.asarray(small.resize(picture.size, Image.Resampling.BICUBIC), np.float32)
