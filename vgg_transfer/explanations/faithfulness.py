"""Whether heatmaps are true: what is hot must matter more to the answer than what is not.

Cells of the picture are blurred one after another, the hottest first (deletion), or a blurred
picture gets them back (insertion), and the model says each time how likely the class still is
(Petsiuk et al., 2018). The same cells in a random order are what has to be beaten.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vgg_transfer.errors import ImageSetError
from vgg_transfer.evaluation import Interval
from vgg_transfer.evaluation.intervals import mean_interval
from vgg_transfer.events import ImagesCounted, Listener, nobody
from vgg_transfer.explanations.lens import Floats, Lens, lens_of, squares_of
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import given
from vgg_transfer.run import Run
from vgg_transfer.run.values import Pictures
from vgg_transfer.words import counted

STEPS = 10
_BLURRED = 6  # a picture of so many pixels a side, made large again: nothing can be told in it
_FEWEST = 5  # pictures that an interval is given for


@dataclass(frozen=True)
class Faithfulness:
    """What happens to the probability of the answer when the picture is taken apart.

    Args:
        images: how many pictures were taken apart.
        shares: how much of a picture is blurred in each step of the curves, from 0 to 1.
        deletion: the mean probability at each share, the hottest cells blurred first.
        deletion_at_random: the same, the cells blurred in a random order.
        insertion: the mean probability at each share of a picture that is not blurred, the hottest
            cells first.
        insertion_at_random: the same, in a random order.
        deleting: by how much more the probability falls than at random, mean over the shares.
        inserting: by how much more it rises than at random, mean over the shares.
        times: what deletion by heat takes from the probability, as a multiple of what it takes at
            random; None where that takes nothing.
    """

    images: int
    shares: tuple[float, ...]
    deletion: tuple[float, ...]
    deletion_at_random: tuple[float, ...]
    insertion: tuple[float, ...]
    insertion_at_random: tuple[float, ...]
    deleting: Interval
    inserting: Interval
    times: float | None

    @property
    def explains(self) -> bool:
        """Whether heat is better than chance: hot cells matter more, and that is no accident."""
        return self.images >= _FEWEST and self.deleting.low > 0

    @property
    def sentence(self) -> str:
        """What was found, for a person."""
        lost, at_random = _lost(self.deletion), _lost(self.deletion_at_random)
        measured = (
            f"on {counted(self.images, 'picture')}, blurring the hottest places first takes "
            f"{100 * lost:.1f} points from the probability of the answer, a random order "
            f"{100 * at_random:.1f} (difference {self.deleting})"
        )
        if self.images < _FEWEST:
            return f"{measured}: too few pictures to say whether heatmaps are to be trusted"
        if self.explains:
            return f"{measured}: what is hot matters"
        return f"{measured}: no better than chance, so heatmaps of this model explain nothing"


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
    lost, at_random = _lost(deletion), _lost(deletion_at_random)
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


def _lost(curve: Sequence[float]) -> float:
    """Return what a deletion takes from a probability, mean over the steps between its ends."""
    return curve[0] - float(np.mean(curve[1:-1]))


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
